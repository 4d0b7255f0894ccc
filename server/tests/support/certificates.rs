//! Certificates of the tests, made by `auth/tests/certificates/make.sh`, in files that a test may change.

use auth::Timestamp;
use server::tls::{Tls, TlsFiles};
use std::fs::{Permissions, set_permissions, write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// Whoever trusts it believes them.
pub const AUTHORITY: &[u8] = include_bytes!("../../../auth/tests/certificates/authority.pem");
/// When they end: the beginning of 2126.
pub const END: Timestamp = Timestamp(4_922_899_200_000);

/// The files that the settings name.
pub struct Files(tempfile::TempDir);

impl Files {
    /// With a certificate of the tests and its key.
    pub fn with(name: &str) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.put(name);
        files
    }

    pub fn put(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../auth/tests/certificates");
        let read = |file: String| std::fs::read(folder.join(file)).unwrap();
        write(self.certificate(), read(format!("{name}.pem"))).unwrap();
        write(self.key(), read(format!("{name}.key.pem"))).unwrap();
        set_permissions(self.key(), Permissions::from_mode(0o600)).unwrap();
    }

    pub fn certificate(&self) -> PathBuf {
        self.0.path().join("certificate.pem")
    }

    pub fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }

    pub fn open(&self) -> Tls {
        Tls::open(TlsFiles { certificate: self.certificate(), key: self.key() }).unwrap()
    }

    /// As lines of TOML.
    pub fn settings(&self) -> String {
        format!("tls_certificate = '{}'\ntls_key = '{}'\n", self.certificate().display(), self.key().display())
    }
}

/// What a certificate of the tests is on the wire.
pub fn der(name: &str) -> CertificateDer<'static> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../auth/tests/certificates");
    CertificateDer::from_pem_file(folder.join(format!("{name}.pem"))).unwrap()
}
