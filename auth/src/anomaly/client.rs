//! From which client somebody comes, as far as its address tells.

use std::net::{IpAddr, Ipv6Addr};

/// The client of an address: of IPv6 the network of 64 bits that one household or machine has (RFC 6177). None for what is
/// no address, and for a loopback one: behind it are all clients of a proxy that nobody trusts.
pub(crate) fn client_of(address: &str) -> Option<IpAddr> {
    let address = address.parse::<IpAddr>().ok()?.to_canonical();
    if address.is_loopback() || address.is_unspecified() {
        return None;
    }
    Some(match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(whole) => Ipv6Addr::from_bits(whole.to_bits() & (u128::MAX << 64)).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_a_network_of_ipv6_are_one_client() {
        assert_eq!(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:2:ffff::9"));
        assert_ne!(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:3::1"));
        assert_ne!(client_of("192.0.2.1"), client_of("192.0.2.2"));
        assert_eq!(client_of("::ffff:192.0.2.1"), client_of("192.0.2.1"));
    }

    #[test]
    fn who_is_nowhere_is_no_client() {
        for nowhere in ["", "unknown", "127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "192.0.2.1:80"] {
            assert_eq!(client_of(nowhere), None, "{nowhere}");
        }
    }
}
