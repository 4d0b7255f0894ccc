//! Somebody came back from a provider for a native app, and is asked before the app gets anything.
//!
//! Who begins a way for an app is not known: a malicious program begins one as well, with a proof of its own, and opens
//! it in somebody's browser; a provider that knows the browser asks nothing (RFC 8252, 8.6 and 8.7). So the person is
//! asked here, in the browser that came back and nowhere else, and no code exists before they agree.

use secrecy::SecretString;

use super::native_federation::native_code;
use super::start_federation::{WAYS_AT_ONCE, browser_cookie};
use crate::crypto::{Purpose, token_digest};
use crate::federation::{Identity, NativeGoal, app_of, open_arrival, seal_arrival};
use crate::store::NewFederationFlow;
use crate::view::NativeArrival;
use crate::{Auth, ErrorCode, PersonName, ProviderId, Result};

/// The purpose of its rows.
const ARRIVED: &str = "native_arrival";

/// Somebody who is asked.
pub struct NativeQuestion {
    /// For the address of the page that asks.
    pub ticket: SecretString,
    /// For the cookie of the browser: the one it has, or a new one.
    pub browser: SecretString,
}

/// What the person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeAnswer {
    /// The app may have its code.
    Continue,
    /// It may not.
    Cancel,
}

/// Remembers who came back and for which app, for this browser.
pub(super) async fn ask(
    auth: &Auth,
    native: &NativeGoal,
    identity: &Identity,
    browser: Option<&SecretString>,
) -> Result<NativeQuestion> {
    let (ticket, browser) = (auth.random.token(), browser_cookie(auth, browser.cloned()));
    let digest = token_digest(Purpose::NativeArrival, &ticket);
    let payload_sealed = seal_arrival(auth, &place(&digest), native, identity)?;
    let browser_digest = token_digest(Purpose::FederationBrowser, &browser);
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    tx.keep_newest_federation_flows(&browser_digest, WAYS_AT_ONCE - 1).await?;
    tx.insert_federation_flow(NewFederationFlow {
        digest: &digest,
        browser_digest: &browser_digest,
        provider: &identity.provider,
        purpose: ARRIVED,
        session_id: "",
        payload_sealed: &payload_sealed,
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.federation_flow),
    })
    .await?;
    tx.commit().await?;
    Ok(NativeQuestion { ticket, browser })
}

/// What the page shows; none for a ticket that is used, over, invented or of another browser. Changes nothing.
///
/// # Errors
/// Only when the database fails.
pub async fn native_arrival(
    auth: &Auth,
    provider: &ProviderId,
    ticket: &SecretString,
    browser: &SecretString,
) -> Result<Option<NativeArrival>> {
    let Some(offered) = auth.providers.get(provider) else { return Ok(None) };
    let (digest, browser) = digests(ticket, browser);
    let row = auth.store.federation_flow(&digest, &browser, provider, auth.now()).await?;
    let Some(row) = row.filter(|row| row.purpose == ARRIVED) else { return Ok(None) };
    let (native, identity) = open_arrival(auth, &place(&digest), &row.payload_sealed)?;
    let address = identity.email.address().map(ToString::to_string);
    // A name is shown as one, or not at all.
    let name = || identity.name.as_deref().and_then(|name| PersonName::parse(name).ok()).map(String::from);
    Ok(Some(NativeArrival {
        provider: offered.item(),
        app: app_of(&native.redirect_uri),
        account: address.or_else(name),
    }))
}

/// Ends the question, once; gives where the browser goes: to the app, with a code or with a no.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a provider that is not offered; [`ErrorCode::FederationExpired`] for a ticket that is
/// used, over, invented or of another browser or provider: then nothing is consumed.
pub async fn answer_native_arrival(
    auth: &Auth,
    provider: &ProviderId,
    ticket: &SecretString,
    browser: &SecretString,
    answer: NativeAnswer,
) -> Result<String> {
    auth.providers.get(provider).ok_or(ErrorCode::NotFound)?;
    let (digest, browser) = digests(ticket, browser);
    let mut tx = auth.store.begin().await?;
    let row = tx.take_federation_flow(&digest, &browser, provider, auth.now()).await?;
    let Some(row) = row.filter(|row| row.purpose == ARRIVED) else {
        tx.rollback().await?;
        return Err(ErrorCode::FederationExpired.into());
    };
    tx.commit().await?;
    let (native, identity) = open_arrival(auth, &place(&digest), &row.payload_sealed)?;
    match answer {
        NativeAnswer::Continue => native_code(auth, &native, &identity).await,
        NativeAnswer::Cancel => Ok(native.refused(&auth.public_url, ErrorCode::ProviderRefused)),
    }
}

fn digests(ticket: &SecretString, browser: &SecretString) -> (String, String) {
    (token_digest(Purpose::NativeArrival, ticket), token_digest(Purpose::FederationBrowser, browser))
}

/// The place it is sealed for.
fn place(digest: &str) -> String {
    format!("federation_flows.payload_sealed.{digest}")
}
