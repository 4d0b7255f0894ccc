//! What a browser says about a ceremony (WebAuthn Level 3, 5.8.1): for what, for which challenge, and on which page.

use serde_json::Value;

/// A byte order mark, which a UTF-8 decoder strips (7.1, step 5).
const BOM: &[u8] = b"\xef\xbb\xbf";

/// What it must say.
pub(super) struct Expected<'a> {
    /// `webauthn.create` or `webauthn.get`.
    pub kind: &'a str,
    /// The challenge in base64url.
    pub challenge: &'a str,
    /// The one origin, with its port.
    pub origin: &'a str,
}

/// The bytes without a byte order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

impl Expected<'_> {
    /// What is wrong with the client data. Members that are not known are left alone: browsers add some.
    pub fn fault(&self, bytes: &[u8]) -> Option<&'static str> {
        let Ok(Value::Object(said)) = serde_json::from_slice(without_bom(bytes)) else {
            return Some("it is no client data");
        };
        let says = |member: &str, expected: &str| said.get(member).and_then(Value::as_str) == Some(expected);
        if !says("type", self.kind) {
            Some("it is of another type")
        } else if !says("challenge", self.challenge) {
            Some("it is for another challenge")
        } else if !says("origin", self.origin) {
            Some("it is of another origin")
        } else if said.get("crossOrigin").is_some_and(|value| *value != Value::Bool(false))
            || said.contains_key("topOrigin")
        {
            Some("it was asked for in a frame of another page")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const EXPECTED: Expected<'static> =
        Expected { kind: "webauthn.get", challenge: "q83v", origin: "https://id.example.com:8443" };

    fn said() -> Value {
        json!({
            "type": "webauthn.get", "challenge": "q83v", "origin": "https://id.example.com:8443", "crossOrigin": false,
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        })
    }

    #[test]
    fn what_a_browser_says_is_accepted_with_more_and_behind_a_mark() {
        let text = said().to_string();
        assert_eq!(EXPECTED.fault(text.as_bytes()), None);
        assert_eq!(EXPECTED.fault(&[BOM, text.as_bytes()].concat()), None);
        assert!(EXPECTED.fault(&[BOM, BOM, text.as_bytes()].concat()).is_some());
    }

    #[test]
    fn one_origin_is_ours() {
        for other in [
            "https://evil-example.com",
            "https://id.example.com",
            "https://id.example.com:8444",
            "http://id.example.com:8443",
            "https://sub.id.example.com:8443",
            "https://example.com:8443",
            "https://id.example.com:8443/",
            "https://ID.example.com:8443",
            "https://id.example.com.:8443",
            "null",
            "",
        ] {
            let mut said = said();
            said["origin"] = other.into();
            assert!(EXPECTED.fault(said.to_string().as_bytes()).is_some(), "{other}");
        }
    }

    #[test]
    fn anything_else_that_is_not_as_expected_is_refused() {
        for (member, value) in [
            ("type", json!("webauthn.create")),
            ("type", json!(["webauthn.get"])),
            ("challenge", json!("q83w")),
            ("challenge", json!("q83v=")),
            ("challenge", json!(null)),
            ("origin", json!(null)),
            ("crossOrigin", json!(true)),
            ("crossOrigin", json!("false")),
            ("crossOrigin", json!(null)),
            ("topOrigin", json!("https://id.example.com:8443")),
            ("topOrigin", json!(null)),
        ] {
            let mut said = said();
            said[member] = value.clone();
            assert!(EXPECTED.fault(said.to_string().as_bytes()).is_some(), "{member}: {value}");
        }
        for bad in [&b""[..], b"{", b"[]", b"null", b"\xff\xfe", b"{}"] {
            assert!(EXPECTED.fault(bad).is_some(), "{bad:?}");
        }
    }
}
