//! How the engine is, for operators: its database, what waits, and what it knows of keys.

use std::time::Instant;

use super::list_keys::list_keys;
use super::permission::require_permission;
use crate::session::Caller;
use crate::view::{DatabaseHealth, EngineHealth, HashQueue, JobQueue, KeyState, KeysHealth};
use crate::{Auth, Permission, Result};

/// How the engine is at this moment.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it.
pub async fn show_health(auth: &Auth, caller: &Caller) -> Result<EngineHealth> {
    require_permission(auth, caller, Permission::ReadHealth).await?;
    let store = &auth.store;
    let started = Instant::now();
    store.ping().await?;
    let ping_us = i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX);
    let (migrations, migrations_known) = store.migrations().await?;
    let kind = if store.is_sqlite() { "SQLite" } else { "PostgreSQL" };
    let database = DatabaseHealth {
        kind: kind.to_owned(),
        ping_us,
        size_bytes: store.size().await?,
        migrations,
        migrations_known,
    };
    let jobs = store.waiting_jobs(auth.now()).await?.into_iter().map(|row| JobQueue {
        kind: row.kind,
        waiting: row.waiting,
        due: row.due,
        oldest_at: row.oldest_at,
    });
    let (waiting, limit) = auth.hashes.depth();
    Ok(EngineHealth {
        database,
        jobs: jobs.collect(),
        dead_jobs: store.dead_jobs().await?,
        hash_queue: HashQueue { waiting: count(waiting), limit: count(limit) },
        keys: keys(auth).await?,
    })
}

async fn keys(auth: &Auth) -> Result<KeysHealth> {
    let keys = list_keys(auth).await?;
    let signing = keys.iter().find(|key| key.state == KeyState::Signing);
    let accepted = keys.iter().filter(|key| matches!(key.state, KeyState::Signing | KeyState::Verifying)).count();
    Ok(KeysHealth {
        signing: signing.map(|key| key.id.clone()),
        signs_from: signing.map(|key| key.signs_from),
        accepted: count(accepted),
        learned_at: auth.keys_learned_at(),
        revocations_learned_at: auth.revocations_learned_at(),
    })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
