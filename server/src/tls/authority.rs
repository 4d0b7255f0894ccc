//! A certificate that an authority renews by ACME: what is served before the first one, and when the next is due.

use anyhow::ensure;
use auth::Timestamp;
use rcgen::{CertificateParams, KeyPair};
use secrecy::SecretString;
use std::sync::{Arc, Mutex};
use tokio_rustls::rustls::ServerConfig;

use super::certificate::Certificate;
use super::{CERTIFICATE_FILE, Kept, Served, Tls, TlsFiles};
use crate::acme::{AcmeSettings, Authority};

impl Tls {
    /// Reads what the authority gave last; before its first answer the door speaks with a certificate that nobody believes.
    ///
    /// # Errors
    /// What cannot be used of the file.
    pub fn from_authority(settings: AcmeSettings) -> anyhow::Result<Self> {
        let file = settings.folder.join(CERTIFICATE_FILE);
        let files = TlsFiles { certificate: file.clone(), key: file.clone() };
        let (certificate, refused) = if file.exists() {
            (Certificate::read(&files)?, None)
        } else {
            (nobodys(&settings.host)?, Some("the authority gave no certificate yet".to_owned()))
        };
        let served = Mutex::new(Served { certificate, refused, told: None });
        Ok(Self(Arc::new(Kept { files, served, authority: Some(Authority::new(settings)) })))
    }

    /// Who certifies, when somebody does.
    pub(crate) fn authority(&self) -> Option<&Authority> {
        self.0.authority.as_ref()
    }

    /// What people are served with, whatever challenge waits.
    pub(crate) fn ordinary_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.served().certificate.config)
    }

    /// Whether another certificate is asked for: after two thirds of the time of this one, and where it is none for the host.
    pub(crate) fn is_due(&self, host: &str, now: Timestamp) -> bool {
        let Ok(kept) = Certificate::read(&self.0.files) else { return true };
        let third = (kept.ends_at.0 - kept.begins_at.0) / 3;
        now.0 >= kept.ends_at.0 - third || !kept.is_for(host)
    }

    /// Looks at a certificate before it takes the place of another.
    ///
    /// # Errors
    /// Why it cannot be served.
    pub(crate) fn check(pem: &SecretString, host: &str, now: Timestamp) -> anyhow::Result<()> {
        let certificate = Certificate::of(pem)?;
        ensure!(certificate.is_for(host), "it is none for {host}");
        ensure!(now < certificate.ends_at, "it has ended");
        Ok(())
    }
}

fn nobodys(host: &str) -> anyhow::Result<Certificate> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec![host.to_owned()])?.self_signed(&key)?;
    Certificate::of(&SecretString::from(format!("{}{}", key.serialize_pem(), certificate.pem())))
}
