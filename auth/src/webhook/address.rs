//! The address of a webhook, judged when it is registered. It is judged again in each moment of connecting.

use url::{Host, Url};

use crate::FieldIssue;
use crate::outward::{AllowedHosts, BadAddress, GuardedNames};

/// Most characters of an address.
const MAX_LENGTH: usize = 500;
/// Ports below this are those of services of a machine (mail, shells, directories, printers), which would read what is posted as
/// commands. Of them only the one of https is asked (ASVS 5.0, 1.3.6).
const FIRST_FREE_PORT: u16 = 1024;

/// Reads an address that somebody wants to be called at. One whose name is not known yet is taken; no name is asked for
/// that is not on the list.
///
/// # Errors
/// [`FieldIssue::Required`], [`FieldIssue::TooLong`], [`FieldIssue::InvalidUrl`], [`FieldIssue::PrivateAddress`],
/// [`FieldIssue::HostNotAllowed`].
pub(crate) async fn admit_address(names: &GuardedNames, hosts: &AllowedHosts, text: &str) -> Result<Url, FieldIssue> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldIssue::Required);
    }
    if text.len() > MAX_LENGTH {
        return Err(FieldIssue::TooLong);
    }
    let url = names.guard.parse(text).map_err(issue)?;
    // None for that of the scheme.
    if url.port().is_some_and(|port| port < FIRST_FREE_PORT) {
        return Err(FieldIssue::InvalidUrl);
    }
    if !hosts.contain(&url) {
        return Err(FieldIssue::HostNotAllowed);
    }
    if let Some(Host::Domain(name)) = url.host()
        && names.is_known_as_private(name).await
    {
        return Err(FieldIssue::PrivateAddress);
    }
    Ok(url)
}

/// The host of an address: what is told of it where its path and query, which may hold a key, are nobody's business.
pub(crate) fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned()
}

const fn issue(bad: BadAddress) -> FieldIssue {
    match bad {
        BadAddress::Private => FieldIssue::PrivateAddress,
        BadAddress::Unreadable | BadAddress::NoHost | BadAddress::Unsafe | BadAddress::User | BadAddress::Fragment => {
            FieldIssue::InvalidUrl
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outward::{Guard, HostNames, LookUp};
    use std::io;
    use std::sync::Arc;

    /// Knows one name, which leads to a private address.
    struct OneName;

    impl HostNames for OneName {
        fn look_up<'a>(&'a self, name: &'a str) -> LookUp<'a> {
            Box::pin(async move {
                if name == "nearby.example.com" {
                    return Ok(vec!["10.0.0.7".parse().unwrap()]);
                }
                Err(io::Error::other("unknown"))
            })
        }
    }

    async fn admitted(text: &str) -> Result<String, FieldIssue> {
        admitted_to("*", text).await
    }

    async fn admitted_to(hosts: &str, text: &str) -> Result<String, FieldIssue> {
        let names = GuardedNames::new(Guard { private_addresses: false }, Arc::new(OneName));
        admit_address(&names, &AllowedHosts::parse(hosts).unwrap(), text).await.map(String::from)
    }

    #[tokio::test]
    async fn a_public_address_is_taken_where_the_operator_allows_its_host() {
        let address = "https://hooks.example.com/in";
        assert_eq!(admitted_to("other.example.com, *.example.com", address).await.as_deref(), Ok(address));
        assert_eq!(admitted_to("other.example.com", address).await, Err(FieldIssue::HostNotAllowed));
        assert_eq!(admitted_to("", address).await, Err(FieldIssue::HostNotAllowed));
    }

    #[tokio::test]
    async fn the_list_allows_no_private_address() {
        for (hosts, address) in [
            ("127.0.0.1", "https://127.0.0.1/"),
            ("localhost", "https://localhost/"),
            ("nearby.example.com", "https://nearby.example.com/"),
        ] {
            assert_eq!(admitted_to(hosts, address).await, Err(FieldIssue::PrivateAddress), "{address}");
        }
    }

    #[tokio::test]
    async fn addresses_of_the_internet_are_taken() {
        for (text, kept) in [
            (" https://hooks.example.com/in?key=1 ", "https://hooks.example.com/in?key=1"),
            ("https://HOOKS.example.com", "https://hooks.example.com/"),
            ("https://hooks.example.com:8443/a", "https://hooks.example.com:8443/a"),
            ("https://hooks.example.com:443/a", "https://hooks.example.com/a"),
            ("https://hooks.example.com:1024/", "https://hooks.example.com:1024/"),
            ("https://hooks.example.com:65535/", "https://hooks.example.com:65535/"),
            ("https://1.1.1.1/", "https://1.1.1.1/"),
            ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
        ] {
            assert_eq!(admitted(text).await.as_deref(), Ok(kept));
        }
        assert_eq!(host_of("https://hooks.example.com/secret?key=1"), "hooks.example.com");
    }

    #[tokio::test]
    async fn private_addresses_are_refused_in_every_form() {
        for text in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://127.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
            "https://0/",
            "https://0.0.0.0/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://172.31.255.254/",
            "https://192.168.1.1/",
            "https://3232235777/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://0xa9fea9fe/",
            "https://168.63.129.16/",
            "https://192.0.0.8/",
            "https://198.18.0.1/",
            "https://203.0.113.9/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::]/",
            "https://[::1]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::127.0.0.1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[64:ff9b:1::1]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[fd12:3456:789a::1]/",
            "https://[fec0::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[2002:7f00:1::]/",
            "https://localhost/",
            "https://localhost./",
            "https://LOCALHOST/",
            "https://api.localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://router.home.arpa/",
            "https://keycloak:8443/",
            "https://nearby.example.com/",
            "http://127.0.0.1/",
        ] {
            assert_eq!(admitted(text).await, Err(FieldIssue::PrivateAddress), "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_no_address_of_a_webhook_is_refused() {
        assert_eq!(admitted("  ").await, Err(FieldIssue::Required));
        assert_eq!(admitted(&format!("https://hooks.example.com/{}", "x".repeat(500))).await, Err(FieldIssue::TooLong));
        for text in [
            "hooks.example.com",
            "http://hooks.example.com/",
            "ftp://hooks.example.com/",
            "gopher://hooks.example.com/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "javascript:alert(1)",
            "https://",
            "https://user@hooks.example.com/",
            "https://user:secret@hooks.example.com/",
            "https://hooks.example.com/#top",
            "https://hooks.example.com:0/",
            "https://hooks.example.com:22/",
            "https://hooks.example.com:25/",
            "https://hooks.example.com:80/",
            "https://hooks.example.com:445/",
            "https://hooks.example.com:1023/",
            "https://hooks.example.com:65536/",
            "https://[::1",
            "\0",
        ] {
            assert_eq!(admitted(text).await, Err(FieldIssue::InvalidUrl), "{text:?}");
        }
    }
}
