//! TLS of the door (RFC 8446, RFC 5246; ASVS 5.0, 12.1.1 and 12.3.1): versions 1.2 and 1.3, suites with forward secrecy alone,
//! by rustls with aws-lc-rs. The files of certificate and key are looked at while the program runs: what a renewal wrote is
//! served without a start, and what cannot be used is told while the one before goes on.

use auth::view::{TlsFault, TlsHealth};
use auth::{Auth, Timestamp};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_rustls::rustls::ServerConfig;

#[cfg(feature = "acme")]
mod authority;
mod certificate;

#[cfg(feature = "acme")]
use crate::acme::{self, Authority};
use certificate::Certificate;

/// HTTP/2 in the handshake (RFC 7301; RFC 9113, 3.2).
pub(crate) const HTTP2: &[u8] = b"h2";
/// Nothing but a handshake, for an authority that wants to see whose a host is (RFC 8737, 6.2).
pub(crate) const ACME: &[u8] = b"acme-tls/1";
/// HTTP/1.1 in the handshake.
const HTTP1: &[u8] = b"http/1.1";
/// In the folder of an authority: key and certificate in one.
pub(crate) const CERTIFICATE_FILE: &str = "certificate.pem";
/// Between two looks at the files.
const LOOK: Duration = Duration::from_secs(30);
/// A certificate is renewed a month before its end, as a rule: one that is still there then was forgotten.
const NEAR_ITS_END_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Where certificate and key are.
pub struct TlsFiles {
    /// The certificate, and after it those that lead to its authority.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Whom a certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsOrigin {
    /// Whoever writes the files of the settings.
    Files,
    /// The authority of the settings, and it gave one.
    Authority,
    /// The authority of the settings, and it gave none yet.
    AuthorityGaveNone,
}

/// What the door speaks TLS with; cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Kept>);

struct Kept {
    files: TlsFiles,
    served: Mutex<Served>,
    /// Who certifies; none where somebody else renews the files.
    #[cfg(feature = "acme")]
    authority: Option<Authority>,
}

struct Served {
    certificate: Certificate,
    /// Why the files as they are now are not served.
    refused: Option<String>,
    /// What was told last.
    told: Option<TlsFault>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// What cannot be used, without a word of the key.
    pub fn open(files: TlsFiles) -> anyhow::Result<Self> {
        let certificate = Certificate::read(&files)?;
        let served = Mutex::new(Served { certificate, refused: None, told: None });
        Ok(Self(Arc::new(Kept {
            files,
            served,
            #[cfg(feature = "acme")]
            authority: None,
        })))
    }

    /// What the next connection is served with.
    pub fn config(&self) -> Arc<ServerConfig> {
        #[cfg(feature = "acme")]
        if let Some(challenged) = self.authority().and_then(Authority::challenged) {
            return challenged;
        }
        Arc::clone(&self.served().certificate.config)
    }

    /// Whether the certificate is one for this host.
    pub fn is_for(&self, host: &str) -> bool {
        self.served().certificate.is_for(host)
    }

    /// Whom it comes from.
    pub fn origin(&self) -> TlsOrigin {
        #[cfg(feature = "acme")]
        if self.authority().is_some() {
            let is_there = self.0.files.certificate.exists();
            return if is_there { TlsOrigin::Authority } else { TlsOrigin::AuthorityGaveNone };
        }
        TlsOrigin::Files
    }

    /// How it is now.
    pub fn health(&self, now: Timestamp) -> TlsHealth {
        self.served().health(now)
    }

    /// Looks at the files twice a minute for ever, and has them renewed by the authority, where there is one.
    pub async fn keep_certificate(self, auth: Auth) {
        #[cfg(feature = "acme")]
        let renewing = acme::keep(&self, &auth);
        #[cfg(not(feature = "acme"))]
        let renewing = std::future::ready(());
        tokio::join!(self.keep_looking(&auth), renewing);
    }

    async fn keep_looking(&self, auth: &Auth) {
        loop {
            tokio::time::sleep(LOOK).await;
            let (tls, now) = (self.clone(), auth.now());
            // A disk may take its time.
            if let Err(error) = tokio::task::spawn_blocking(move || tls.look_again(now)).await {
                tracing::warn!(%error, "the files of tls_certificate and tls_key were not looked at");
            }
        }
    }

    /// Looks at the files, and serves what is new there when it can be used.
    pub fn look_again(&self, now: Timestamp) {
        let read = Certificate::read(&self.0.files);
        let mut served = self.served();
        match read {
            Ok(new) if new.is_same(&served.certificate) => served.refused = None,
            Ok(new) if new.ends_at <= now => {
                served.refused = Some("the certificate in tls_certificate has ended".to_owned());
            }
            // It is served once its time has come.
            Ok(new) if now < new.begins_at => {
                served.refused = Some("the certificate in tls_certificate is not valid yet".to_owned());
            }
            Ok(new) => {
                tracing::info!(ends_at = new.ends_at.0, "a new certificate is served");
                served.certificate = new;
                served.refused = None;
            }
            Err(why) => served.refused = Some(format!("{why:#}")),
        }
        served.tell(now);
    }

    fn served(&self) -> MutexGuard<'_, Served> {
        self.0.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Served {
    fn health(&self, now: Timestamp) -> TlsHealth {
        let ends_at = self.certificate.ends_at;
        let fault = if ends_at <= now {
            Some(TlsFault::Ended)
        } else if self.refused.is_some() {
            Some(TlsFault::Unusable)
        } else if ends_at.seconds_since(now) < NEAR_ITS_END_SECONDS {
            Some(TlsFault::EndsSoon)
        } else {
            None
        };
        TlsHealth { ends_at, fault }
    }

    /// Leaves a line in the log when something else is wrong than before.
    fn tell(&mut self, now: Timestamp) {
        let fault = self.health(now).fault;
        if std::mem::replace(&mut self.told, fault) == fault {
            return;
        }
        let (ends_at, refused) = (self.certificate.ends_at.0, self.refused.as_deref().unwrap_or_default());
        match fault {
            None => tracing::info!(ends_at, "the certificate is well again"),
            Some(TlsFault::Unusable) => {
                tracing::warn!(error = refused, "the new certificate cannot be used; the one before goes on");
            }
            Some(TlsFault::Ended) => {
                tracing::error!(ends_at, error = refused, "the certificate has ended: nobody believes it any more");
            }
            Some(TlsFault::EndsSoon) => tracing::warn!(ends_at, "the certificate ends within seven days; renew it"),
        }
    }
}
