//! Stories of the domain, on SQLite and on PostgreSQL. One binary, so that it is linked once.

#[macro_use]
mod support;
mod account_deletion;
mod activity;
mod administration;
mod devices;
mod email_change;
mod explanations;
mod families;
mod forged_tokens;
mod housekeeping;
mod imported_hashes;
mod key_algorithms;
mod key_revocation;
mod key_rotation;
mod leaked_passwords;
mod mails;
mod outbox;
mod password_change;
mod password_reset;
mod password_reset_limits;
mod personal_tokens;
mod personal_tokens_ended;
mod profile;
mod reauthentication;
mod recent_me;
mod revocation;
mod secure_account;
mod shared_commits;
mod sign_up;
mod staying_signed_in;
mod texts;
mod token_mutations;
mod token_properties;
mod token_refusals;
mod token_vectors;
