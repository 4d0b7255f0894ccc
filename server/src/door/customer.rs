//! Who shares an address: one customer has a whole /64 of IPv6 (RFC 6177).

use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 address that lie within one customer's network.
const WITHIN_NETWORK: u128 = (1 << 64) - 1;

/// What all addresses of one customer have in common.
pub(crate) fn customer_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !WITHIN_NETWORK).into(),
    }
}
