//! `keywright health`: asks the running program on this machine whether it is ready. For images and units without a shell or
//! another program that could ask.

use anyhow::{Context as _, ensure};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, StatusCode};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use url::Url;

use crate::settings::source::{self, Values};
use crate::settings::{listen, public_url};

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
    let Some(file) = values.get("tls_certificate").filter(|file| !file.is_empty()) else {
        // In the clear nobody has to be believed: an image without authorities will do.
        return Ok((client.tls_certs_only([]).build()?, format!("http://{address}/health/ready")));
    };
    let pem = std::fs::read(file).with_context(|| format!("tls_certificate names {file}, which cannot be read"))?;
    let chain = Certificate::from_pem_bundle(&pem).with_context(|| format!("{file} is no PEM"))?;
    let public = Url::parse(&public_url(values)).context("public_url")?;
    let host = public.host_str().context("public_url has no host")?;
    let client = client.tls_certs_merge(chain).resolve(host, address);
    Ok((client.build()?, format!("https://{host}:{}/health/ready", address.port())))
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
}
