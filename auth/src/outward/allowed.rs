//! Which hosts may be asked at all: those on the operator's list, and nothing else, however public it is (ASVS 5.0, 13.2.4
//! and 13.2.5). It stands beside the guard: a host on the list that leads to a private address is refused all the same.

use anyhow::{Context as _, ensure};
use url::{Host, Url};

/// Hosts that may be asked. Without a list there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<Allowed>);

/// One line of the list. Without a port it means the port of https, or of http where that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Allowed {
    /// Every host, at every port.
    Everywhere,
    /// This host.
    Host(Host, Option<u16>),
    /// Every name below this one, and not the name itself.
    Below(String, Option<u16>),
}

impl AllowedHosts {
    /// Reads a list with commas of `hooks.example.com`, `*.example.com` (what is below it), either with a port, and `*`
    /// (every public host).
    ///
    /// # Errors
    /// The first line that is none of these.
    pub fn parse(list: &str) -> anyhow::Result<Self> {
        let lines = list.split(',').map(str::trim).filter(|line| !line.is_empty());
        lines.map(Allowed::parse).collect::<anyhow::Result<_>>().map(Self)
    }

    /// Whether the host of an address is on the list.
    pub(crate) fn contain(&self, url: &Url) -> bool {
        self.0.iter().any(|allowed| allowed.covers(url))
    }
}

impl Allowed {
    fn parse(line: &str) -> anyhow::Result<Self> {
        if line == "*" {
            return Ok(Self::Everywhere);
        }
        let (name, is_below) = line.strip_prefix("*.").map_or((line, false), |name| (name, true));
        let is_bare = !name.contains(['/', '\\', '?', '#', '@', '*']);
        // Read as addresses are, so that both are written alike: in small letters, in Punycode, in one form of numbers.
        let url = Url::parse(&format!("https://{name}")).ok().filter(|_| is_bare);
        let words = || format!("{line} is no host such as hooks.example.com, *.example.com or hooks.example.com:8443");
        let url = url.with_context(words)?;
        let (host, port) = (url.host().with_context(words)?.to_owned(), url.port());
        match host {
            Host::Domain(name) if is_below => {
                ensure!(name.contains('.') && !name.ends_with('.'), "{line} is everything below a top-level domain");
                Ok(Self::Below(name, port))
            }
            host => {
                ensure!(!is_below, words());
                Ok(Self::Host(host, port))
            }
        }
    }

    fn covers(&self, url: &Url) -> bool {
        let is_at = |port: Option<u16>| match port {
            None => url.port().is_none(),
            port => url.port_or_known_default() == port,
        };
        // A name may end in the dot of the root, and means the same machine.
        let bare = |name: &str| name.strip_suffix('.').unwrap_or(name).to_owned();
        match (self, url.host()) {
            (Self::Everywhere, Some(_)) => true,
            (Self::Host(Host::Domain(wanted), port), Some(Host::Domain(name))) => {
                bare(name) == bare(wanted) && is_at(*port)
            }
            (Self::Host(wanted, port), Some(host)) => *wanted == host && is_at(*port),
            (Self::Below(zone, port), Some(Host::Domain(name))) => {
                let name = bare(name);
                let front = name.strip_suffix(zone.as_str()).and_then(|front| front.strip_suffix('.'));
                front.is_some_and(|front| !front.is_empty()) && is_at(*port)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(list: &str, address: &str) -> bool {
        AllowedHosts::parse(list).unwrap().contain(&Url::parse(address).unwrap())
    }

    #[test]
    fn what_is_on_the_list_may_be_asked() {
        for (list, address) in [
            ("hooks.example.com", "https://hooks.example.com/in?key=1"),
            ("hooks.example.com", "https://HOOKS.example.com./in"),
            ("hooks.example.com", "https://hooks.example.com:443/in"),
            (" one.example.com , hooks.example.com,", "https://hooks.example.com/"),
            ("hooks.example.com:8443", "https://hooks.example.com:8443/"),
            ("*.example.com", "https://hooks.example.com/"),
            ("*.example.com", "https://in.hooks.example.com./"),
            ("*.example.com:8443", "https://hooks.example.com:8443/"),
            ("BÜCHER.example.com", "https://xn--bcher-kva.example.com/"),
            ("1.1.1.1", "https://0x1010101/"),
            ("[2606:4700:0::1111]", "https://[2606:4700::1111]/"),
            ("127.0.0.1", "http://127.0.0.1/"),
            ("127.0.0.1:3000", "http://127.0.0.1:3000/"),
            ("*", "https://hooks.example.com:8443/"),
            ("*", "https://1.1.1.1/"),
        ] {
            assert!(contains(list, address), "{list}: {address}");
        }
    }

    #[test]
    fn whatever_is_not_on_the_list_may_not() {
        for (list, address) in [
            ("", "https://hooks.example.com/"),
            (" , ", "https://hooks.example.com/"),
            ("hooks.example.com", "https://example.com/"),
            ("hooks.example.com", "https://in.hooks.example.com/"),
            ("hooks.example.com", "https://hooks.example.com.evil.example/"),
            ("hooks.example.com", "https://evil.example/hooks.example.com"),
            ("hooks.example.com", "https://hooks.example.com:8443/"),
            ("hooks.example.com:8443", "https://hooks.example.com/"),
            ("*.example.com", "https://example.com/"),
            ("*.example.com", "https://evilexample.com/"),
            ("*.example.com", "https://hooks.example.com.evil.example/"),
            ("*.example.com", "https://hooks.example.com:8443/"),
            ("*.example.com:8443", "https://hooks.example.com/"),
            ("*.example.com", "https://1.1.1.1/"),
            ("1.1.1.1", "https://1.1.1.2/"),
            ("[2606:4700::1111]", "https://[2606:4700::1112]/"),
        ] {
            assert!(!contains(list, address), "{list}: {address}");
        }
        let nobody = AllowedHosts::default();
        assert!(!nobody.contain(&Url::parse("https://hooks.example.com/").unwrap()), "nothing is allowed by itself");
    }

    #[test]
    fn what_is_no_host_is_named() {
        for line in [
            "https://hooks.example.com",
            "hooks.example.com/in",
            "user@hooks.example.com",
            "hooks.example.com?key=1",
            "hooks.example.com:http",
            "hooks.example.com:65536",
            "hooks example.com",
            "hooks.*.example.com",
            "**.example.com",
            "*example.com",
            "*.com",
            "*.com.",
            "*.",
            "*.1.1.1.1",
            "10.0.0.0/8",
            "[::1",
        ] {
            let error = AllowedHosts::parse(&format!("good.example.com, {line}")).unwrap_err().to_string();
            assert!(error.starts_with(line), "{line}: {error}");
        }
    }
}
