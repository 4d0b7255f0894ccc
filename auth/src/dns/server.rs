//! Who is asked: a server in the clear, for this machine, or one over TLS (RFC 7858).

use anyhow::Context as _;
use std::net::SocketAddr;

use super::over_tls::TlsServer;

/// A server of the DNS.
#[derive(Clone)]
pub enum DnsServer {
    /// By UDP and TCP: whoever is on the way reads the question, and may answer it.
    Plain(SocketAddr),
    /// By TLS, with a certificate for the name that the settings say.
    Tls(TlsServer),
}

impl DnsServer {
    /// Reads `192.0.2.53:53`, or `tls://dns.example.com` with or without a port. `ca_pem` has authorities that are trusted
    /// besides the system's.
    ///
    /// # Errors
    /// When it is neither, or no authority is known.
    pub fn parse(text: &str, ca_pem: Option<&[u8]>) -> anyhow::Result<Self> {
        if text.starts_with("tls:") {
            return TlsServer::parse(text, ca_pem).map(Self::Tls);
        }
        text.parse().map(Self::Plain).context("it is no address with a port")
    }

    /// Whether nobody on a network hears the question or answers in its place (ASVS 5.0, 12.3.1).
    pub fn is_private(&self) -> bool {
        match self {
            Self::Plain(address) => address.ip().is_loopback(),
            Self::Tls(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHORITY: &[u8] = include_bytes!("../../tests/certificates/authority.pem");

    #[test]
    fn this_machine_and_tls_are_private_and_nothing_else() {
        for (text, is_private) in [
            ("127.0.0.53:53", true),
            ("[::1]:53", true),
            ("192.0.2.53:53", false),
            ("0.0.0.0:53", false),
            ("[2001:db8::53]:53", false),
            ("tls://dns.example.com", true),
            ("tls://192.0.2.53:8853", true),
        ] {
            let server = DnsServer::parse(text, Some(AUTHORITY)).unwrap();
            assert_eq!(server.is_private(), is_private, "{text}");
        }
        for text in ["dns.example.com", "192.0.2.53", "https://dns.example.com/dns-query", "udp://192.0.2.53:53", ""] {
            assert!(DnsServer::parse(text, Some(AUTHORITY)).is_err(), "{text}");
        }
    }
}
