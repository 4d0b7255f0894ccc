//! `keywright seed --users N [--organizations M] [--audit-lines K] [--seed S] [--yes]`
//!
//! Data for load tests and for looking around. Never in production, and on a database of people only when asked twice.

use auth::flow;
use std::process::ExitCode;

use super::progress::Progress;
use crate::settings::Mode;
use crate::{Settings, engine};

mod options;
mod step;

pub use options::Options;

/// Makes the data and says how to sign in.
///
/// # Errors
/// When the settings are refused or the database fails.
pub async fn seed(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    if settings.mode == Mode::Production {
        eprintln!("keywright: seed is for development; every account it makes has a password that is public.");
        return Ok(ExitCode::FAILURE);
    }
    let auth = engine::open(&settings).await?;
    if !options.even_beside_people && flow::has_real_accounts(&auth).await? {
        auth.store().close().await;
        eprintln!("keywright: there are accounts of people in this database. --yes makes the data beside them.");
        return Ok(ExitCode::FAILURE);
    }
    let progress = Progress::begin();
    let outcome = flow::seed(&auth, options.plan, |at, done, all| progress.tell(step::name(at), done, all)).await;
    auth.store().close().await;
    progress.end();
    outcome?;
    let last = options.plan.users - 1;
    println!(
        "{} accounts, {} organizations and {} lines of the audit log are there.",
        options.plan.users, options.plan.organizations, options.plan.audit_lines
    );
    println!("Sign in as user0@example.com to user{last}@example.com with: {}", flow::SEED_PASSWORD);
    Ok(ExitCode::SUCCESS)
}
