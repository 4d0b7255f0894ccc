//! How this process is: since when it runs, how much memory it holds, how long its requests take, and what is wrong with
//! the proxies before it, the vault and its certificate, and with the installation as a whole.

use auth::id::UserId;
use auth::view::{ProcessHealth, TlsHealth};
use auth::{Auth, Timestamp};
use axum::http::Extensions;
use std::sync::Arc;
use std::time::Duration;

mod histogram;
mod latency;
mod proxies;
mod requests;

use crate::doctor::examiner::Examiner;
use crate::layer::origin::Origin;
use crate::settings::Settings;
use crate::tls::Tls;
use crate::vault::Vault;
use latency::Latencies;
use proxies::Proxies;

pub use proxies::wide_networks;
pub use requests::{FILES, NO_ROUTE, Requests, RouteRequests};

/// How often what was found of proxies is told to the database, where `keywright doctor` finds it.
const TELL: Duration = Duration::from_secs(60);

/// What is known of the process; cheap to clone.
#[derive(Clone)]
pub struct Process(Arc<Known>);

struct Known {
    started_at: Timestamp,
    latencies: Latencies,
    requests: Requests,
    proxies: Proxies,
    vault: Option<Vault>,
    tls: Option<Tls>,
    examiner: Examiner,
}

impl Process {
    /// A process that starts now.
    pub fn started(now: Timestamp, settings: &Settings) -> Self {
        let proxies = Proxies::new(&settings.trusted_proxies, settings.is_for_this_machine());
        let (vault, tls) = (settings.vault.clone(), settings.tls.clone());
        Self(Arc::new(Known {
            started_at: now,
            latencies: Latencies::default(),
            requests: Requests::default(),
            proxies,
            vault,
            tls,
            examiner: Examiner::default(),
        }))
    }

    /// Who goes through the checklist while the process runs.
    pub fn examiner(&self) -> &Examiner {
        &self.0.examiner
    }

    /// Notes how long a request took that was answered now.
    pub fn note_request(&self, took: Duration, now: Timestamp) {
        self.0.latencies.note(took, now);
    }

    /// Every request, by its route.
    pub fn requests(&self) -> &Requests {
        &self.0.requests
    }

    /// Since when it runs.
    pub fn started_at(&self) -> Timestamp {
        self.0.started_at
    }

    /// How the certificate is that the program serves; none where it speaks no TLS.
    pub fn tls_health(&self, now: Timestamp) -> Option<TlsHealth> {
        self.0.tls.as_ref().map(|tls| tls.health(now))
    }

    /// Notes from where somebody who is signed in asks, as the first layer found it.
    pub fn note_person(&self, request: &Extensions, person: &UserId, now: Timestamp) {
        if let Some(origin) = request.get::<Origin>() {
            self.0.proxies.note(origin, person.as_str(), now);
        }
    }

    /// Tells the database for ever what is wrong with the proxies.
    pub async fn keep_proxy_findings(self, auth: Auth) {
        loop {
            tokio::time::sleep(TELL).await;
            for found in self.0.proxies.findings(auth.now()) {
                tracing::warn!(
                    fault = found.fault.as_str(),
                    address = found.address.as_deref().unwrap_or_default(),
                    count = found.count,
                    "the proxies are not as the settings say; docs/proxies.md says what to do"
                );
                if let Err(error) = auth.note_proxy_finding(&found).await {
                    tracing::warn!(%error, "what was found of proxies was not noted; that is tried again");
                }
            }
        }
    }

    /// How it is now.
    pub fn health(&self, now: Timestamp) -> ProcessHealth {
        ProcessHealth {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.0.started_at,
            memory_bytes: memory_bytes(),
            latency: self.0.latencies.told(now),
            proxies: self.0.proxies.findings(now),
            vault: self.0.vault.as_ref().map(Vault::health),
            tls: self.tls_health(now),
            checks: self.0.examiner.last(),
        }
    }
}

/// Resident memory, where the system tells it as Linux does.
pub(crate) fn memory_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
