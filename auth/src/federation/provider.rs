//! One provider: a browser is sent there, and what comes back says who somebody is.

use anyhow::anyhow;
use secrecy::SecretString;

use super::github::GitHub;
use super::http::Http;
use super::openid::OpenId;
use super::{Identity, ProviderFault, ProviderKind, ProviderSettings, ProviderTokens};
use crate::view::{FedCmItem, ProviderItem};
use crate::{Email, Locale, Timestamp};

/// One provider.
pub struct Provider {
    settings: ProviderSettings,
    pub(super) http: Http,
    pub(super) protocol: Protocol,
}

/// How it is spoken to, and what it told.
pub(super) enum Protocol {
    OpenId(Box<OpenId>),
    GitHub(GitHub),
}

/// What a browser is sent to a provider with.
pub struct AuthorizationRequest<'a> {
    /// Where it comes back to.
    pub redirect_uri: &'a str,
    /// What it brings back: binds the answer to the browser.
    pub state: &'a SecretString,
    /// What the ID token brings back: binds it to this way.
    pub nonce: &'a str,
    /// The secret of PKCE, 43 to 128 characters; its digest is sent.
    pub pkce_verifier: &'a SecretString,
    /// The language of the provider's pages.
    pub locale: Locale,
    /// What the provider asks even who has agreed before.
    pub prompt: Prompt,
    /// The account that is probably meant.
    pub login_hint: Option<&'a Email>,
}

/// What a provider asks even who has a session there, and has agreed before (OpenID Connect Core 1.0, 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Nothing that it need not ask.
    Nothing,
    /// A proof, now (`login`, and `max_age=0`, with which it must tell when it was given).
    Proof,
}

impl Prompt {
    /// The word of the request; none: there is none.
    pub(super) const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Proof => Some("login"),
        }
    }
}

/// Where a browser is sent.
pub struct Authorization {
    /// The address.
    pub url: String,
    /// Who answers: kept, and compared when the browser is back.
    pub issuer: String,
}

/// What is remembered of a way when the browser is back.
pub struct Began<'a> {
    /// Where it came back to, as it was asked for.
    pub redirect_uri: &'a str,
    /// What the ID token must say.
    pub nonce: &'a str,
    /// The secret of PKCE.
    pub pkce_verifier: &'a SecretString,
    /// Who was asked.
    pub issuer: &'a str,
    /// Who answered, where the answer says so (RFC 9207).
    pub callback_iss: Option<&'a str>,
}

impl Provider {
    pub(super) fn new(settings: ProviderSettings, http: Http) -> Self {
        let protocol = match &settings.kind {
            ProviderKind::OpenId { issuer } => Protocol::OpenId(Box::new(OpenId::new(issuer.clone()))),
            ProviderKind::GitHub { site, api } => Protocol::GitHub(GitHub { site: site.clone(), api: api.clone() }),
        };
        Self { settings, http, protocol }
    }

    /// What the operator set.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// What pages and programs see.
    pub fn item(&self) -> ProviderItem {
        let settings = &self.settings;
        let fedcm = settings.fedcm_config_url.clone();
        ProviderItem {
            id: settings.id.clone(),
            name: settings.name.clone(),
            icon: settings.icon,
            fedcm: fedcm.map(|config_url| FedCmItem { config_url, client_id: settings.client_id.clone() }),
        }
    }

    /// Where a browser is sent to sign in there. Like each of the following, it may take some seconds: never call it
    /// in a transaction.
    pub async fn authorize(
        &self,
        request: &AuthorizationRequest<'_>,
        now: Timestamp,
    ) -> Result<Authorization, ProviderFault> {
        match &self.protocol {
            Protocol::OpenId(openid) => openid.authorize(&self.http, &self.settings, request, now).await,
            Protocol::GitHub(github) => github.authorize(&self.http, &self.settings, request),
        }
    }

    /// Who came back with a code.
    pub async fn identify(
        &self,
        code: &SecretString,
        began: &Began<'_>,
        now: Timestamp,
    ) -> Result<Identity, ProviderFault> {
        match &self.protocol {
            Protocol::OpenId(openid) => openid.identify(&self.http, &self.settings, code, began, now).await,
            Protocol::GitHub(github) => github.identify(&self.http, &self.settings, code, began).await,
        }
    }

    /// Whom an ID token is about that a browser was given by itself (FedCM).
    pub async fn identify_by_token(
        &self,
        id_token: &SecretString,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Identity, ProviderFault> {
        match &self.protocol {
            Protocol::OpenId(openid) => {
                openid.identify_by_token(&self.http, &self.settings, id_token, nonce, now).await
            }
            Protocol::GitHub(_) => Err(ProviderFault::Refused(anyhow!("the provider gives no ID tokens"))),
        }
    }

    /// New tokens for a refresh token.
    pub async fn refresh(&self, refresh: &SecretString, now: Timestamp) -> Result<ProviderTokens, ProviderFault> {
        match &self.protocol {
            Protocol::OpenId(openid) => openid.refresh(&self.http, &self.settings, refresh, now).await,
            Protocol::GitHub(github) => github.refresh(&self.http, &self.settings, refresh).await,
        }
    }
}
