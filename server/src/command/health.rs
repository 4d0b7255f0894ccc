//! `keywright health`: asks the running program on this machine whether it is ready. For images and units without a shell or
//! another program that could ask.

use anyhow::{Context as _, ensure};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, StatusCode};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

use crate::settings::source::{self, Values};
use crate::settings::{acme, listen, public_url};

/// The program gives its database two seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks, and says what was answered. Of the settings it reads those of the address alone: no vault is asked, and no database.
///
/// # Errors
/// When nobody answers, or the answer is that the program is not ready.
pub async fn health() -> anyhow::Result<()> {
    let values = source::read()?.values;
    let (client, url) = way_to(&values)?;
    let answer = client.get(&url).send().await;
    let status = answer.map(|answer| answer.status()).with_context(|| format!("no answer from {url}"))?;
    ensure!(status == StatusCode::OK, "{url} answers {}: it is not ready, and its body says why", status.as_u16());
    println!("ready");
    Ok(())
}

/// How the program is asked. Its certificate is verified as a browser would, for the host of `public_url`, and its own file
/// may name an authority that the system does not know.
fn way_to(values: &Values) -> anyhow::Result<(Client, String)> {
    let address = on_this_machine(listen(values)?);
    let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE);
    let Some(chain) = believed(values)? else {
        // In the clear nobody has to be believed: an image without authorities will do.
        return Ok((client.tls_certs_only([]).build()?, format!("http://{address}/health/ready")));
    };
    let public = Url::parse(&public_url(values)).context("public_url")?;
    let host = public.host_str().context("public_url has no host")?;
    let client = client.tls_certs_merge(chain).resolve(host, address);
    Ok((client.build()?, format!("https://{host}:{}/health/ready", address.port())))
}

/// What is believed besides the system's authorities; none where the program speaks no TLS.
fn believed(values: &Values) -> anyhow::Result<Option<Vec<Certificate>>> {
    let set = |name: &str| values.get(name).filter(|file| !file.is_empty()).map(PathBuf::from);
    if let Some(file) = set("tls_certificate") {
        return read(&file, "tls_certificate names").map(Some);
    }
    let Some(file) = acme::certificate_file(values) else { return Ok(None) };
    // Until it is there the door speaks with one that nobody believes.
    let mut chain = read(&file, "the authority of acme_directory gave no certificate yet:")?;
    if let Some(authority) = set("acme_ca") {
        chain.extend(read(&authority, "acme_ca names")?);
    }
    Ok(Some(chain))
}

fn read(file: &Path, what: &str) -> anyhow::Result<Vec<Certificate>> {
    let name = file.display();
    let pem = std::fs::read(file).with_context(|| format!("{what} {name}, which cannot be read"))?;
    Certificate::from_pem_bundle(&pem).with_context(|| format!("{name} is no PEM"))
}

/// Where a program that listens on every address is reached from here.
fn on_this_machine(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;

    fn asked(toml: &str) -> String {
        way_to(&from_toml(toml).unwrap()).unwrap().1
    }

    #[test]
    fn it_is_asked_where_it_listens() {
        for (toml, url) in [
            ("", "http://127.0.0.1:3000/health/ready"),
            ("listen = '0.0.0.0:8080'", "http://127.0.0.1:8080/health/ready"),
            ("listen = '[::]:8080'", "http://[::1]:8080/health/ready"),
            ("listen = '10.0.0.5:443'", "http://10.0.0.5:443/health/ready"),
        ] {
            assert_eq!(asked(toml), url, "{toml}");
        }
    }

    #[test]
    fn with_a_certificate_it_is_asked_by_the_name_that_the_certificate_is_for() {
        let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/../auth/tests/certificates/first.pem");
        let toml = "listen = '[::]:443'\npublic_url = 'https://id.example.com/'\n";
        assert_eq!(
            asked(&format!("{toml}tls_certificate = '{certificate}'")),
            "https://id.example.com:443/health/ready"
        );
        let missing = from_toml(&format!("{toml}tls_certificate = '/nowhere.pem'")).unwrap();
        assert!(way_to(&missing).unwrap_err().to_string().contains("/nowhere.pem"));
    }

    #[test]
    fn with_an_authority_it_is_asked_over_tls_and_nothing_else_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let toml = format!(
            "listen = '0.0.0.0:443'\npublic_url = 'https://id.example.com'\nacme_folder = '{}'\n\
             acme_directory = 'https://acme.example.com/directory'",
            folder.path().display()
        );
        let early = way_to(&from_toml(&toml).unwrap()).unwrap_err().to_string();
        assert!(early.contains("gave no certificate yet"), "{early}");
        // Key and certificate in one, as the program writes it.
        let both = concat!(
            include_str!("../../../auth/tests/certificates/first.key.pem"),
            include_str!("../../../auth/tests/certificates/first.pem")
        );
        std::fs::write(folder.path().join("certificate.pem"), both).unwrap();
        assert_eq!(asked(&toml), "https://id.example.com:443/health/ready");
    }
}
