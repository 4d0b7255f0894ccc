//! OpenID Connect: everything about a provider is found by discovery (OpenID Connect Core 1.0, 3.1).

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::discovery::Discovery;
use super::exchange::{TokenEndpoint, authorization_url};
use super::http::{Http, invalid};
use super::id_token::{self, Expected, Rejection, Verified};
use super::kept::Kept;
use super::keys::ProviderKeys;
use super::profile::Profile;
use super::{
    Authorization, AuthorizationRequest, Began, Identity, Prompt, ProviderFault, ProviderSettings, ProviderTokens,
};
use crate::Timestamp;
use crate::token::strict_json;

/// The scope that makes a request one of OpenID Connect (Core 1.0, 3.1.2.1).
const SCOPE: &str = "openid";

/// Seconds that the clock of a provider may be behind ours: nobody who proves themselves now did so too early.
const CLOCKS_DIFFER: i64 = 60;

/// A provider that speaks OpenID Connect, and what it told.
pub(super) struct OpenId {
    pub(super) issuer: String,
    discovery: Kept<Discovery>,
    keys: Kept<ProviderKeys>,
}

impl OpenId {
    pub(super) fn new(issuer: String) -> Self {
        Self { issuer, discovery: Kept::default(), keys: Kept::default() }
    }

    pub(super) async fn authorize(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        request: &AuthorizationRequest<'_>,
        now: Timestamp,
    ) -> Result<Authorization, ProviderFault> {
        let discovery = self.discovery(http, now).await?;
        let mut more = vec![("nonce", request.nonce), ("ui_locales", request.locale.tag())];
        if request.prompt == Prompt::Proof {
            more.push(("max_age", "0"));
        }
        if let Some(email) = request.login_hint {
            more.push(("login_hint", email.as_str()));
        }
        let url = if settings.scopes.iter().any(|scope| scope == SCOPE) {
            authorization_url(&discovery.authorization, settings, request, &more)?
        } else {
            let mut settings = settings.clone();
            settings.scopes.insert(0, SCOPE.to_owned());
            authorization_url(&discovery.authorization, &settings, request, &more)?
        };
        Ok(Authorization { url, issuer: discovery.issuer.as_str().to_owned() })
    }

    pub(super) async fn identify(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        code: &SecretString,
        began: &Began<'_>,
        now: Timestamp,
    ) -> Result<Identity, ProviderFault> {
        let discovery = self.discovery(http, now).await?;
        check_sender(&discovery, began)?;
        let endpoint = token_endpoint(&discovery, http, settings);
        let exchanged = endpoint.redeem(code, began.pkce_verifier, began.redirect_uri).await?;
        let id_token = exchanged.id_token.ok_or_else(|| invalid("no ID token came"))?;
        let access_token = exchanged.tokens.access.expose_secret();
        let expected = Expected {
            issuer: &discovery.issuer,
            client_id: &settings.client_id,
            nonce: began.nonce,
            access_token: Some(access_token),
        };
        let verified = self.verify(http, &discovery, id_token.expose_secret(), &expected, now).await?;
        let mut identity = identity(settings, &verified);
        if !verified.profile.tells_email() {
            complete(http, settings, &discovery, access_token, &mut identity).await?;
        }
        identity.tokens = settings.keeps_tokens.then_some(exchanged.tokens);
        Ok(identity)
    }

    /// A token that a browser was given (FedCM): there is no code, and no access token.
    pub(super) async fn identify_by_token(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        id_token: &SecretString,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Identity, ProviderFault> {
        let discovery = self.discovery(http, now).await?;
        let expected =
            Expected { issuer: &discovery.issuer, client_id: &settings.client_id, nonce, access_token: None };
        let verified = self.verify(http, &discovery, id_token.expose_secret(), &expected, now).await?;
        Ok(identity(settings, &verified))
    }

    pub(super) async fn refresh(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        refresh: &SecretString,
        now: Timestamp,
    ) -> Result<ProviderTokens, ProviderFault> {
        let discovery = self.discovery(http, now).await?;
        token_endpoint(&discovery, http, settings).refresh(refresh).await
    }

    async fn discovery(&self, http: &Http, now: Timestamp) -> Result<Arc<Discovery>, ProviderFault> {
        self.discovery.get(now, Discovery::fetch(http.clone(), self.issuer.clone())).await
    }

    /// A key that is not known may be a new one: then the keys are asked for anew, once.
    async fn verify(
        &self,
        http: &Http,
        discovery: &Discovery,
        token: &str,
        expected: &Expected<'_>,
        now: Timestamp,
    ) -> Result<Verified, ProviderFault> {
        let keys = self.keys.get(now, ProviderKeys::fetch(http.clone(), discovery.keys.clone())).await?;
        let mut verified = id_token::verify(token, &keys, expected, now);
        if matches!(verified, Err(Rejection::UnknownKey)) {
            let keys = self.keys.renewed(now, ProviderKeys::fetch(http.clone(), discovery.keys.clone())).await?;
            verified = id_token::verify(token, &keys, expected, now);
        }
        verified.map_err(|rejection| match rejection {
            Rejection::UnknownKey => invalid("the ID token: the provider has no such key"),
            Rejection::Invalid(what) => invalid(format!("the ID token: {what}")),
        })
    }
}

/// Asks for what the ID token does not tell (Core 1.0, 5.3). It must be about the same person.
async fn complete(
    http: &Http,
    settings: &ProviderSettings,
    discovery: &Discovery,
    access_token: &str,
    identity: &mut Identity,
) -> Result<(), ProviderFault> {
    let Some(url) = &discovery.userinfo else { return Ok(()) };
    let answer = http.fetch(http.get(url).bearer_auth(access_token)).await?;
    let claims = strict_json::parse(answer.body.trim_ascii())
        .ok_or_else(|| invalid("the answer about the person is no JSON, or a name stands twice"))?;
    let profile = Profile(claims);
    if profile.text("sub") != Some(identity.subject.as_str()) {
        return Err(invalid("the answer about the person is about another one"));
    }
    identity.email = profile.email(settings.trusts_email);
    identity.name = identity.name.take().or_else(|| profile.name());
    Ok(())
}

fn token_endpoint<'a>(discovery: &'a Discovery, http: &'a Http, settings: &'a ProviderSettings) -> TokenEndpoint<'a> {
    TokenEndpoint { http, url: &discovery.token, settings, secret_in_form: discovery.secret_in_form }
}

/// Whether the answer is of the provider that was asked: the code goes to no other (RFC 9207, 2.4; RFC 9700, 4.4).
fn check_sender(discovery: &Discovery, began: &Began<'_>) -> Result<(), ProviderFault> {
    if began.issuer != discovery.issuer.as_str() {
        return Err(invalid("the provider has another issuer than when the way began"));
    }
    match began.callback_iss {
        Some(iss) if discovery.issuer.may_be(iss) => Ok(()),
        Some(_) => Err(invalid("the answer is of another issuer")),
        None if discovery.names_itself => Err(invalid("the answer does not name its issuer, and always should")),
        None => Ok(()),
    }
}

fn identity(settings: &ProviderSettings, verified: &Verified) -> Identity {
    let Verified { issuer, subject, auth_time, profile } = verified;
    Identity {
        provider: settings.id.clone(),
        issuer: issuer.clone(),
        subject: subject.clone(),
        email: profile.email(settings.trusts_email),
        name: profile.name(),
        proved_second_factor: settings.trusts_second_factor && profile.tells_second_factor(),
        proved_at: auth_time.map(|seconds| Timestamp(0).plus_seconds(seconds.saturating_add(CLOCKS_DIFFER))),
        tokens: None,
    }
}
