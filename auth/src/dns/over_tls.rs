//! A server of the DNS that is asked over TLS (RFC 7858): TLS 1.2 or 1.3, and a certificate for the name in the settings by an
//! authority that is known. When there is none nobody is asked, least of all in the clear.

use anyhow::{Context as _, anyhow, ensure};
use rustls_native_certs::load_native_certs;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

/// Of DNS over TLS.
const PORT: u16 = 853;

/// A server, and how its certificate is judged.
#[derive(Clone)]
pub struct TlsServer {
    /// Looked up by the system; whoever answers there must prove the name.
    host: String,
    port: u16,
    name: ServerName<'static>,
    connector: TlsConnector,
}

impl TlsServer {
    /// Reads `tls://dns.example.com:853`.
    pub(super) fn parse(text: &str, ca_pem: Option<&[u8]>) -> anyhow::Result<Self> {
        let url = Url::parse(text).context("it is no address such as tls://dns.example.com")?;
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && ["", "/"].contains(&url.path())
            && url.query().is_none()
            && url.fragment().is_none();
        ensure!(is_bare, "it must end with its host or its port, and name no user");
        let host = match url.host().context("it names no host")? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let name = ServerName::try_from(host.clone()).context("its host can be in no certificate")?;
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_root_certificates(authorities(ca_pem)?)
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(config));
        Ok(Self { host, port: url.port().unwrap_or(PORT), name, connector })
    }

    /// Connects, and believes nobody without that name.
    pub(super) async fn connect(&self) -> anyhow::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let stream = self.connector.connect(self.name.clone(), stream).await;
        stream.context("the server of the DNS does not prove its name over TLS")
    }
}

/// Those of the system, and those of a file.
fn authorities(ca_pem: Option<&[u8]>) -> anyhow::Result<RootCertStore> {
    let mut known = RootCertStore::empty();
    known.add_parsable_certificates(load_native_certs().certs);
    if let Some(pem) = ca_pem {
        let added: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let added = added.map_err(|_| anyhow!("dns_ca is no PEM"))?;
        ensure!(!added.is_empty(), "dns_ca has no certificate");
        for authority in added {
            known.add(authority).context("dns_ca has a certificate that cannot be used")?;
        }
    }
    ensure!(!known.is_empty(), "the system has no certificate authorities; name one by dns_ca");
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::super::{DnsResolver, DnsServer, DomainResolver as _};
    use super::*;
    use crate::random::SystemRandom;
    use std::net::SocketAddr;
    use std::sync::Mutex;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::pki_types::PrivateKeyDer;

    const AUTHORITY: &[u8] = include_bytes!("../../tests/certificates/authority.pem");
    const CERTIFICATE: &[u8] = include_bytes!("../../tests/certificates/first.pem");
    const KEY: &[u8] = include_bytes!("../../tests/certificates/first.key.pem");
    const ENDED: &[u8] = include_bytes!("../../tests/certificates/ended.pem");
    const KEY_OF_ENDED: &[u8] = include_bytes!("../../tests/certificates/ended.key.pem");
    const NAME: &str = "acme.example";

    /// A server over TLS that answers each question with one text, and counts them.
    async fn server(certificate: &[u8], key: &[u8]) -> (SocketAddr, Arc<Mutex<usize>>) {
        let chain = CertificateDer::pem_slice_iter(certificate).collect::<Result<Vec<_>, _>>().unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_slice(key).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let Ok(length) = stream.read_u16().await else { continue };
                let mut answer = vec![0; usize::from(length)];
                stream.read_exact(&mut answer).await.unwrap();
                *count.lock().unwrap() += 1;
                answer[2..4].copy_from_slice(&[0x81, 0x80]);
                answer[7] = 1;
                answer.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 4, 3]);
                answer.extend_from_slice(b"a=b");
                stream.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).await.unwrap();
                stream.write_all(&answer).await.unwrap();
                stream.flush().await.unwrap();
            }
        });
        (address, asked)
    }

    /// Asks it under a name; gives the texts, or why there are none.
    async fn asked(host: &str, port: u16, ca_pem: Option<&[u8]>) -> Result<Vec<String>, String> {
        let server = DnsServer::parse(&format!("tls://{host}:{port}"), ca_pem).map_err(|error| format!("{error:#}"))?;
        let resolver = DnsResolver::new(Some(server), Arc::new(SystemRandom));
        resolver.texts(NAME).await.map_err(|error| format!("{error:#}"))
    }

    #[tokio::test]
    async fn a_text_comes_over_tls() {
        let (address, count) = server(CERTIFICATE, KEY).await;
        for host in ["localhost", "127.0.0.1"] {
            assert_eq!(asked(host, address.port(), Some(AUTHORITY)).await, Ok(vec!["a=b".to_owned()]), "{host}");
        }
        assert_eq!(*count.lock().unwrap(), 2);
    }

    #[tokio::test]
    async fn who_does_not_prove_the_name_is_asked_nothing() {
        let (good, count) = server(CERTIFICATE, KEY).await;
        let unknown = asked("localhost", good.port(), None).await.unwrap_err();
        assert!(unknown.contains("authorit") || unknown.contains("prove its name"), "{unknown}");
        let (ended, count_of_ended) = server(ENDED, KEY_OF_ENDED).await;
        let refused = asked("localhost", ended.port(), Some(AUTHORITY)).await.unwrap_err();
        assert!(refused.contains("prove its name"), "{refused}");
        let server = TlsServer::parse(&format!("tls://localhost:{}", good.port()), Some(AUTHORITY)).unwrap();
        let other = TlsServer { name: ServerName::try_from("other.example.com").unwrap(), ..server };
        let resolver = DnsResolver::new(Some(DnsServer::Tls(other)), Arc::new(SystemRandom));
        let refused = format!("{:#}", resolver.texts(NAME).await.unwrap_err());
        assert!(refused.contains("prove its name"), "{refused}");
        assert_eq!((*count.lock().unwrap(), *count_of_ended.lock().unwrap()), (0, 0), "no question left");
    }

    /// A server that speaks no TLS, and what it is told.
    async fn plain() -> (SocketAddr, JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let told = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut told = vec![0; 4096];
            let length = stream.read(&mut told).await.unwrap();
            told.truncate(length);
            stream.write_all(&[0, 12, 0, 0, 0x81, 0x80]).await.unwrap();
            told
        });
        (address, told)
    }

    #[tokio::test]
    async fn nothing_is_asked_in_the_clear_instead() {
        let (address, told) = plain().await;
        assert!(asked("localhost", address.port(), Some(AUTHORITY)).await.is_err());
        let told = told.await.unwrap();
        assert_eq!(told[0], 22, "it began a handshake");
        assert!(!told.windows(4).any(|part| part == b"acme"), "and the question is not in it");
    }

    #[tokio::test(start_paused = true)]
    async fn who_shakes_no_hands_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let waited = tokio::time::timeout(Duration::from_secs(6), asked("127.0.0.1", port, Some(AUTHORITY))).await;
        assert!(waited.expect("within five seconds").is_err());
    }

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        let parsed = |text: &str| TlsServer::parse(text, Some(AUTHORITY)).map(|server| (server.host, server.port));
        for (text, host, port) in [
            ("tls://dns.example.com", "dns.example.com", 853),
            ("tls://dns.example.com:8853/", "dns.example.com", 8853),
            ("tls://192.0.2.53", "192.0.2.53", 853),
            ("tls://[2001:db8::53]:853", "2001:db8::53", 853),
        ] {
            assert_eq!(parsed(text).unwrap(), (host.to_owned(), port), "{text}");
        }
        for text in [
            "tls://",
            "tls:dns.example.com",
            "tls://ada@dns.example.com",
            "tls://dns.example.com/dns-query",
            "tls://dns.example.com?x",
            "tls://dns.example.com:99999",
        ] {
            assert!(parsed(text).is_err(), "{text}");
        }
        for pem in ["hunter2", "-----BEGIN CERTIFICATE-----\nhunter2"] {
            let error = TlsServer::parse("tls://dns.example.com", Some(pem.as_bytes())).err().unwrap();
            assert!(format!("{error:#}").contains("dns_ca"), "{error:#}");
            assert!(!format!("{error:#}").contains("hunter2"), "{error:#}");
        }
    }
}
