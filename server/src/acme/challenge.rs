//! What proves that the host is ours: while a challenge waits, whoever asks for `acme-tls/1` is shown a certificate that
//! carries its digest (RFC 8737), and everybody else the one as ever.

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use std::sync::Arc;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use crate::tls::ACME;

#[derive(Debug)]
struct Challenged {
    ordinary: Arc<dyn ResolvesServerCert>,
    answer: Arc<CertifiedKey>,
}

impl ResolvesServerCert for Challenged {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // The authority asks for nothing else.
        let is_asked = hello.alpn().is_some_and(|protocols| protocols.eq([ACME]));
        if is_asked { Some(Arc::clone(&self.answer)) } else { self.ordinary.resolve(hello) }
    }
}

/// What the door speaks TLS with until the challenge is over.
///
/// # Errors
/// When the host is none that a certificate may name.
pub(super) fn answering(ordinary: &ServerConfig, host: &str, digest: &[u8]) -> anyhow::Result<Arc<ServerConfig>> {
    let mut params = CertificateParams::new(vec![host.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    // Not `from_der`: it reads the certificate, and knows nothing of what must be understood in this one.
    let answer =
        CertifiedKey::new(vec![certificate], aws_lc_rs::default_provider().key_provider.load_private_key(key)?);
    let mut config = ordinary.clone();
    config.cert_resolver =
        Arc::new(Challenged { ordinary: Arc::clone(&ordinary.cert_resolver), answer: Arc::new(answer) });
    config.alpn_protocols.push(ACME.to_vec());
    Ok(Arc::new(config))
}
