//! A code or a refresh token is exchanged for tokens (RFC 6749, 4.1.3 and 6; PKCE, RFC 7636), and a browser is sent to
//! where codes come from.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;

use anyhow::anyhow;
use oauth2::basic::{
    BasicClient, BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::http::{Http, invalid};
use super::{AuthorizationRequest, ProviderFault, ProviderSettings, ProviderTokens};
use crate::token::strict_json;

/// Bytes of a token that is kept.
const MAX_TOKEN: usize = 16 * 1024;
/// Bytes of a scope.
const MAX_SCOPE: usize = 1000;

/// Characters of a provider's words that are logged.
const MAX_WORDS: usize = 200;

/// Where tokens are asked for, and as whom.
pub(super) struct TokenEndpoint<'a> {
    pub(super) http: &'a Http,
    pub(super) url: &'a Url,
    pub(super) settings: &'a ProviderSettings,
    /// Whether the secret goes into the form and not into a header (RFC 6749, 2.3.1).
    pub(super) secret_in_form: bool,
}

/// What came for a code.
pub(super) struct Exchanged {
    pub(super) tokens: ProviderTokens,
    pub(super) id_token: Option<SecretString>,
}

/// The member that OpenID Connect adds.
#[derive(Deserialize, Serialize)]
struct IdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

/// The library wants it; a secret is never told.
impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken")
    }
}

type TokenAnswer = StandardTokenResponse<IdToken, BasicTokenType>;

type TokenClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What led nowhere, carried through the library.
#[derive(Debug, thiserror::Error)]
#[error("the token endpoint led nowhere")]
pub(super) struct Nowhere(ProviderFault);

/// The address that a browser is sent to: always with PKCE by S256.
pub(super) fn authorization_url(
    endpoint: &Url,
    settings: &ProviderSettings,
    request: &AuthorizationRequest<'_>,
    more: &[(&'static str, &str)],
) -> Result<String, ProviderFault> {
    let verifier = request.pkce_verifier.expose_secret();
    // The library panics for another length.
    if !(43..=128).contains(&verifier.len()) {
        return Err(invalid("the verifier of PKCE must have 43 to 128 characters"));
    }
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.to_owned()));
    let client = BasicClient::new(ClientId::new(settings.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(endpoint.clone()))
        .set_redirect_uri(redirect_url(request.redirect_uri)?);
    let state = CsrfToken::new(request.state.expose_secret().to_owned());
    let mut wanted = client
        .authorize_url(|| state)
        .add_scopes(settings.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge);
    for &(name, value) in more {
        wanted = wanted.add_extra_param(name, value.to_owned());
    }
    let (url, _) = wanted.url();
    Ok(url.into())
}

impl TokenEndpoint<'_> {
    /// Exchanges a code.
    pub(super) async fn redeem(
        &self,
        code: &SecretString,
        verifier: &SecretString,
        redirect_uri: &str,
    ) -> Result<Exchanged, ProviderFault> {
        let client = self.client();
        let answer = client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()))
            .set_redirect_uri(Cow::Owned(redirect_url(redirect_uri)?))
            .request_async(self)
            .await;
        self.exchanged(&answer.map_err(fault)?)
    }

    /// Exchanges a refresh token. Where no new one comes, the old one goes on (RFC 6749, 6).
    pub(super) async fn refresh(&self, refresh: &SecretString) -> Result<ProviderTokens, ProviderFault> {
        let client = self.client();
        let token = RefreshToken::new(refresh.expose_secret().to_owned());
        let answer = client.exchange_refresh_token(&token).request_async(self).await;
        let tokens = self.exchanged(&answer.map_err(fault)?)?.tokens;
        Ok(ProviderTokens { refresh: tokens.refresh.or_else(|| Some(refresh.clone())), ..tokens })
    }

    fn client(&self) -> TokenClient {
        let auth_type = if self.secret_in_form { AuthType::RequestBody } else { AuthType::BasicAuth };
        let client = Client::new(ClientId::new(self.settings.client_id.clone()))
            .set_auth_type(auth_type)
            .set_token_uri(TokenUrl::from_url(self.url.clone()));
        match &self.settings.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
            None => client,
        }
    }

    fn exchanged(&self, answer: &TokenAnswer) -> Result<Exchanged, ProviderFault> {
        if *answer.token_type() != BasicTokenType::Bearer {
            return Err(invalid("its access token is of an unknown type"));
        }
        // GitHub separates by commas. What is not told is what was asked for (RFC 6749, 5.1).
        let scope = answer.scopes().map_or_else(
            || self.settings.scopes.join(" "),
            |scopes| scopes.iter().map(|scope| scope.replace(',', " ")).collect::<Vec<_>>().join(" "),
        );
        let secrets = [Some(answer.access_token().secret()), answer.refresh_token().map(|token| token.secret())];
        if secrets.into_iter().flatten().any(|secret| secret.len() > MAX_TOKEN) {
            return Err(invalid("its tokens are larger than 16 KiB"));
        }
        // RFC 6749, appendix A.4; a database takes no zero byte.
        if scope.len() > MAX_SCOPE || !scope.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(invalid("its scope is none"));
        }
        let tokens = ProviderTokens {
            access: answer.access_token().secret().as_str().into(),
            refresh: answer.refresh_token().map(|token| token.secret().as_str().into()),
            expires_in: answer.expires_in().and_then(|life| i64::try_from(life.as_secs()).ok()),
            scope,
        };
        let id_token = answer.extra_fields().id_token.as_deref().map(SecretString::from);
        Ok(Exchanged { tokens, id_token })
    }

    async fn post(&self, request: HttpRequest) -> Result<HttpResponse, Nowhere> {
        let request = reqwest::Request::try_from(request)
            .map_err(|error| Nowhere(ProviderFault::Unavailable(error.without_url().into())))?;
        let answer = self.http.send(request).await.map_err(Nowhere)?;
        let object = strict_json::parse(answer.body.trim_ascii())
            .ok_or_else(|| Nowhere(invalid("the answer of the token endpoint is no JSON, or a name stands twice")))?;
        // GitHub says no with status 200.
        let is_refusal = object.get("error").is_some();
        if !is_refusal && answer.status != StatusCode::OK {
            let status = answer.status.as_u16();
            return Err(Nowhere(invalid(format!("the status of the token endpoint is {status}, without a reason"))));
        }
        let mut response = HttpResponse::new(answer.body);
        *response.status_mut() = if is_refusal { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for TokenEndpoint<'_> {
    type Error = Nowhere;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Nowhere>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.post(request))
    }
}

fn redirect_url(text: &str) -> Result<RedirectUrl, ProviderFault> {
    RedirectUrl::new(text.to_owned()).map_err(|_| invalid("the address to come back to is none"))
}

/// What the library says of an answer could hold a secret of it: only codes and words of a refusal are told.
fn fault(error: RequestTokenError<Nowhere, BasicErrorResponse>) -> ProviderFault {
    match error {
        RequestTokenError::ServerResponse(said) => refused(said.error().as_ref(), said.error_description()),
        RequestTokenError::Request(Nowhere(fault)) => fault,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            invalid("the answer of the token endpoint is not as it must be")
        }
    }
}

fn refused(code: &str, description: Option<&String>) -> ProviderFault {
    let error = anyhow!("it says {}", printable(&format!("{code}: {}", description.map_or("", String::as_str))));
    match code {
        "temporarily_unavailable" | "server_error" | "slow_down" => ProviderFault::Unavailable(error),
        _ => ProviderFault::Refused(error),
    }
}

/// Words of a provider, as they may stand in a log.
fn printable(words: &str) -> String {
    words.chars().filter(|character| !character.is_control()).take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_few_words_and_without_control_characters() {
        let described = format!("no\r\n\u{1b}[31m{}", "x".repeat(1000));
        let ProviderFault::Refused(error) = refused("invalid_grant", Some(&described)) else { panic!() };
        let told = error.to_string();
        assert!(told.starts_with("it says invalid_grant: no[31mxxx"), "{told}");
        assert!(told.len() < 220 && !told.contains(char::is_control));
        assert!(matches!(refused("temporarily_unavailable", None), ProviderFault::Unavailable(_)));
    }
}
