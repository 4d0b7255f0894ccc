//! Where a native app may be sent back to (RFC 8252, 7; RFC 9700, 2.1 and 4.1).
//!
//! An address is never taken apart and put together again: what is compared is what is sent.

use super::Providers;
use crate::view::NativeApp;

/// Longest address, in bytes.
const LONGEST: usize = 2000;
/// The two hosts that are this machine. `localhost` is none: another entry of the hosts file may answer to it (8.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];
/// Schemes in which a browser runs or shows something itself.
const FORBIDDEN: [&str; 7] = ["about", "blob", "data", "file", "filesystem", "javascript", "vbscript"];

/// The addresses of native apps that an operator set.
#[derive(Default)]
pub struct NativeRedirects(Vec<String>);

impl NativeRedirects {
    /// Takes the addresses of the settings.
    ///
    /// # Errors
    /// When one is no address of an app: it has user-info, a fragment or blanks, is `http:` at another host than this
    /// machine, or is of a scheme that a browser opens itself.
    pub fn new(addresses: Vec<String>) -> anyhow::Result<Self> {
        for address in &addresses {
            anyhow::ensure!(is_of_app(address), "native_redirects: {address:?} is no address of an app");
        }
        Ok(Self(addresses))
    }

    /// Whether an app may be sent there: any port and path of this machine, or exactly one address of the settings.
    pub fn allow(&self, address: &str) -> bool {
        !names_ours(address) && (is_loopback(address) || self.0.iter().any(|known| known == address))
    }
}

impl Providers {
    /// Where native apps may be sent back to.
    pub fn native_redirects(&self) -> &NativeRedirects {
        &self.1
    }
}

/// What a person is told of the app at an address that is allowed. Of this machine anybody may have begun the way, so
/// nothing but its number is said; the others are as the operator wrote them.
pub(crate) fn app_of(address: &str) -> NativeApp {
    let (scheme, rest) = address.split_once(':').unwrap_or((address, ""));
    let host = rest.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    match scheme {
        "http" => NativeApp::ThisDevice(host.to_owned()),
        "https" => NativeApp::Named(host.to_owned()),
        own => NativeApp::Named(own.to_owned()),
    }
}

/// `http://127.0.0.1[:port][/path][?query]`, or the same with `[::1]`; any port is as good as another (RFC 8252, 7.3).
fn is_loopback(address: &str) -> bool {
    let rest = LOOPBACK.iter().find_map(|host| address.strip_prefix(host));
    is_plain(address) && rest.and_then(without_port).is_some_and(is_path)
}

/// Whether its query names what the answer adds: the app would find two.
fn names_ours(address: &str) -> bool {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let names = url::form_urlencoded::parse(query.as_bytes());
    names.into_iter().any(|(name, _)| matches!(&*name, "code" | "state" | "iss" | "error" | "error_description"))
}

/// What follows the port; all of it without one. None when the port is none.
fn without_port(rest: &str) -> Option<&str> {
    let Some(rest) = rest.strip_prefix(':') else { return Some(rest) };
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (port, rest) = rest.split_at(end);
    port.parse::<u16>().ok().filter(|port| *port > 0).map(|_| rest)
}

fn is_path(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['/', '?'])
}

/// Visible ASCII without what no address has (RFC 3986, 2), and no fragment: the answer goes to the query.
fn is_plain(address: &str) -> bool {
    address.len() <= LONGEST && address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte))
}

/// An address as an operator may set it: this machine, `https:` (7.2), or a scheme of the app's own (7.1).
fn is_of_app(address: &str) -> bool {
    if is_loopback(address) {
        return true;
    }
    let Some((scheme, rest)) = address.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte));
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next());
    let has_user = authority.is_some_and(|authority| authority.contains('@'));
    let is_known = match scheme {
        "https" => authority.is_some_and(|authority| !authority.is_empty()),
        "http" => false,
        own => !FORBIDDEN.contains(&own) && !rest.is_empty(),
    };
    is_plain(address) && is_scheme && !has_user && is_known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_port_and_path_of_this_machine_is_allowed() {
        let none = NativeRedirects::default();
        for good in [
            "http://127.0.0.1",
            "http://127.0.0.1/",
            "http://127.0.0.1:1/",
            "http://127.0.0.1:65535/callback",
            "http://127.0.0.1:50123/a/b%20c?tab=1&x=%2F",
            "http://127.0.0.1?tab=1",
            "http://127.0.0.1/user@example.com",
            "http://[::1]",
            "http://[::1]:8080/callback",
        ] {
            assert!(none.allow(good), "{good}");
        }
    }

    #[test]
    fn what_only_looks_like_this_machine_is_refused() {
        let none = NativeRedirects::default();
        for bad in [
            "",
            "/callback",
            "http://localhost/",
            "http://localhost:8080/callback",
            "https://127.0.0.1/callback",
            "HTTP://127.0.0.1/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "http://127.0.0.1:pass@evil.example/",
            "http://user@127.0.0.1/",
            "http://127.0.0.1:/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:+80/",
            "http://127.0.0.1/#fragment",
            "http://127.0.0.1#",
            "http://127.0.0.1\\@evil.example/",
            "http://127.0.0.1/\\evil.example",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\r\nSet-Cookie: a=b",
            "http://127.0.0.1/\t",
            "http://127.0.0.1/\u{e4}",
            " http://127.0.0.1/",
            "http:/127.0.0.1/",
            "http:127.0.0.1/",
            "//127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://127.0.0.2/",
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::1%25lo]/",
            "http://[::1]evil.example/",
            "https://evil.example/",
            "com.example.app:/callback",
            "javascript:alert(1)",
        ] {
            assert!(!none.allow(bad), "{bad:?}");
        }
        assert!(!none.allow(&format!("http://127.0.0.1/{}", "x".repeat(LONGEST))));
    }

    #[test]
    fn an_address_of_the_settings_is_compared_letter_by_letter() {
        let set = ["com.example.app:/callback", "https://app.example.com/signed-in"].map(String::from);
        let set = NativeRedirects::new(set.into()).unwrap();
        assert!(set.allow("com.example.app:/callback") && set.allow("https://app.example.com/signed-in"));
        for bad in [
            "com.example.app:/callback/",
            "com.example.app:/callback?x=1",
            "com.example.app:/Callback",
            "Com.example.app:/callback",
            "com.example.app:/",
            "https://app.example.com/signed-in/../x",
            "https://app.example.com:443/signed-in",
            "https://app.example.com/signed-in#x",
            "https://app.example.com/signed%2Din",
            "https://user@app.example.com/signed-in",
            "https://APP.example.com/signed-in",
        ] {
            assert!(!set.allow(bad), "{bad}");
        }
    }

    #[test]
    fn an_app_is_called_by_its_host_or_its_scheme() {
        for (address, host) in [
            ("http://127.0.0.1", "127.0.0.1"),
            ("http://127.0.0.1:50123/signed-in?app=Your+bank", "127.0.0.1:50123"),
            ("http://[::1]:8080?x=/y", "[::1]:8080"),
        ] {
            assert_eq!(app_of(address), NativeApp::ThisDevice(host.to_owned()), "{address}");
        }
        for (address, name) in [
            ("https://app.example.com/signed-in", "app.example.com"),
            ("https://app.example.com:8443?x=https://evil.example", "app.example.com:8443"),
            ("com.example.app:/signed-in", "com.example.app"),
            ("com.example.app://signed-in", "com.example.app"),
        ] {
            assert_eq!(app_of(address), NativeApp::Named(name.to_owned()), "{address}");
        }
    }

    #[test]
    fn no_operator_sets_what_is_no_address_of_an_app() {
        for good in ["com.example.app:/callback", "my-app://callback", "https://example.com", "http://[::1]:1/x"] {
            assert!(NativeRedirects::new(vec![good.to_owned()]).is_ok(), "{good}");
        }
        for bad in [
            "",
            "callback",
            "http://example.com/",
            "http://localhost/",
            "https://",
            "https:/example.com",
            "https://user@example.com/",
            "https://example.com/#x",
            "com.example.app:",
            "com.example app:/x",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
        ] {
            assert!(NativeRedirects::new(vec![bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
