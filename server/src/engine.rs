//! The engine as the settings want it: for the server, and for commands that work on accounts.

use auth::Auth;
use auth::clock::SystemClock;
use auth::limit::LimitSettings;
use auth::random::SystemRandom;
use auth::store::Store;
use std::sync::Arc;

use crate::settings::{Mode, Settings};
use crate::{before_migration, master_key};

/// Opens the database, brings its tables up to date where that is wished, and opens the engine on it.
///
/// # Errors
/// When the database or the master key cannot be used. With a master key of something else no table is changed.
pub async fn open(settings: &Settings) -> anyhow::Result<Auth> {
    settings.prepare_folder()?;
    let database = settings.database();
    let ready = before_migration::make_ready(settings, &database).await?;
    let store = before_migration::open(&database, &ready).await?;
    ready.end().await;
    open_on(settings, store).await
}

/// Opens the engine on a database that is open already.
///
/// # Errors
/// When the master key cannot be used.
pub async fn open_on(settings: &Settings, store: Store) -> anyhow::Result<Auth> {
    let engine = auth::settings::Settings {
        public_url: settings.public_url.clone(),
        master_keys: master_key::load(settings)?,
        hash_cost: settings.hash_cost,
        hash_threads: settings.hash_threads,
        hash_queue: settings.hash_queue,
        breached_passwords: settings.breached_passwords.clone(),
        lifetimes: settings.lifetimes,
        keys: settings.keys.clone(),
        codes: settings.codes.clone(),
        factor_policy: settings.factor_policy,
        federation: settings.federation.clone(),
        domains: settings.domains.resolver(),
        webhooks: settings.webhooks.clone(),
        audit_retention_days: settings.audit_retention_days,
        limits: LimitSettings { on: settings.limits },
        anomalies: settings.anomalies.clone(),
    };
    let auth = Auth::open(engine, store, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    if settings.mode == Mode::Development {
        auth.explain_to_everybody();
    }
    Ok(auth)
}
