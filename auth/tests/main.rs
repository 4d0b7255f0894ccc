//! Stories of the domain, on SQLite and on PostgreSQL. One binary, so that it is linked once.

#[macro_use]
mod support;
mod activity;
mod devices;
mod housekeeping;
mod leaked_passwords;
mod outbox;
mod password_change;
mod password_reset;
mod password_reset_limits;
mod sign_up;
mod staying_signed_in;
mod texts;
