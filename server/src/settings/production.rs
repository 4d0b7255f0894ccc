//! What production refuses, all of it at once.

use super::mail::MAIL_FROM;
use super::{Settings, database};

/// What is unsafe, in words that say what to do.
pub(super) fn findings(settings: &Settings) -> Vec<&'static str> {
    let smtp = settings.smtp.as_ref();
    [
        (!settings.public_url.starts_with("https://"), "public_url must be https"),
        (settings.master_key.is_none(), "master_key must be set"),
        (smtp.is_none(), "smtp_url must be set, or nobody gets a mail"),
        (
            !database::is_safe(&settings.database_url),
            "database_url must say sslmode=verify-full: PostgreSQL is elsewhere",
        ),
        (
            settings.replica.as_ref().is_some_and(|replica| !database::is_safe(&replica.url)),
            "replica_url must say sslmode=verify-full: PostgreSQL is elsewhere",
        ),
        (
            is_heard(settings),
            "listen lets others reach this program in the clear: set tls_certificate and tls_key (or acme_directory), \
             or listen on 127.0.0.1 behind a proxy of this machine (listen_behind_tls = on is for a network that something \
             else encrypts)",
        ),
        (
            !settings.domains.is_private(),
            "dns_server must be an address of this machine, such as 127.0.0.53:53, or tls://… for DNS over TLS; with \
             organization_domains it must be set",
        ),
        (
            are_figures_heard(settings),
            "metrics_listen lets others read figures in the clear: listen on 127.0.0.1, or set tls_certificate and tls_key, \
             or acme_directory (listen_behind_tls = on is for a network that something else encrypts)",
        ),
        (!settings.hash_cost.is_enough(), "the hash cost is below every row of OWASP's table"),
        (!settings.limits, "limits may be off in development only"),
        (auth::weakened::is_weakened(), "KEYWRIGHT_WEAKEN is for bin/attack: this program does without a defence"),
        (settings.federation.private_addresses, "provider_private_addresses may be on in development only"),
        (settings.webhooks.private_addresses, "webhook_private_addresses may be on in development only"),
        (
            smtp.is_some_and(|smtp| !smtp.demands_tls().unwrap_or(false)),
            "smtp_url must be smtps://… or end in ?tls=required",
        ),
        (smtp.is_some_and(|smtp| smtp.from == MAIL_FROM), "mail_from must be set"),
    ]
    .into_iter()
    .filter_map(|(found, words)| found.then_some(words))
    .collect()
}

/// The same of what monitoring reads.
fn are_figures_heard(settings: &Settings) -> bool {
    let is_open = settings.metrics_listen.is_some_and(|address| !address.ip().is_loopback());
    is_open && settings.tls.is_none() && !settings.listen_behind_tls
}

/// Whether what people send may pass a network in the clear (ASVS 5.0, 12.3.1).
pub(crate) fn is_heard(settings: &Settings) -> bool {
    !settings.listen.ip().is_loopback() && settings.tls.is_none() && !settings.listen_behind_tls
}
