//! Stories of the domain, on SQLite and on PostgreSQL. One binary, so that it is linked once.

#[macro_use]
mod support;
mod outbox;
mod session;
mod sign_up;
mod texts;
