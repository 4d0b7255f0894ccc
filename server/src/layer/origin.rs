//! Where a request comes from, as far as it can be believed (ASVS 5.0, 4.1.3).
//!
//! `X-Forwarded-For` is read from its right end, as long as a listed proxy vouches for what stands there; the right-most
//! address that no listed proxy has is the client's. Everything left of it is hearsay, and so are `Forwarded`
//! (RFC 7239), `X-Real-IP`, `X-Forwarded-Host` and `X-Forwarded-Proto`, which nothing here reads: a proxy that does not
//! know one of them passes on what a stranger wrote.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The header of proxies; each appends whom it was asked by.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// Proxies in a row. What stands further left is not read.
const MOST_HOPS: usize = 32;
/// `[2001:db8:…:ffff]:65535` and some blanks.
const LONGEST_HOP: usize = 64;

/// Where a request comes from. Addresses of IPv4 are never written as IPv6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who is connected; none without a socket.
    pub peer: Option<IpAddr>,
    /// Who asks.
    pub client: Option<IpAddr>,
    /// Whether the peer is a listed proxy.
    pub is_listed: bool,
    /// Whether the header is there.
    pub has_header: bool,
    /// Whether the header names an address further left, which is not believed.
    pub names_more: bool,
}

impl Origin {
    /// The client's address as a text; empty without a socket.
    pub fn address(&self) -> String {
        self.client.map(|address| address.to_string()).unwrap_or_default()
    }
}

/// Where a request of this peer comes from.
pub fn origin(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Origin {
    let Some(peer) = peer.map(|peer| peer.to_canonical()) else { return Origin::default() };
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    // Several lines count as one (RFC 9110, 5.3); an empty place in a list counts as none (5.6.1).
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut hops = hops.take(MOST_HOPS).map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty());
    let mut client = peer;
    while is_trusted(&client) {
        let Some(next) = hops.next().and_then(hop_address) else { break };
        client = next;
    }
    Origin {
        peer: Some(peer),
        client: Some(client),
        is_listed: is_trusted(&peer),
        has_header: headers.contains_key(FORWARDED_FOR),
        names_more: hops.next().and_then(hop_address).is_some(),
    }
}

/// `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`, and each with a port. What a client wrote may be anything, also no text.
fn hop_address(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok().filter(|hop| hop.len() <= LONGEST_HOP)?;
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    hop.parse::<IpAddr>().ok().or_else(with_port).or_else(bare).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const PROXIES: [&str; 2] = ["10.0.0.0/8", "2001:db8:1::/48"];

    fn read(peer: &str, lines: &[&[u8]], trusted: &[&str]) -> Origin {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        origin(peer.parse().ok(), &headers, &trusted)
    }

    fn address(peer: &str, line: &str) -> String {
        read(peer, &[line.as_bytes()], &PROXIES).address()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(read("203.0.113.9", &[b"1.2.3.4"], &[]).address(), "203.0.113.9");
        assert_eq!(address("203.0.113.9", "1.2.3.4"), "203.0.113.9");
        assert_eq!(address("10.0.0.1", "1.2.3.4, 203.0.113.7"), "203.0.113.7");
        assert_eq!(address("10.0.0.1", "1.2.3.4, 203.0.113.7, 10.0.0.2"), "203.0.113.7");
        assert_eq!(address("10.0.0.1", "1.2.3.4, 10.0.0.9, 203.0.113.7, 10.0.0.2"), "203.0.113.7", "not the left one");
        assert_eq!(address("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3", "somebody inside");
        assert_eq!(origin(None, &HeaderMap::new(), &[]).address(), "");
    }

    #[test]
    fn every_way_to_write_an_address_is_read() {
        for (hop, client) in [
            ("203.0.113.7:4711", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:80", "203.0.113.7"),
            ("\t203.0.113.7 ", "203.0.113.7"),
            ("203.0.113.7, ,,", "203.0.113.7"),
        ] {
            assert_eq!(address("10.0.0.1", hop), client, "{hop}");
            assert_eq!(address("::ffff:10.0.0.1", hop), client, "{hop}");
            assert_eq!(address("2001:db8:1::7", hop), client, "{hop}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines: [&[u8]; 3] = [b"1.2.3.4", b"198.51.100.1, 203.0.113.7", b"10.0.0.2"];
        assert_eq!(read("10.0.0.1", &lines, &PROXIES).address(), "203.0.113.7");
        let planted: [&[u8]; 2] = [b"203.0.113.7", b"1.2.3.4"];
        assert_eq!(read("10.0.0.1", &planted, &PROXIES).address(), "1.2.3.4", "the last line is the proxy's");
    }

    #[test]
    fn garbage_ends_the_chain_at_who_vouched_last() {
        let long = "1".repeat(65);
        for garbage in
            ["nonsense", "unknown", "_hidden", "1.2.3", "1.2.3.4.5", "203.0.113.7:port", "[2001:db8::1", "fe80::1%eth0"]
                .into_iter()
                .chain([long.as_str()])
        {
            assert_eq!(address("10.0.0.1", garbage), "10.0.0.1", "{garbage}");
            assert_eq!(address("10.0.0.1", &format!("203.0.113.7, {garbage}, 10.0.0.2")), "10.0.0.2", "{garbage}");
        }
        let no_text: [&[u8]; 1] = [b"\xff\xfe, 203.0.113.7"];
        assert_eq!(read("10.0.0.1", &no_text, &PROXIES).address(), "203.0.113.7");
    }

    #[test]
    fn ten_thousand_hops_are_not_read() {
        let hops = format!("203.0.113.7{}", ", 10.0.0.2".repeat(10_000));
        assert_eq!(address("10.0.0.1", &hops), "10.0.0.2");
        let most = format!("203.0.113.7{}", ", 10.0.0.2".repeat(MOST_HOPS - 1));
        assert_eq!(address("10.0.0.1", &most), "203.0.113.7");
        assert_eq!(address("10.0.0.1", &format!("203.0.113.7{}", ",".repeat(10_000))), "10.0.0.1");
    }

    #[test]
    fn it_is_known_what_was_not_believed() {
        let unlisted = read("203.0.113.9", &[b"1.2.3.4"], &PROXIES);
        assert!(unlisted.has_header && unlisted.names_more && !unlisted.is_listed);
        let whole = read("10.0.0.1", &[b"203.0.113.7"], &PROXIES);
        assert!(whole.has_header && !whole.names_more && whole.is_listed);
        assert!(read("10.0.0.1", &[b"1.2.3.4, 203.0.113.7"], &PROXIES).names_more, "another proxy, or a liar");
        let silent = read("10.0.0.1", &[], &PROXIES);
        assert!(!silent.has_header && !silent.names_more && silent.is_listed);
    }
}
