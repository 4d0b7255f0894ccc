//! GitHub: OAuth 2.0 (RFC 6749) and an API, as its documentation says. There is no ID token: who somebody is comes from
//! the API, over the connection to its own address.

use anyhow::{Error, anyhow};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::exchange::{TokenEndpoint, authorization_url};
use super::http::{Answer, Http, Named, invalid};
use super::{
    Authorization, AuthorizationRequest, Began, Identity, ProviderEmail, ProviderFault, ProviderSettings,
    ProviderTokens,
};
use crate::Email;

/// The version of the API that this speaks.
const VERSION: &str = "2022-11-28";

/// A site of GitHub.
pub(super) struct GitHub {
    pub(super) site: String,
    pub(super) api: String,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

impl GitHub {
    pub(super) fn authorize(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        request: &AuthorizationRequest<'_>,
    ) -> Result<Authorization, ProviderFault> {
        let endpoint = address(http, &self.site, "login/oauth/authorize")?;
        let url = authorization_url(&endpoint, settings, request, &[])?;
        Ok(Authorization { url, issuer: self.site.clone() })
    }

    pub(super) async fn identify(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        code: &SecretString,
        began: &Began<'_>,
    ) -> Result<Identity, ProviderFault> {
        self.check_sender(began)?;
        let url = self.token_url(http)?;
        let endpoint = TokenEndpoint { http, url: &url, settings, secret_in_form: true };
        let tokens = endpoint.redeem(code, began.pkce_verifier, began.redirect_uri).await?.tokens;
        let Named(user): Named<User> =
            self.ask(http, "user", &tokens.access).await?.read("the answer about the person")?;
        if user.id == 0 {
            return Err(invalid("the person has no number"));
        }
        let email = self.email(http, settings, &tokens.access).await?;
        Ok(Identity {
            provider: settings.id.clone(),
            issuer: self.site.clone(),
            subject: user.id.to_string(),
            email,
            name: Some(user.name.filter(|name| !name.trim().is_empty()).unwrap_or(user.login)),
            proved_second_factor: false,
            proved_at: None,
            tokens: settings.keeps_tokens.then_some(tokens),
        })
    }

    pub(super) async fn refresh(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        refresh: &SecretString,
    ) -> Result<ProviderTokens, ProviderFault> {
        let url = self.token_url(http)?;
        TokenEndpoint { http, url: &url, settings, secret_in_form: true }.refresh(refresh).await
    }

    /// What everybody may ask: whether it is there.
    pub(super) async fn greet(&self, http: &Http) -> Result<Answer, ProviderFault> {
        let url = address(http, &self.api, "meta")?;
        http.fetch(versioned(http.get(&url))).await
    }

    /// It names itself by its site or, since it does (RFC 9207), by its endpoint's beginning.
    fn check_sender(&self, began: &Began<'_>) -> Result<(), ProviderFault> {
        if began.issuer != self.site {
            return Err(invalid("the provider has another address than when the way began"));
        }
        let is_itself = |iss: &str| iss == self.site || iss.strip_suffix("/login/oauth") == Some(self.site.as_str());
        if began.callback_iss.is_none_or(is_itself) { Ok(()) } else { Err(invalid("the answer is of another issuer")) }
    }

    fn token_url(&self, http: &Http) -> Result<Url, ProviderFault> {
        address(http, &self.site, "login/oauth/access_token")
    }

    async fn ask(&self, http: &Http, path: &str, access: &SecretString) -> Result<Answer, ProviderFault> {
        let answer = self.answer(http, path, access).await?;
        match answer.status {
            StatusCode::OK => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(ProviderFault::Refused(anyhow!("the API does not take its own token"))),
            // Too many questions, too: it says that with this status as well.
            StatusCode::FORBIDDEN => Err(ProviderFault::Unavailable(anyhow!("the API refuses to answer"))),
            status => Err(invalid(format!("the status of the API is {}", status.as_u16()))),
        }
    }

    async fn answer(&self, http: &Http, path: &str, access: &SecretString) -> Result<Answer, ProviderFault> {
        let url = address(http, &self.api, path)?;
        let request = versioned(http.get(&url)).bearer_auth(access.expose_secret()).build();
        let request = request.map_err(|error| ProviderFault::Unavailable(error.without_url().into()))?;
        http.send(request).await
    }

    /// The primary address. The profile's own (`email` of `user`) is what somebody wrote there, and proves nothing.
    async fn email(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        access: &SecretString,
    ) -> Result<ProviderEmail, ProviderFault> {
        let answer = self.answer(http, "user/emails", access).await?;
        // What the person did not allow is not there.
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) {
            return Ok(ProviderEmail::Missing);
        }
        if answer.status != StatusCode::OK {
            return Err(invalid(format!("the status of the API is {}", answer.status.as_u16())));
        }
        let all: Vec<Named<Address>> = answer.read("the addresses of the person")?;
        let all: Vec<Address> = all.into_iter().map(|Named(address)| address).collect();
        Ok(primary(&all, settings.trusts_email))
    }
}

fn primary(all: &[Address], is_trusted: bool) -> ProviderEmail {
    let Some(address) = all.iter().find(|address| address.primary) else { return ProviderEmail::Missing };
    match Email::parse(&address.email) {
        Ok(email) if address.verified && is_trusted => ProviderEmail::Verified(email),
        Ok(email) => ProviderEmail::Unverified(email),
        Err(_) => ProviderEmail::Missing,
    }
}

fn address(http: &Http, base: &str, path: &str) -> Result<Url, ProviderFault> {
    let url = http.guard.parse(&format!("{}/{path}", base.trim_end_matches('/')));
    url.map_err(|bad| ProviderFault::Unavailable(Error::new(bad).context("the address of the provider")))
}

fn versioned(request: RequestBuilder) -> RequestBuilder {
    request.header("x-github-api-version", VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(email: &str, primary: bool, verified: bool) -> Address {
        Address { email: email.to_owned(), primary, verified }
    }

    #[test]
    fn an_answer_that_names_another_issuer_is_refused() {
        let github = GitHub { site: "https://github.com".to_owned(), api: "https://api.github.com".to_owned() };
        let pkce_verifier = SecretString::from("secret");
        let is_from = |issuer: &str, callback_iss: Option<&str>| {
            let began = Began { redirect_uri: "", nonce: "", pkce_verifier: &pkce_verifier, issuer, callback_iss };
            github.check_sender(&began).is_ok()
        };
        for iss in [None, Some("https://github.com"), Some("https://github.com/login/oauth")] {
            assert!(is_from("https://github.com", iss), "{iss:?}");
            assert!(!is_from("https://github.example.com", iss), "{iss:?}");
        }
        for iss in ["", "https://github.com/", "https://github.example.com", "https://evil.example/login/oauth"] {
            assert!(!is_from("https://github.com", Some(iss)), "{iss}");
        }
    }

    #[test]
    fn only_the_primary_address_counts_and_only_where_it_is_verified() {
        let (alice, other) = (Email::parse("alice@example.com").unwrap(), address("other@example.com", false, true));
        let all = [other, address("Alice@example.com", true, true)];
        assert_eq!(primary(&all, true), ProviderEmail::Verified(alice.clone()));
        assert_eq!(primary(&all, false), ProviderEmail::Unverified(alice.clone()));
        assert_eq!(primary(&[address("alice@example.com", true, false)], true), ProviderEmail::Unverified(alice));
        for none in [vec![], vec![address("a@example.com", false, true)], vec![address("nobody", true, true)]] {
            assert_eq!(primary(&none, true), ProviderEmail::Missing);
        }
    }
}
