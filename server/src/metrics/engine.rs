//! What the engine counts: ways in, refreshes, hashes, connections to the database, keys.

use auth::{Auth, Timestamp};

use super::exposition::{Exposition, Seconds};

/// Adds what the engine knows without asking anybody.
pub(super) fn write(text: &mut Exposition, auth: &Auth) {
    sign_ins(text, auth);
    hashes(text, auth);
    database(text, auth);
    knowledge(text, auth);
}

fn sign_ins(text: &mut Exposition, auth: &Auth) {
    let meters = auth.meters();
    text.counter("keywright_sign_ins_total", "Tries to sign in, by the way and what they led to.");
    for ((way, outcome), count) in meters.sign_ins.read() {
        text.sample(&[("way", way.as_str()), ("outcome", outcome.as_str())], count);
    }
    text.counter("keywright_refreshes_total", "Refresh tokens that were presented, by what became of them.");
    for (outcome, count) in meters.refreshes.read() {
        text.sample(&[("outcome", outcome.as_str())], count);
    }
    let help = "Refresh tokens used again after their time: two parties had them, and the session ended.";
    text.counter("keywright_refresh_tokens_reused_total", help).sample(&[], meters.reused());
    text.counter("keywright_limited_total", "Acts that limits refused, by the act.");
    for (act, count) in auth.limited().read() {
        text.sample(&[("act", act.as_str())], count);
    }
    text.counter("keywright_deliveries_total", "Tries to deliver mails, SMS and webhooks, by what became of them.");
    for ((kind, outcome), count) in meters.jobs.read() {
        text.sample(&[("kind", kind.as_str()), ("outcome", outcome.as_str())], count);
    }
}

fn hashes(text: &mut Exposition, auth: &Auth) {
    let (waiting, limit) = auth.hash_queue();
    let meter = auth.hash_meter();
    text.gauge("keywright_hash_queue", "Passwords that wait for a hash thread.").sample(&[], waiting);
    text.gauge("keywright_hash_queue_limit", "Passwords that may wait.").sample(&[], limit);
    text.counter("keywright_hash_refused_total", "Passwords that found the queue full.").sample(&[], meter.refused());
    text.histogram("keywright_hash_wait_seconds", "How long passwords waited for a hash thread.")
        .durations(&[], &meter.waited.read());
    text.histogram("keywright_hash_seconds", "How long a hash thread worked.").durations(&[], &meter.worked.read());
}

fn database(text: &mut Exposition, auth: &Auth) {
    let pools = auth.store().pools();
    text.gauge("keywright_database_connections", "Connections to the database that are in use, by pool.");
    for (name, uses, _) in &pools {
        text.sample(&[("pool", *name)], uses.used);
    }
    text.gauge("keywright_database_connections_limit", "Connections to the database that there may be, by pool.");
    for (name, uses, _) in &pools {
        text.sample(&[("pool", *name)], uses.most);
    }
    text.histogram("keywright_database_wait_seconds", "How long was waited for a connection to the database, by pool.");
    for (name, _, meter) in &pools {
        text.durations(&[("pool", *name)], &meter.waited.read());
    }
    let help = "Requests that got no connection to the database in time, by pool.";
    text.counter("keywright_database_given_up_total", help);
    for (name, _, meter) in &pools {
        text.sample(&[("pool", *name)], meter.given_up());
    }
}

/// What this node knows of keys and of what was ended elsewhere, and how old that is.
fn knowledge(text: &mut Exposition, auth: &Auth) {
    let now = auth.now();
    let age = |at: Timestamp| Seconds::of_millis(now.0 - at.0);
    let help = "Seconds since this node learned what was ended on others.";
    text.gauge("keywright_revocations_age_seconds", help).sample(&[], age(auth.revocations_learned_at()));
    text.gauge("keywright_keys_age_seconds", "Seconds since this node learned which keys there are.")
        .sample(&[], age(auth.keys_learned_at()));
    let family = text.gauge("keywright_signing_key_age_seconds", "Seconds for which the key signs that signs now.");
    if let Some(since) = auth.signs_since() {
        family.sample(&[], age(since));
    }
}
