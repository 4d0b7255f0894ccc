//! A certificate and its key, from their files in PEM (RFC 7468). No words of a refusal come from a file: it may be the key.

use anyhow::{Context as _, anyhow, bail, ensure};
use auth::Timestamp;
use secrecy::{ExposeSecret as _, SecretSlice};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{Error, ServerConfig};
use x509_parser::parse_x509_certificate;

use super::{HTTP1, HTTP2, TlsFiles};

/// A chain has a few thousand.
const MOST_BYTES: u64 = 64 * 1024;
/// Rights to the key that nobody may have: any of strangers', and to write of its group.
const TOO_MANY_RIGHTS: u32 = 0o027;

/// What can be served.
pub(super) struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    /// The first moment at which it is believed.
    pub(super) begins_at: Timestamp,
    /// The last one.
    pub(super) ends_at: Timestamp,
    /// With the key.
    pub(super) config: Arc<ServerConfig>,
}

impl Certificate {
    /// Reads the files as they are now.
    ///
    /// # Errors
    /// What cannot be used, and what to do.
    pub(super) fn read(files: &TlsFiles) -> anyhow::Result<Self> {
        let certificate = &files.certificate;
        let named = || format!("tls_certificate names {}", certificate.display());
        let chain = chain(certificate).with_context(named)?;
        let (begins_at, ends_at) = validity_of(&chain).with_context(named)?;
        let key = key(&files.key).with_context(|| format!("tls_key names {}", files.key.display()))?;
        let config = config(chain.clone(), key)?;
        Ok(Self { chain, begins_at, ends_at, config })
    }

    /// The same of a text with the key and the chain, which are in no file yet.
    #[cfg(feature = "acme")]
    pub(super) fn of(pem: &secrecy::SecretString) -> anyhow::Result<Self> {
        let pem = pem.expose_secret().as_bytes();
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| anyhow!("no PEM"))?;
        let (begins_at, ends_at) = validity_of(&chain)?;
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| anyhow!("it has no private key in PEM"))?;
        let config = config(chain.clone(), key)?;
        Ok(Self { chain, begins_at, ends_at, config })
    }

    /// Whether nothing changed since. The key is that of the certificate, so it is the same as well.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.chain == other.chain
    }

    /// Whether it names this host.
    pub(super) fn is_for(&self, host: &str) -> bool {
        let Some(leaf) = self.chain.first() else { return false };
        let (Ok(parsed), Ok(name)) = (ParsedCertificate::try_from(leaf), ServerName::try_from(host)) else {
            return false;
        };
        verify_server_name(&parsed, &name).is_ok()
    }
}

fn chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let pem = read(&File::open(path)?)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.expose_secret()).collect();
    chain.map_err(|_| anyhow!("it is no PEM"))
}

fn key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    let file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode();
    ensure!(
        mode & TOO_MANY_RIGHTS == 0,
        "others on this machine may use it (its mode is {:03o}); let it be 600, or 640 for a group",
        mode & 0o777
    );
    let pem = read(&file)?;
    let key = PrivateKeyDer::from_pem_slice(pem.expose_secret());
    key.map_err(|_| anyhow!("it has no private key in PEM, or one that is locked by a passphrase"))
}

/// Reads a file, and never more than it can have: the name may be that of anything.
fn read(file: &File) -> anyhow::Result<SecretSlice<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    let bytes = SecretSlice::<u8>::from(bytes);
    ensure!(bytes.expose_secret().len() as u64 <= MOST_BYTES, "it is larger than {} KiB", MOST_BYTES / 1024);
    Ok(bytes)
}

fn validity_of(chain: &[CertificateDer<'_>]) -> anyhow::Result<(Timestamp, Timestamp)> {
    let leaf = chain.first().context("it has no certificate in PEM")?;
    let Ok((_, certificate)) = parse_x509_certificate(leaf.as_ref()) else {
        bail!("its first certificate is none");
    };
    let validity = certificate.validity();
    let moments = [validity.not_before, validity.not_after].map(|at| Timestamp(at.timestamp().saturating_mul(1000)));
    Ok(moments.into())
}

/// HTTP/2 and HTTP/1.1: a client that wants neither is told so in the handshake (RFC 7301).
fn config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> anyhow::Result<Arc<ServerConfig>> {
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth();
    let mut config = builder.with_single_cert(chain, key).map_err(|error| match error {
        Error::InconsistentKeys(_) => anyhow!("tls_key is not the key of the first certificate in tls_certificate"),
        _ => anyhow!("tls_certificate and tls_key cannot be used: let the key be ECDSA P-256, P-384, Ed25519 or RSA"),
    })?;
    // The strongest suite first, and not what a client would rather have (12.1.2).
    config.ignore_client_order = true;
    config.alpn_protocols = Vec::from([HTTP2, HTTP1].map(<[u8]>::to_vec));
    Ok(Arc::new(config))
}
