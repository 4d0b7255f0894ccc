//! Certificates from an authority that speaks ACME (RFC 8555), with the feature `acme`: the host of `public_url` is proved on
//! the port that is served anyway, by TLS-ALPN-01 (RFC 8737). What is got rests in a folder of its owner alone, and is served
//! from there as any other file is. For one node: a challenge reaches whichever is asked.

use anyhow::Context as _;
use auth::Auth;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_rustls::rustls::ServerConfig;

use crate::tls::Tls;

mod account;
mod challenge;
mod files;
mod http;
mod order;
mod tries;

use tries::Tries;

/// Between two looks whether it is time.
const LOOK: Duration = Duration::from_secs(60 * 60);
/// What one order may take.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Who is asked, for what, and where it is kept.
pub struct AcmeSettings {
    /// The address at which the authority says where everything is.
    pub directory: String,
    /// Who is told by the authority, when something is wrong.
    pub contact: Option<String>,
    /// Of this process alone.
    pub folder: PathBuf,
    /// An authority that is trusted besides the system's, in PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// What is certified.
    pub host: String,
}

/// The authority that certificates come from.
pub(crate) struct Authority {
    settings: AcmeSettings,
    /// What the door speaks TLS with while a challenge waits.
    challenged: Mutex<Option<Arc<ServerConfig>>>,
}

impl Authority {
    /// Nothing is asked of it yet.
    pub(crate) fn new(settings: AcmeSettings) -> Self {
        Self { settings, challenged: Mutex::default() }
    }

    /// What is certified.
    pub(crate) fn host(&self) -> &str {
        &self.settings.host
    }

    /// What the next connection is served with while a challenge waits.
    pub(crate) fn challenged(&self) -> Option<Arc<ServerConfig>> {
        self.challenged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_challenged(&self, config: Option<Arc<ServerConfig>>) {
        *self.challenged.lock().unwrap_or_else(PoisonError::into_inner) = config;
    }
}

/// Asks the authority whenever it is time, for ever; where there is none this is over at once.
pub(crate) async fn keep(tls: &Tls, auth: &Auth) {
    let Some(authority) = tls.authority() else { return };
    loop {
        sleep(look(authority, tls, auth).await).await;
    }
}

/// Asks the authority if it is time, and it was not asked in vain a while ago, be it before a start; gives the time until the next
/// look.
async fn look(authority: &Authority, tls: &Tls, auth: &Auth) -> Duration {
    let now = auth.now();
    if !tls.is_due(authority.host(), now) {
        return LOOK;
    }
    let mut tries = Tries::read(&authority.settings, now);
    let patience = tries.patience(now);
    if !patience.is_zero() {
        tracing::info!(again_in = patience.as_secs(), "the authority was asked in vain, and is left alone");
        return patience.min(LOOK);
    }
    let Err(error) = renew(authority, &mut tries, tls, auth).await else { return LOOK };
    let (error, wait) = (format!("{error:#}"), tries.patience(auth.now()));
    tracing::warn!(error, again_in = wait.as_secs(), "the authority gave no certificate");
    wait.min(LOOK)
}

async fn renew(authority: &Authority, tries: &mut Tries, tls: &Tls, auth: &Auth) -> anyhow::Result<()> {
    // Before anybody is asked: the program may end meanwhile.
    tries.count_one(&authority.settings, auth.now())?;
    tracing::info!(host = authority.host(), directory = authority.settings.directory, "a certificate is asked for");
    let ordered = timeout(PATIENCE, order::order(authority, tls, auth)).await;
    authority.set_challenged(None);
    ordered.context("it took too long")??;
    tls.look_again(auth.now());
    tries::forget(&authority.settings)
}
