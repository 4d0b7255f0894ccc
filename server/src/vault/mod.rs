//! HashiCorp Vault and OpenBao: the operator's secrets are read at the start, from one secret of a KV store of version 2,
//! and the token that reads them is kept alive while the program runs (ASVS 5.0, 13.3.1).
//!
//! Three questions are asked: `auth/approle/login`, `auth/token/renew-self` and the secret itself
//! (<https://developer.hashicorp.com/vault/api-docs>). The crate `vaultrs` (0.8) could ask them and does not: its client
//! follows redirects with the token, asks the proxies of the environment and reads answers of any size, and the token is
//! plain text in it. For three calls that is more to mend than to write.
//!
//! What is read at the start holds until the program ends. A vault that is down, sealed or refuses later stops nothing; it
//! is told at `/admin/health`, and the log has a line when that begins and one when it ends.

use auth::Timestamp;
use auth::clock::Clock;
use auth::view::{VaultFault, VaultHealth};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

mod answer;
mod fault;
mod http;
mod keep;
mod lease;
mod open;

use http::Http;
use lease::Lease;

/// Secrets by the names of their settings.
pub type Secrets = BTreeMap<String, SecretString>;

/// Where the secrets are, and who asks for them.
pub struct VaultSettings {
    /// Before `/v1/…`; without a slash at the end.
    pub address: String,
    /// Mount, `data` and path.
    pub path: String,
    /// The namespace.
    pub namespace: Option<String>,
    /// Who asks.
    pub identity: Identity,
    /// Certificate authorities in PEM, trusted besides the system's.
    pub ca_pem: Option<Vec<u8>>,
}

/// Who asks a vault.
#[derive(Clone)]
pub enum Identity {
    /// Whoever has this token.
    Token(SecretString),
    /// A role of AppRole.
    Role {
        /// Its id.
        role_id: SecretString,
        /// What proves it.
        secret_id: SecretString,
    },
}

/// How long a start waits for a vault.
#[derive(Clone, Copy)]
pub struct Patience {
    /// For one answer, whole.
    pub timeout: Duration,
    /// How often it is asked.
    pub tries: u32,
    /// Between the first two tries; twice as long each time.
    pub first_wait: Duration,
}

impl Default for Patience {
    /// Forty seconds at the very most: fewer than a service manager waits for a start.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(4), tries: 4, first_wait: Duration::from_millis(500) }
    }
}

/// A vault that told its secrets; cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inside>);

struct Inside {
    http: Http,
    identity: Identity,
    path: String,
    clock: Arc<dyn Clock>,
    /// Of the secret that the program runs with.
    version: u64,
    state: Mutex<State>,
}

struct State {
    token: SecretString,
    /// How long the token lives; none until the vault has said so.
    lease: Option<Lease>,
    answered_at: Timestamp,
    fault: Option<VaultFault>,
}

impl Vault {
    /// How it is, as far as this process knows.
    pub fn health(&self) -> VaultHealth {
        let state = self.state();
        VaultHealth {
            answered_at: state.answered_at,
            token_ends_at: state.lease.and_then(Lease::ends_at),
            fault: state.fault,
        }
    }

    /// Whether whoever asks can log in anew.
    fn has_role(&self) -> bool {
        matches!(self.0.identity, Identity::Role { .. })
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
