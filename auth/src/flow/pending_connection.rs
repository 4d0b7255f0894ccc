//! What somebody sees who came from a provider and is not let in yet: by which ways the account of their address proves
//! itself, or that an address is missing. Changes nothing.
//!
//! Only whoever has the address at a provider that is trusted with it learns which ways the account has.

use secrecy::SecretString;

use super::admit::pending_place;
use super::reauthenticate::require_fresh;
use crate::crypto::{Purpose, token_digest};
use crate::federation::{Identity, open_identity};
use crate::session::Caller;
use crate::store::{PendingConnectionRow, SessionRow, UserRow};
use crate::view::{PendingConnection, PendingNeed, WayIn};
use crate::{Auth, Error, ErrorCode, FactorMethod, PersonName, Result, Timestamp};

/// Somebody who waits, opened.
pub(super) struct Waiting {
    pub(super) digest: String,
    pub(super) row: PendingConnectionRow,
    pub(super) identity: Identity,
}

impl Waiting {
    /// Whoever waits with a ticket.
    ///
    /// # Errors
    /// [`ErrorCode::FederationExpired`] for a ticket that is used, over or invented, and when the provider is not
    /// offered any more.
    pub(super) async fn of(auth: &Auth, ticket: &SecretString) -> Result<Self> {
        let (digest, now) = (token_digest(Purpose::PendingConnection, ticket), auth.now());
        let row = auth.store.pending_connection(&digest, now).await?.ok_or(ErrorCode::FederationExpired)?;
        auth.providers.get(&row.provider).ok_or(ErrorCode::FederationExpired)?;
        let identity = open_identity(auth, &pending_place(&digest), &row.identity_sealed)?;
        Ok(Self { digest, row, identity })
    }
}

/// What the ticket of a browser needs; none without a ticket that works. `caller` is the session of the browser.
///
/// # Errors
/// Only when the database fails.
pub async fn pending_connection(
    auth: &Auth,
    ticket: Option<&SecretString>,
    caller: Option<&Caller>,
) -> Result<Option<PendingConnection>> {
    let Some(ticket) = ticket else { return Ok(None) };
    let Waiting { row, identity, .. } = match Waiting::of(auth, ticket).await {
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::FederationExpired => return Ok(None),
        waiting => waiting?,
    };
    let Some(provider) = auth.providers.get(&row.provider) else { return Ok(None) };
    let needs = if auth.store.connection_owner(&identity).await?.is_some() {
        // Connected meanwhile, in another tab or by somebody else.
        PendingNeed::Nothing
    } else if let Some(id) = &row.user_id {
        let user = auth.store.user(id).await?.filter(|user| user.delete_at.is_none_or(|at| at > auth.now()));
        match user {
            Some(user) => PendingNeed::Proof {
                ways: ways_in(auth, &user).await?,
                is_proved: is_proved(auth, &user, caller, row.created_at).await?,
            },
            None => PendingNeed::Nothing,
        }
    } else {
        PendingNeed::Address
    };
    Ok(Some(PendingConnection {
        provider: provider.item(),
        email: identity.email.address().map(ToString::to_string),
        name: shown_name(&identity),
        needs,
    }))
}

/// When the person of a session was last proved in it.
pub(super) fn proved_at(session: &SessionRow) -> Timestamp {
    session.authenticated_at.max(session.factor_at)
}

/// A name to begin with; empty when there is none that may be one.
fn shown_name(identity: &Identity) -> String {
    let told = identity.name.as_deref().and_then(|name| PersonName::parse(name).ok());
    told.map(String::from).unwrap_or_default()
}

/// What the account has, the most likely first.
async fn ways_in(auth: &Auth, user: &UserRow) -> Result<Vec<WayIn>> {
    let mut ways = Vec::new();
    if user.password_hash.is_some() {
        ways.push(WayIn::Password);
    }
    if user.factors.contains(FactorMethod::Passkey) {
        ways.push(WayIn::Passkey);
    }
    for row in auth.store.connections_of(&user.id).await? {
        let Some(provider) = auth.providers.get(&row.provider) else { continue };
        let way = WayIn::Provider(provider.item());
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    // A provider alone may be somebody else's, who had this address before.
    if user.password_hash.is_none() && !user.factors.contains(FactorMethod::Passkey) {
        ways.push(WayIn::Mail);
    }
    Ok(ways)
}

/// Whether the caller is this person, and proved it since then.
async fn is_proved(auth: &Auth, user: &UserRow, caller: Option<&Caller>, since: Timestamp) -> Result<bool> {
    let Some(caller) = caller.filter(|caller| caller.user_id == user.id) else { return Ok(false) };
    let session = match auth.session_of(caller).await {
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SignedOut => return Ok(false),
        session => session?,
    };
    if proved_at(&session) < since {
        return Ok(false);
    }
    match require_fresh(auth, session).await {
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::ReauthenticationRequired => Ok(false),
        fresh => fresh.map(|_| true),
    }
}
