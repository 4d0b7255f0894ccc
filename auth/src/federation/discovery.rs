//! What a provider tells of itself (OpenID Connect Discovery 1.0; RFC 8414): where it is asked, and how.

use anyhow::Error;
use serde::Deserialize;
use url::Url;

use super::ProviderFault;
use super::http::{Answer, Http, Named, invalid};
use super::issuer::Issuer;
use crate::outward::Guard;

/// What is needed of the document.
pub(super) struct Discovery {
    pub(super) issuer: Issuer,
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) keys: Url,
    pub(super) userinfo: Option<Url>,
    /// Whether the secret goes into the form and not into a header.
    pub(super) secret_in_form: bool,
    /// Whether answers always name it (RFC 9207).
    pub(super) names_itself: bool,
    /// How its tokens are signed, where it tells.
    pub(super) algorithms: Option<Vec<String>>,
    /// Methods of PKCE, where it tells.
    pub(super) pkce_methods: Option<Vec<String>>,
}

/// As it is written. A name that stands twice is refused by serde; what is not known is left alone.
#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl Discovery {
    /// Asks for the document of an issuer.
    pub(super) async fn fetch(http: Http, issuer: String) -> Result<Self, ProviderFault> {
        Self::read(&Self::answer(&http, &issuer).await?, &issuer, http.guard)
    }

    /// The document, not read yet.
    pub(super) async fn answer(http: &Http, issuer: &str) -> Result<Answer, ProviderFault> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let url = http.guard.parse(&url);
        let url = url.map_err(|bad| ProviderFault::Unavailable(Error::new(bad).context("the issuer")))?;
        http.fetch(http.get(&url)).await
    }

    /// Reads the document: its issuer must be the expected one, and each of its addresses one that may be asked.
    pub(super) fn read(answer: &Answer, issuer: &str, guard: Guard) -> Result<Self, ProviderFault> {
        let Named(written): Named<Written> = answer.read("the discovery document")?;
        let issuer = Issuer::admit(written.issuer, issuer)
            .ok_or_else(|| invalid("the discovery document is of another issuer than that of the settings"))?;
        let address = |text: &str, name: &'static str| {
            guard.parse(text).map_err(|bad| ProviderFault::Invalid(Error::new(bad).context(name)))
        };
        let methods = written.token_endpoint_auth_methods_supported;
        let takes = |method: &str| methods.as_ref().is_some_and(|all| all.iter().any(|known| known == method));
        Ok(Self {
            issuer,
            authorization: address(&written.authorization_endpoint, "authorization_endpoint")?,
            token: address(&written.token_endpoint, "token_endpoint")?,
            keys: address(&written.jwks_uri, "jwks_uri")?,
            userinfo: written.userinfo_endpoint.map(|text| address(&text, "userinfo_endpoint")).transpose()?,
            // A header is what every provider takes that tells nothing.
            secret_in_form: takes("client_secret_post") && !takes("client_secret_basic"),
            names_itself: written.authorization_response_iss_parameter_supported.unwrap_or(false),
            algorithms: written.id_token_signing_alg_values_supported,
            pkce_methods: written.code_challenge_methods_supported,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://id.example.com";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example.com/authorize",
            "token_endpoint": "https://id.example.com/token",
            "jwks_uri": "https://id.example.com/keys",
            "response_types_supported": ["code"],
        })
    }

    fn read_text(text: &str) -> Result<Discovery, ProviderFault> {
        read_guarded(text, Guard { private_addresses: false })
    }

    fn read_guarded(text: &str, guard: Guard) -> Result<Discovery, ProviderFault> {
        let answer = Answer { status: StatusCode::OK, date: None, body: text.as_bytes().to_vec() };
        Discovery::read(&answer, ISSUER, guard)
    }

    fn read_with(name: &str, value: Value) -> Result<Discovery, ProviderFault> {
        let mut document = document();
        document[name] = value;
        read_text(&document.to_string())
    }

    #[test]
    fn a_short_document_is_enough() {
        let discovery = read_text(&document().to_string()).ok().unwrap();
        assert_eq!(discovery.token.as_str(), "https://id.example.com/token");
        assert!(discovery.userinfo.is_none() && !discovery.secret_in_form && !discovery.names_itself);
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        for (methods, in_form) in [
            (json!(["client_secret_post"]), true),
            (json!(["client_secret_basic"]), false),
            (json!(["client_secret_post", "client_secret_basic"]), false),
            (json!(["private_key_jwt"]), false),
        ] {
            let discovery = read_with("token_endpoint_auth_methods_supported", methods.clone()).ok().unwrap();
            assert_eq!(discovery.secret_in_form, in_form, "{methods}");
        }
    }

    #[test]
    fn what_is_not_as_it_must_be_is_refused() {
        for (name, value) in [
            ("issuer", json!("https://id.example.com/")),
            ("issuer", json!("https://evil.example.com")),
            ("issuer", json!(["https://id.example.com"])),
            ("issuer", Value::Null),
            ("authorization_endpoint", json!("http://id.example.com/authorize")),
            ("authorization_endpoint", json!("javascript:alert(1)")),
            ("token_endpoint", json!("https://127.0.0.1/token")),
            ("token_endpoint", json!("https://169.254.169.254/latest")),
            ("token_endpoint", json!(7)),
            ("jwks_uri", json!("file:///etc/passwd")),
            ("jwks_uri", json!("/keys")),
            ("userinfo_endpoint", json!("http://id.example.com/userinfo")),
            ("token_endpoint_auth_methods_supported", json!("client_secret_post")),
        ] {
            assert!(matches!(read_with(name, value.clone()), Err(ProviderFault::Invalid(_))), "{name}: {value}");
        }
        let twice = document().to_string().replacen('{', r#"{"issuer":"https://evil.example.com","#, 1);
        for text in ["", "[]", "null", "<html>", r#"{"issuer":"#, twice.as_str()] {
            assert!(matches!(read_text(text), Err(ProviderFault::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn no_document_leads_to_a_machine_within() {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
            for place in [
                "http://127.0.0.1/x",
                "https://127.0.0.1/x",
                "https://localhost/x",
                "https://2130706433/x",
                "https://[::1]/x",
                "https://[::ffff:127.0.0.1]/x",
                "https://10.0.0.1/x",
                "https://169.254.169.254/latest/meta-data",
                "https://metadata.google.internal/x",
            ] {
                let mut document = document();
                document[name] = json!(place);
                let text = document.to_string();
                assert!(matches!(read_text(&text), Err(ProviderFault::Invalid(_))), "{name}: {place}");
                // The control: it is the guard that refuses, and nothing else in the document.
                assert!(read_guarded(&text, Guard { private_addresses: true }).is_ok(), "{name}: {place}");
            }
        }
    }
}
