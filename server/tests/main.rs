//! The whole program in process, on its real router. One binary, so that it is linked once.

mod account_pages;
mod account_story;
mod admin_pages;
mod admin_refused;
mod admin_story;
mod api_story;
mod bad_forms;
mod bad_input;
mod cross_site;
mod documents;
mod every_route;
mod explanations;
#[path = "../../auth/tests/forged_tokens/mod.rs"]
mod forged_tokens;
mod header_mutations;
mod headers;
mod health;
mod jwks;
mod key_rotation;
mod keys_command;
mod kill;
mod mailed_links;
mod own_account_pages;
mod own_account_story;
mod password_story;
mod personal_tokens_pages;
mod personal_tokens_story;
mod profile_story;
mod samples;
mod second_factor_owed;
mod step_up_story;
mod support;
mod token_kinds;
mod token_refusals;
mod user_import;
mod user_role;
