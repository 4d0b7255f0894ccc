//! What a provider says of a person (OpenID Connect Core 1.0, 5.1), read without good will: a text is no boolean, and
//! an array is no address.

use super::ProviderEmail;
use crate::Email;
use crate::token::strict_json::{Json, Object};

/// Ways that tell of something besides a password (RFC 8176, 2): several factors or channels, a code of a device or a
/// phone, a key in hardware, a smart card. Not among them are those that tell how a device was opened (`fpt`, `face`,
/// `pin`, …), and `swk`, which a copied file can be.
const SECOND_FACTORS: [&str; 7] = ["mfa", "mca", "otp", "sms", "tel", "hwk", "sc"];
/// Classes that stand for several factors: OpenID Connect EAP ACR Values 1.0, PAPE 1.0, REFEDS, NIST SP 800-63.
const STRONG_CLASSES: [&str; 8] = [
    "phr",
    "phrh",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor-physical",
    "https://refeds.org/profile/mfa",
    "urn:okta:loa:2fa:any",
    "aal2",
    "aal3",
];
/// Bytes of a name that is kept.
const MAX_NAME: usize = 512;

/// Claims about a person.
pub(super) struct Profile(pub(super) Object);

impl Profile {
    /// Whether it says anything of an address.
    pub(super) fn tells_email(&self) -> bool {
        !matches!(self.0.get("email"), None | Some(Json::Null))
    }

    /// The address: verified when the provider says so with the word `true`, and is trusted.
    pub(super) fn email(&self, is_trusted: bool) -> ProviderEmail {
        let Some(Ok(email)) = self.text("email").map(Email::parse) else { return ProviderEmail::Missing };
        if is_trusted && self.0.get("email_verified") == Some(&Json::Bool(true)) {
            ProviderEmail::Verified(email)
        } else {
            ProviderEmail::Unverified(email)
        }
    }

    /// The name, or what can be put together to one.
    pub(super) fn name(&self) -> Option<String> {
        let told = |name: &str| self.text(name).map(str::trim).filter(|text| !text.is_empty());
        let parts = || match (told("given_name"), told("family_name")) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            (given, family) => given.or(family).map(str::to_owned),
        };
        told("name").map(str::to_owned).or_else(parts).filter(|name| name.len() <= MAX_NAME)
    }

    /// Whether it tells of a second factor.
    pub(super) fn tells_second_factor(&self) -> bool {
        let is_second = |way: &Json| matches!(way, Json::Text(way) if SECOND_FACTORS.contains(&way.as_str()));
        let by_ways = matches!(self.0.get("amr"), Some(Json::List(ways)) if ways.iter().any(is_second));
        by_ways || self.text("acr").is_some_and(|class| STRONG_CLASSES.contains(&class))
    }

    /// A claim that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::strict_json;
    use serde_json::{Value, json};

    fn profile(claims: &Value) -> Profile {
        Profile(strict_json::parse(claims.to_string().as_bytes()).unwrap())
    }

    #[test]
    fn an_address_is_verified_by_the_word_true_of_a_trusted_provider_alone() {
        let alice = Email::parse("alice@example.com").unwrap();
        let told = |verified: Value| profile(&json!({"email": "Alice@Example.com", "email_verified": verified}));
        assert_eq!(told(json!(true)).email(true), ProviderEmail::Verified(alice.clone()));
        assert_eq!(told(json!(true)).email(false), ProviderEmail::Unverified(alice.clone()), "it is not trusted");
        for verified in [json!(false), json!("true"), json!("false"), json!(1), json!([true]), json!({}), Value::Null] {
            assert_eq!(told(verified.clone()).email(true), ProviderEmail::Unverified(alice.clone()), "{verified}");
        }
        let silent = profile(&json!({"email": "alice@example.com"}));
        assert_eq!(silent.email(true), ProviderEmail::Unverified(alice));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for email in [json!(["alice@example.com"]), json!({}), json!(7), json!(""), json!("alice"), json!("a@b@c.de")] {
            let told = profile(&json!({"email": email, "email_verified": true}));
            assert_eq!(told.email(true), ProviderEmail::Missing, "{email}");
            assert!(told.tells_email());
        }
        assert!(!profile(&json!({"email": null})).tells_email() && !profile(&json!({})).tells_email());
    }

    #[test]
    fn a_name_is_told_whole_or_in_parts() {
        for (claims, name) in [
            (json!({"name": " Alice Doe ", "given_name": "A"}), Some("Alice Doe")),
            (json!({"given_name": "Alice", "family_name": "Doe"}), Some("Alice Doe")),
            (json!({"name": "", "family_name": "Doe"}), Some("Doe")),
            (json!({"name": ["Alice"]}), None),
            (json!({"name": "x".repeat(513)}), None),
            (json!({}), None),
        ] {
            assert_eq!(profile(&claims).name().as_deref(), name, "{claims}");
        }
    }

    #[test]
    fn second_factors_are_told_by_known_words() {
        for strong in [
            json!({"amr": ["pwd", "mfa"]}),
            json!({"amr": ["otp"]}),
            json!({"acr": "phr"}),
            json!({"acr": "https://refeds.org/profile/mfa"}),
        ] {
            assert!(profile(&strong).tells_second_factor(), "{strong}");
        }
        for weak in [
            json!({}),
            json!({"amr": []}),
            json!({"amr": ["pwd"]}),
            json!({"amr": ["MFA"]}),
            json!({"amr": "mfa"}),
            json!({"amr": [["mfa"]]}),
            json!({"acr": "0"}),
            json!({"acr": ["phr"]}),
        ] {
            assert!(!profile(&weak).tells_second_factor(), "{weak}");
        }
    }
}
