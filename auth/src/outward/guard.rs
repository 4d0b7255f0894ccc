//! Which addresses of the network are asked: whoever names an address to a server could else make it speak to machines
//! that only it can reach (server-side request forgery; ASVS 5.0, 1.3.6; RFC 6890, RFC 9637). Names are judged by what
//! they resolve to, in the moment of connecting, so that a name cannot mean one machine when it is judged and another
//! one when it is asked.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What may be asked.
#[derive(Clone, Copy)]
pub(crate) struct Guard {
    /// Whether private addresses may be, and those in the clear.
    pub(crate) private_addresses: bool,
}

/// Why an address is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadAddress {
    /// It cannot be read.
    #[error("it is no address")]
    Unreadable,
    /// It names no machine.
    #[error("it has no host")]
    NoHost,
    /// It stands for this machine or its network.
    #[error("it is a private address, and those are not allowed")]
    Private,
    /// It would be asked in the clear, or by something else than HTTP.
    #[error("it must be https://…")]
    Unsafe,
    /// It carries a name or a password.
    #[error("it must name no user")]
    User,
    /// It has a part that is never sent.
    #[error("it must have no fragment")]
    Fragment,
}

impl Guard {
    /// Reads an address, and judges what can be judged of it before its name is resolved.
    pub(crate) fn parse(self, text: &str) -> Result<Url, BadAddress> {
        let url = Url::parse(text).map_err(|_| BadAddress::Unreadable)?;
        self.check(&url)?;
        Ok(url)
    }

    /// Judges an address: https, or http to a private one where those are allowed.
    pub(crate) fn check(self, url: &Url) -> Result<(), BadAddress> {
        let is_private = match url.host() {
            Some(Host::Domain(name)) => is_local_name(name),
            Some(Host::Ipv4(address)) => !is_public(address.into()),
            Some(Host::Ipv6(address)) => !is_public(address.into()),
            None => return Err(BadAddress::NoHost),
        };
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_private);
        if is_private && !self.private_addresses {
            Err(BadAddress::Private)
        } else if !is_safe {
            Err(BadAddress::Unsafe)
        } else if !url.username().is_empty() || url.password().is_some() {
            Err(BadAddress::User)
        } else if url.fragment().is_some() {
            Err(BadAddress::Fragment)
        } else {
            Ok(())
        }
    }

    /// Takes addresses that a name resolved to. One private one among them spoils all.
    pub(super) fn admit(self, addresses: Vec<IpAddr>) -> io::Result<Vec<IpAddr>> {
        let is_good = self.private_addresses || addresses.iter().all(|address| is_public(*address));
        if is_good { Ok(addresses) } else { Err(io::Error::other("its name leads to a private address")) }
    }
}

/// A name that stands for this machine or its network (RFC 6761, RFC 6762, RFC 8375), or has one label only.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let is_within = |zone: &str| name.strip_suffix(zone).is_some_and(|front| front.ends_with('.'));
    !name.contains('.') || ["localhost", "local", "internal", "test", "home.arpa"].into_iter().any(is_within)
}

/// Whether an address is one of the public Internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Not what IANA's registry of special IPv4 addresses names (RFC 6890), and no multicast.
fn is_public_v4(address: Ipv4Addr) -> bool {
    // Given out, but only machines of one cloud reach it, and it answers them alone.
    const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let [a, b, c, _] = address.octets();
    address != AZURE
        && !matches!(
            (a, b, c),
            (0 | 10 | 127 | 224..=255, _, _)
                | (100, 64..=127, _)
                | (169, 254, _)
                | (172, 16..=31, _)
                | (192, 0, 0 | 2)
                | (192, 88, 99)
                | (192, 168, _)
                | (198, 18 | 19, _)
                | (198, 51, 100)
                | (203, 0, 113)
        )
}

/// Within 2000::/3, which is all that was given out. So IPv4 that is mapped (::ffff:0:0/96) or translated
/// (64:ff9b::/96, RFC 6052), local and multicast addresses are none; within it, neither Teredo and its like
/// (2001::/23), 6to4 (2002::/16), nor those of documents (2001:db8::/32, 3fff::/20).
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let is_special = match first {
        0x2001 => second < 0x0200 || second == 0x0db8,
        0x2002 => true,
        0x3fff => second < 0x1000,
        _ => false,
    };
    (0x2000..=0x3fff).contains(&first) && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: Guard = Guard { private_addresses: false };
    const PRIVATE: Guard = Guard { private_addresses: true };

    #[test]
    fn addresses_of_machines_nearby_are_not_public() {
        for private in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.1.1",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450:4001::200e",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_https_to_public_names_is_asked() {
        for good in ["https://accounts.example.com", "https://id.example.com:8443/realms/a", "https://1.1.1.1/"] {
            assert!(PUBLIC.parse(good).is_ok(), "{good}");
        }
        for bad in [
            "accounts.example.com",
            "http://accounts.example.com",
            "ftp://accounts.example.com",
            "file:///etc/passwd",
            "https://127.0.0.1",
            "https://0x7f.1",
            "https://2130706433/",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "https://169.254.169.254/latest/meta-data",
            "https://localhost",
            "https://localhost.",
            "https://a.localhost",
            "https://metadata.google.internal",
            "https://keycloak:8080",
            "https://user:secret@accounts.example.com",
            "https://accounts.example.com/#top",
        ] {
            assert!(PUBLIC.parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn private_addresses_may_be_asked_where_the_setting_allows_it_and_nothing_else_in_the_clear() {
        for good in ["http://127.0.0.1:3000", "http://[::1]:3000", "http://localhost", "http://keycloak:8080/realms/a"]
        {
            assert!(PRIVATE.parse(good).is_ok(), "{good}");
        }
        for bad in ["http://accounts.example.com", "http://1.1.1.1", "ftp://127.0.0.1"] {
            assert!(PRIVATE.parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_private_address_spoils_all() {
        let mixed: Vec<IpAddr> = vec!["8.8.8.8".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        assert!(PUBLIC.admit(mixed.clone()).is_err());
        assert_eq!(PRIVATE.admit(mixed).unwrap().len(), 2);
    }
}
