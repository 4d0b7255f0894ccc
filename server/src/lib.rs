//! The server of Keywright: settings, layers, REST, and the pages of `app`. It decides nothing
//! about accounts: that is `auth`.

#![recursion_limit = "256"]

#[cfg(feature = "acme")]
pub mod acme;
pub mod api;
pub mod application;
pub mod audit_file;
pub mod avatar;
pub mod before_migration;
pub mod browser_reports;
pub mod command;
pub mod dev_inbox;
pub mod device;
pub mod doctor;
pub mod door;
pub mod engine;
pub mod export;
pub mod extract;
pub mod federation;
pub mod files;
pub mod health;
pub mod jwks;
pub mod layer;
pub mod master_key;
pub mod metrics;
pub mod problem;
pub mod process;
pub mod recovery_codes_file;
pub mod restoring;
pub mod router;
pub mod settings;
pub mod setup_notice;
mod shared_look;
pub mod site;
mod spreadsheet;
pub mod telemetry;
pub mod tls;
pub mod traces;
pub mod user_export;
pub mod vault;

pub use application::Application;
pub use settings::Settings;
