//! The certificate that is served. Both settings name files, which are read again while the program runs: so neither can be a
//! secret of a vault or the environment.

use anyhow::{bail, ensure};

use crate::tls::{Tls, TlsFiles};

/// Opens the files; none where none are named.
///
/// # Errors
/// One without the other, and files that cannot be used. Nothing of the key is told.
pub(super) fn parse(certificate: Option<&str>, key: Option<&str>) -> anyhow::Result<Option<Tls>> {
    for (name, value) in [("tls_certificate", certificate), ("tls_key", key)] {
        // As `KEYWRIGHT_TLS_KEY_FILE` would say it.
        let is_content = value.is_some_and(|value| value.contains("-----") || value.contains('\n'));
        let variable = name.to_ascii_uppercase();
        ensure!(
            !is_content,
            "{name} is what stands in a file; it must be the file's name: KEYWRIGHT_{variable}, and not KEYWRIGHT_{variable}_FILE"
        );
    }
    match (certificate, key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            Tls::open(TlsFiles { certificate: certificate.into(), key: key.into() }).map(Some)
        }
        (Some(_), None) => bail!("tls_certificate is set without tls_key; set both or neither"),
        (None, Some(_)) => bail!("tls_key is set without tls_certificate; set both or neither"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt as _;

    const CERTIFICATE: &str = include_str!("../../../auth/tests/certificates/first.pem");
    const KEY: &str = include_str!("../../../auth/tests/certificates/first.key.pem");
    const OTHER_KEY: &str = include_str!("../../../auth/tests/certificates/second.key.pem");

    /// Parses with these texts in the files, and this mode of the key's.
    fn parsed(certificate: &str, key: &str, mode: u32) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let files = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
        write(&files[0], certificate).unwrap();
        write(&files[1], key).unwrap();
        set_permissions(&files[1], Permissions::from_mode(mode)).unwrap();
        let names = files.map(|file| file.display().to_string());
        parse(Some(&names[0]), Some(&names[1])).map(|_| ()).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn both_are_named_or_none_and_by_name() {
        assert!(parse(None, None).unwrap().is_none());
        for (certificate, key, words) in [
            (Some("certificate.pem"), None, "without tls_key"),
            (None, Some("key.pem"), "without tls_certificate"),
            (
                Some("/nowhere/certificate.pem"),
                Some("/nowhere/key.pem"),
                "tls_certificate names /nowhere/certificate.pem",
            ),
            (Some("certificate.pem"), Some(KEY), "KEYWRIGHT_TLS_KEY, and not KEYWRIGHT_TLS_KEY_FILE"),
        ] {
            let error = format!("{:#}", parse(certificate, key).err().unwrap());
            assert!(error.contains(words) && !error.contains("MIGHAg"), "{error}");
        }
    }

    #[test]
    fn the_key_is_its_owners_and_that_of_the_certificate() {
        for mode in [0o600, 0o400, 0o640, 0o440] {
            assert_eq!(parsed(CERTIFICATE, KEY, mode), Ok(()), "{mode:o}");
        }
        for mode in [0o644, 0o604, 0o660, 0o601] {
            let error = parsed(CERTIFICATE, KEY, mode).unwrap_err();
            assert!(error.contains("others on this machine") && error.contains(&format!("{mode:o}")), "{error}");
        }
        let large = format!("{CERTIFICATE}{}", "x".repeat(70_000));
        for (certificate, key, words) in [
            (CERTIFICATE, OTHER_KEY, "tls_key is not the key"),
            (CERTIFICATE, "hunter2", "no private key in PEM"),
            (CERTIFICATE, CERTIFICATE, "no private key in PEM"),
            (CERTIFICATE, "-----BEGIN hunter2", "no private key in PEM"),
            (KEY, KEY, "it has no certificate in PEM"),
            ("hunter2", KEY, "it has no certificate in PEM"),
            (
                "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n",
                KEY,
                "its first certificate is none",
            ),
            (large.as_str(), KEY, "larger than 64 KiB"),
        ] {
            let error = parsed(certificate, key, 0o600).unwrap_err();
            assert!(error.contains(words) && !error.contains("hunter2") && !error.contains("MIGHAg"), "{error}");
        }
    }
}
