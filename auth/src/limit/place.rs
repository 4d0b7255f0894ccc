//! Where somebody comes from, as limits see it. Whoever has an IPv6 address has a whole /64 of them, and often a /48 (RFC
//! 6177; RFC 8981): a client is the /64. The network of an IPv4 address is its /24.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A client and its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub client: String,
    pub network: String,
}

impl Place {
    /// None where the address is unknown: whoever cannot be told apart is not counted together.
    pub fn of(address: &str) -> Option<Self> {
        Some(match address.parse::<IpAddr>().ok()?.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self { client: address.to_string(), network: format!("{}/24", Ipv4Addr::new(a, b, c, 0)) }
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self {
                    client: format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)),
                    network: format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: &str) -> (String, String) {
        let place = Place::of(address).unwrap();
        (place.client, place.network)
    }

    #[test]
    fn neighbours_share() {
        assert_eq!(place("192.0.2.7"), ("192.0.2.7".into(), "192.0.2.0/24".into()));
        assert_eq!(place("::ffff:192.0.2.7"), place("192.0.2.7"));
        assert_eq!(place("2001:db8:1:2:3:4:5:6"), ("2001:db8:1:2::/64".into(), "2001:db8:1::/48".into()));
        assert_eq!(place("2001:db8:1:2::1"), place("2001:db8:1:2:ffff::1"));
        assert_ne!(place("2001:db8:1:3::1").0, place("2001:db8:1:2::1").0);
        assert_eq!(place("2001:db8:1:3::1").1, place("2001:db8:1:2::1").1);
        assert_eq!(Place::of(""), None);
        assert_eq!(Place::of("somewhere"), None);
    }
}
