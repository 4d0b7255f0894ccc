//! Somebody whom a provider verified meets the accounts.
//!
//! Only a connection lets in. A verified address makes an account where there is none; where there is one, whoever owns
//! it proves that first, by a way that it has already. So neither an account that a stranger made before captures the
//! provider's owner, nor a stranger's account at a provider captures ours (account pre-hijacking). An address that is
//! not verified is typed and proved by mail, as in any sign-up.

use secrecy::SecretString;

use super::gate::{Entered, Way, enter};
use super::join_by_domain::{hold_organization_of_domain, join_by_domain};
use super::native_arrival::NativeQuestion;
use super::new_device::at_the_door;
use super::sign_out::sign_out;
use crate::crypto::{Purpose, token_digest};
use crate::federation::{Identity, ProviderEmail, keep_tokens, person_name, seal_identity};
use crate::id::{ConnectionId, UserId};
use crate::mail::{Mail, Message};
use crate::meter::{SignInOutcome, SignInWay};
use crate::store::{NewPendingConnection, NewUser, UserRow};
use crate::{Auth, Context, Email, ErrorCode, EventKind, ProviderId, Result};

/// What an answer of a provider leads to.
pub enum Federated {
    /// Through the gate that every way in ends in.
    Entered(Entered),
    /// The account is connected.
    Connected,
    /// The address has an account, which must prove itself first: the ticket.
    NeedsProof(SecretString),
    /// An address must be proved by mail: the ticket.
    NeedsAddress(SecretString),
    /// A native app waits: the person is asked first.
    Native(NativeQuestion),
}

/// What an identity meets.
enum Arrival {
    /// The account that it is connected with.
    Linked(UserRow),
    /// Nobody: an account is to be made for this address.
    New(Email),
    /// The account of its address.
    Known(UserRow),
    /// No address that is proved.
    AddressMissing,
}

/// Lets in, or says what is missing. `trusted` is the cookie of a device in which no second factor is asked for.
///
/// # Errors
/// [`ErrorCode::AccountClosed`]; [`ErrorCode::ChangedMeanwhile`] when the account changed in this moment.
pub(super) async fn admit(
    auth: &Auth,
    identity: Identity,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<Federated> {
    let led_to = meet(auth, identity, trusted, context).await;
    let outcome = match &led_to {
        Ok(Federated::Entered(entered)) => SignInOutcome::of_entered(entered),
        Ok(_) => SignInOutcome::NeedsProof,
        Err(error) => SignInOutcome::of_error(error),
    };
    auth.meters.sign_ins.note((SignInWay::Provider, outcome));
    led_to
}

async fn meet(auth: &Auth, identity: Identity, trusted: Option<&SecretString>, context: &Context) -> Result<Federated> {
    // Whoever makes an account, or finds that somebody made it in this very moment, looks again.
    for _ in 0..3 {
        match arrival(auth, &identity).await? {
            Arrival::Linked(user) => return let_in(auth, &user, &identity, trusted, context).await,
            Arrival::Known(user) => return ask_for_proof(auth, &user, &identity, context).await,
            Arrival::AddressMissing => return ask_for_address(auth, &identity).await,
            Arrival::New(email) => make_account(auth, &email, &identity, context).await?,
        }
    }
    Err(ErrorCode::ChangedMeanwhile.into())
}

async fn arrival(auth: &Auth, identity: &Identity) -> Result<Arrival> {
    if let Some(owner) = auth.store.connection_owner(identity).await? {
        let user = auth.store.user(&owner).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
        return Ok(Arrival::Linked(living(auth, user)?));
    }
    let ProviderEmail::Verified(email) = &identity.email else { return Ok(Arrival::AddressMissing) };
    let Some(user) = auth.store.user_by_email(email).await? else { return Ok(Arrival::New(email.clone())) };
    let user = living(auth, user)?;
    // Asked again: an account that was made by this very identity in this moment came with its connection.
    let is_own = auth.store.connection_owner(identity).await?.as_ref() == Some(&user.id);
    Ok(if is_own { Arrival::Linked(user) } else { Arrival::Known(user) })
}

/// Once its day has come, an account is gone, whether its rows are or not.
fn living(auth: &Auth, user: UserRow) -> Result<UserRow> {
    if user.delete_at.is_some_and(|at| at <= auth.now()) {
        return Err(ErrorCode::AccountClosed.into());
    }
    Ok(user)
}

/// Through the gate. Of an account that got a factor or another password in this moment the second try knows it.
async fn let_in(
    auth: &Auth,
    user: &UserRow,
    identity: &Identity,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<Federated> {
    note_use(auth, &user.id, identity).await?;
    let method = method_by(&identity.provider, identity.proved_second_factor);
    let mut entered = None;
    for _ in 0..2 {
        let found = at_the_door(auth, &user.email, context).await?;
        let (user, known) = found.filter(|(found, _)| found.id == user.id).ok_or(ErrorCode::ChangedMeanwhile)?;
        let way = Way {
            user: &user,
            known: &known,
            upgraded: None,
            method: &method,
            factor: None,
            proved_elsewhere: identity.proved_second_factor,
            proved_at: identity.proved_at,
            trusted,
        };
        entered = enter(auth, way, context).await?;
        if entered.is_some() {
            break;
        }
    }
    let entered = entered.ok_or(ErrorCode::ChangedMeanwhile)?;
    // Whoever disconnected the account in this moment must not find somebody in who came by it.
    if auth.store.connection_owner(identity).await?.as_ref() != Some(&user.id) {
        if let Entered::SignedIn(signed_in) = &entered {
            sign_out(auth, &signed_in.refresh_token, context).await?;
        }
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    Ok(Federated::Entered(entered))
}

/// Notes with the connection that it was used, the address as the provider tells it now, and its tokens.
async fn note_use(auth: &Auth, user: &UserId, identity: &Identity) -> Result<()> {
    let now = auth.now();
    let connections = auth.store.connections_of(user).await?;
    let mut tx = auth.store.begin().await?;
    // Before the connection's row: whoever disconnects holds the account first, too.
    tx.hold_user(user).await?;
    if !tx.use_connection(identity, now).await? {
        tx.rollback().await?;
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let used = connections.iter().find(|row| {
        row.provider == identity.provider && row.issuer == identity.issuer && row.subject == identity.subject
    });
    if let (Some(used), Some(tokens)) = (used, &identity.tokens) {
        keep_tokens(auth, &mut tx, &used.id, tokens, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Makes the account, all or nothing; nothing when its address or the connection has one meanwhile. Sign-ups for the
/// address that wait for their mail lead nowhere from now on.
async fn make_account(auth: &Auth, email: &Email, identity: &Identity, context: &Context) -> Result<()> {
    let now = auth.now();
    let (id, connection) = (UserId(auth.random.id(now)), ConnectionId(auth.random.id(now)));
    let name = person_name(identity.name.as_deref(), email);
    let new = NewUser { id: &id, email, name: &name, locale: context.locale, password_hash: None, created_at: now };
    let mut tx = auth.store.begin().await?;
    if !tx.insert_user(new).await? || !tx.insert_connection(&connection, &id, identity, now).await? {
        return Ok(tx.rollback().await?);
    }
    let message = Message::Welcome { name, link: format!("{}/sign-in", auth.public_url) };
    auth.promise_mail(&mut tx, &Mail { to: email.clone(), locale: context.locale, message }).await?;
    auth.audit(&mut tx, EventKind::UserCreated, (Some(&id), None), context).await?;
    auth.audit(&mut tx, EventKind::ConnectionAdded, (Some(&id), None), context).await?;
    // Nobody else knows of the account yet, so nobody waits for it who holds the organization.
    if let Some(join) = hold_organization_of_domain(auth, &mut tx, email).await? {
        join_by_domain(auth, &mut tx, &join, (&id, email), context).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// Keeps who it is until the account of the address has proved itself.
async fn ask_for_proof(auth: &Auth, user: &UserRow, identity: &Identity, context: &Context) -> Result<Federated> {
    let (ticket, now) = (auth.random.token(), auth.now());
    let digest = token_digest(Purpose::PendingConnection, &ticket);
    let identity_sealed = seal_identity(auth, &pending_place(&digest), identity)?;
    let mut tx = auth.store.begin().await?;
    tx.hold_owner(&user.id, now).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    tx.insert_pending_connection(NewPendingConnection {
        digest: &digest,
        user_id: user.id.as_str(),
        provider: &identity.provider,
        identity_sealed: &identity_sealed,
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.pending_connection),
    })
    .await?;
    auth.audit(&mut tx, EventKind::ConnectionAsked, (Some(&user.id), None), context).await?;
    tx.commit().await?;
    Ok(Federated::NeedsProof(ticket))
}

/// Keeps who it is until an address was typed.
async fn ask_for_address(auth: &Auth, identity: &Identity) -> Result<Federated> {
    let (ticket, now) = (auth.random.token(), auth.now());
    let digest = token_digest(Purpose::PendingConnection, &ticket);
    let identity_sealed = seal_identity(auth, &pending_place(&digest), identity)?;
    let mut tx = auth.store.begin().await?;
    tx.insert_pending_connection(NewPendingConnection {
        digest: &digest,
        user_id: "",
        provider: &identity.provider,
        identity_sealed: &identity_sealed,
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.pending_connection),
    })
    .await?;
    tx.commit().await?;
    Ok(Federated::NeedsAddress(ticket))
}

/// The place an identity that waits is sealed for.
pub(super) fn pending_place(digest: &str) -> String {
    format!("pending_connections.identity_sealed.{digest}")
}

/// How a session begins that a provider proves: see `token/proved.rs` for what is told of it.
pub(super) fn method_by(provider: &ProviderId, proved_second_factor: bool) -> String {
    let factor = if proved_second_factor { ":mfa" } else { "" };
    format!("provider:{provider}{factor}")
}

/// The provider's name in such a method; none of another way in.
pub(super) fn provider_of(method: &str) -> Option<&str> {
    let provider = method.strip_prefix("provider:")?;
    Some(provider.strip_suffix(":mfa").unwrap_or(provider))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_of_a_session_is_found_in_its_method() {
        for (method, provider) in [
            ("provider:google", Some("google")),
            ("provider:google:mfa", Some("google")),
            ("provider:mfa", Some("mfa")),
            ("pwd", None),
            ("passkey", None),
        ] {
            assert_eq!(provider_of(method), provider);
        }
    }
}
