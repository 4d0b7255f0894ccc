//! Stories of the domain, on SQLite and on PostgreSQL. One binary, so that it is linked once.

#[macro_use]
mod support;
mod account_deletion;
mod activity;
mod devices;
mod email_change;
mod explanations;
mod housekeeping;
mod imported_hashes;
mod leaked_passwords;
mod mails;
mod outbox;
mod password_change;
mod password_reset;
mod password_reset_limits;
mod profile;
mod reauthentication;
mod secure_account;
mod sign_up;
mod staying_signed_in;
mod texts;
