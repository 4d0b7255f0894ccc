//! The names that the standards give a meaning, with the place where they do. What each means in plain
//! words is in `locales/page/token.*.yml`.

use super::Part;

/// A name whose meaning is known.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownName {
    /// The name.
    pub name: &'static str,
    /// Where it means this.
    pub part: Part,
    /// The standard and its section.
    pub source: &'static str,
}

/// Every name that is explained.
pub const KNOWN: [KnownName; 40] = [
    header("alg", "RFC 7515, 4.1.1"),
    header("jku", "RFC 7515, 4.1.2"),
    header("jwk", "RFC 7515, 4.1.3"),
    header("kid", "RFC 7515, 4.1.4"),
    header("x5u", "RFC 7515, 4.1.5"),
    header("x5c", "RFC 7515, 4.1.6"),
    header("x5t", "RFC 7515, 4.1.7"),
    header("x5t#S256", "RFC 7515, 4.1.8"),
    header("typ", "RFC 7515, 4.1.9"),
    header("cty", "RFC 7515, 4.1.10"),
    header("crit", "RFC 7515, 4.1.11"),
    header("enc", "RFC 7516, 4.1.2"),
    header("zip", "RFC 7516, 4.1.3"),
    claim("iss", "RFC 7519, 4.1.1"),
    claim("sub", "RFC 7519, 4.1.2"),
    claim("aud", "RFC 7519, 4.1.3"),
    claim("exp", "RFC 7519, 4.1.4"),
    claim("nbf", "RFC 7519, 4.1.5"),
    claim("iat", "RFC 7519, 4.1.6"),
    claim("jti", "RFC 7519, 4.1.7"),
    claim("client_id", "RFC 9068, 2.2"),
    claim("scope", "RFC 9068, 2.2.3"),
    claim("roles", "RFC 9068, 2.2.3.1"),
    claim("groups", "RFC 9068, 2.2.3.1"),
    claim("amr", "RFC 8176, 1"),
    claim("acr", "OpenID Connect Core 1.0, 2"),
    claim("auth_time", "OpenID Connect Core 1.0, 2"),
    claim("azp", "OpenID Connect Core 1.0, 2"),
    claim("nonce", "OpenID Connect Core 1.0, 2"),
    claim("at_hash", "OpenID Connect Core 1.0, 3.1.3.6"),
    claim("sid", "OpenID Connect Front-Channel Logout 1.0, 3"),
    claim("cnf", "RFC 7800, 3.1"),
    claim("act", "RFC 8693, 4.1"),
    claim("events", "RFC 8417, 2.2"),
    claim("email", "OpenID Connect Core 1.0, 5.1"),
    claim("email_verified", "OpenID Connect Core 1.0, 5.1"),
    claim("name", "OpenID Connect Core 1.0, 5.1"),
    claim("ver", "Keywright"),
    claim("org", "Keywright"),
    claim("read_only", "Keywright"),
];

const fn header(name: &'static str, source: &'static str) -> KnownName {
    KnownName { name, part: Part::Header, source }
}

const fn claim(name: &'static str, source: &'static str) -> KnownName {
    KnownName { name, part: Part::Payload, source }
}

impl KnownName {
    /// What is known of a name in a part.
    pub fn of(part: Part, name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.part == part && known.name == name)
    }

    /// The key of the sentence that explains it.
    pub fn key(&self) -> String {
        format!("token.{}_{}", self.part.as_str(), self.name.replace('#', "_").to_ascii_lowercase())
    }

    /// Whether its value is a moment, in seconds since 1970.
    pub fn is_time(&self) -> bool {
        self.part == Part::Payload && ["exp", "nbf", "iat", "auth_time"].contains(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_name_is_explained_once_and_in_its_own_part() {
        let keys: HashSet<String> = KNOWN.iter().map(KnownName::key).collect();
        assert_eq!(keys.len(), KNOWN.len());
        assert!(keys.contains("token.header_x5t_s256"));
        assert!(KnownName::of(Part::Payload, "exp").unwrap().is_time());
        assert_eq!(KnownName::of(Part::Header, "exp"), None);
        assert_eq!(KnownName::of(Part::Payload, "EXP"), None);
    }
}
