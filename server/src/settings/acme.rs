//! The authority that certificates come from. What is compiled in is a feature, so without it a setting of it is refused
//! with words.

use anyhow::{bail, ensure};
use std::path::PathBuf;

use super::source::Values;
use super::sqlite_file;
use crate::tls::{CERTIFICATE_FILE, Tls};

/// Settings that mean nothing without `acme_directory`.
const OTHERS: [&str; 3] = ["acme_contact", "acme_folder", "acme_ca"];

/// Where the certificate comes from: of the files that are `named`, of an authority, or none.
///
/// # Errors
/// Both, or one that cannot be used.
pub(super) fn parse(values: &Values, public_url: &str, named: Option<Tls>) -> anyhow::Result<Option<Tls>> {
    let Some(directory) = text(values, "acme_directory") else {
        if let Some(name) = OTHERS.into_iter().find(|name| text(values, name).is_some()) {
            bail!("{name} is set without acme_directory, so nobody is asked; set both or neither");
        }
        return Ok(named);
    };
    ensure!(named.is_none(), "acme_directory is set beside tls_certificate; set one of them");
    from_authority(values, directory, public_url).map(Some)
}

/// The file of the authority's certificate; none where no authority is asked.
pub(crate) fn certificate_file(values: &Values) -> Option<PathBuf> {
    text(values, "acme_directory").map(|_| folder(values).join(CERTIFICATE_FILE))
}

/// Beside the file of SQLite, where the program may write in any case.
fn folder(values: &Values) -> PathBuf {
    let beside = || text(values, "database_url").and_then(sqlite_file::folder_of);
    let set = text(values, "acme_folder").map(PathBuf::from);
    set.unwrap_or_else(|| beside().unwrap_or_else(|| "data".into()).join("acme"))
}

fn text<'a>(values: &'a Values, name: &str) -> Option<&'a str> {
    values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

#[cfg(not(feature = "acme"))]
fn from_authority(_: &Values, _: &str, _: &str) -> anyhow::Result<Tls> {
    bail!(
        "acme_directory is set, and this program was built without the feature acme: build it with it, or let a program such \
         as certbot write the files of tls_certificate and tls_key"
    )
}

#[cfg(feature = "acme")]
fn from_authority(values: &Values, directory: &str, public_url: &str) -> anyhow::Result<Tls> {
    use anyhow::Context as _;
    use url::{Host, Url};

    let address = Url::parse(directory).context("acme_directory is no address")?;
    let is_here = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_safe = address.scheme() == "https" || (address.scheme() == "http" && is_here);
    ensure!(is_safe, "acme_directory must be https");
    let public = Url::parse(public_url).context("public_url is no address")?;
    let Some(Host::Domain(host)) = public.host() else {
        bail!("acme_directory needs a public_url with a name: an address is certified by nobody")
    };
    let contact = text(values, "acme_contact");
    ensure!(contact.is_none_or(|address| auth::Email::parse(address).is_ok()), "acme_contact is no address of mail");
    let read = |file: &str| std::fs::read(file).with_context(|| format!("acme_ca names {file}"));
    Tls::from_authority(crate::acme::AcmeSettings {
        directory: directory.to_owned(),
        contact: contact.map(str::to_owned),
        folder: folder(values),
        ca_pem: text(values, "acme_ca").map(read).transpose()?,
        host: host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;

    fn refused(toml: &str) -> String {
        let values = from_toml(toml).unwrap();
        parse(&values, "https://id.example.com", None).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn an_authority_is_named_whole_or_not_at_all() {
        assert_eq!(refused(""), "");
        for other in OTHERS {
            let words = refused(&format!("{other} = 'x'"));
            assert!(words.contains(other) && words.contains("without acme_directory"), "{words}");
        }
    }

    #[test]
    fn the_certificate_rests_beside_the_file_of_sqlite() {
        for (toml, file) in [
            ("", "data/acme/certificate.pem"),
            ("database_url = 'sqlite:///var/lib/keywright/k.db?mode=rwc'", "/var/lib/keywright/acme/certificate.pem"),
            ("database_url = 'postgres://localhost/keywright'", "data/acme/certificate.pem"),
            ("acme_folder = '/certificates'", "/certificates/certificate.pem"),
        ] {
            let values = from_toml(&format!("acme_directory = 'https://acme.example.com/directory'\n{toml}")).unwrap();
            assert_eq!(certificate_file(&values), Some(file.into()), "{toml}");
        }
        assert_eq!(certificate_file(&from_toml("").unwrap()), None);
    }

    #[cfg(not(feature = "acme"))]
    #[test]
    fn a_program_without_the_feature_says_so() {
        let words = refused("acme_directory = 'https://acme.example.com/directory'");
        assert!(words.contains("without the feature acme"), "{words}");
    }

    #[cfg(feature = "acme")]
    #[test]
    fn the_authority_is_asked_by_https_for_a_name() {
        assert!(refused("acme_directory = 'http://acme.example.com/directory'").contains("must be https"));
        assert!(refused("acme_directory = 'nowhere'").contains("no address"));
        let directory = "acme_directory = 'https://acme.example.com/directory'\n";
        assert!(refused(&format!("{directory}acme_contact = 'nobody'")).contains("acme_contact"));
        assert!(refused(&format!("{directory}acme_ca = '/nowhere/ca.pem'")).contains("acme_ca names /nowhere/ca.pem"));
        let values = from_toml(directory).unwrap();
        let error = parse(&values, "https://192.0.2.1", None).err().unwrap().to_string();
        assert!(error.contains("needs a public_url with a name"), "{error}");
        assert!(parse(&values, "https://id.example.com", None).unwrap().is_some());
    }
}
