//! The whole program in process, on its real router. One binary, so that it is linked once.

mod account_pages;
mod account_story;
mod api_story;
mod bad_forms;
mod bad_input;
mod cross_site;
mod documents;
mod every_route;
mod headers;
mod kill;
mod mailed_links;
mod own_account_pages;
mod own_account_story;
mod password_story;
mod profile_story;
mod samples;
mod support;
mod user_import;
