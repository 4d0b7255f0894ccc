//! Answers of the DNS, and addresses at which somebody wants to be called.

use auth::dns::fuzzed::texts;
use auth::outward::fuzzed::admitted;
use url::{Host, Url};

const NUMBER: u16 = 0x1234;
const NAME: &str = "acme.example";

pub fn fuzz(data: &[u8]) {
    let Some((part, data)) = data.split_first() else { return };
    if part % 2 == 0 {
        let Some(texts) = texts(NUMBER, NAME, data) else { return };
        // A byte that is no text is told as a character of three.
        assert!(texts.iter().map(String::len).sum::<usize>() <= 3 * data.len());
        assert_eq!(data[..2], NUMBER.to_be_bytes(), "the answer to another question");
        return;
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(address) = admitted(text) else { return };
    assert_eq!(admitted(&address).as_deref(), Some(address.as_str()));
    let url = Url::parse(&address).expect("it was read before");
    assert_eq!(url.scheme(), "https");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
    match url.host().expect("it names a machine") {
        Host::Domain(name) => assert!(name != "localhost" && !name.ends_with(".localhost") && !name.is_empty()),
        Host::Ipv4(ip) => {
            assert!(
                !ip.is_loopback()
                    && !ip.is_private()
                    && !ip.is_link_local()
                    && !ip.is_broadcast()
                    && ip.octets()[0] != 0
            );
        }
        Host::Ipv6(ip) => {
            assert!(!ip.is_loopback() && !ip.is_unspecified() && !ip.is_unique_local() && !ip.is_unicast_link_local());
            assert!(ip.to_ipv4_mapped().is_none_or(|ip| !ip.is_loopback() && !ip.is_private()));
        }
    }
}
