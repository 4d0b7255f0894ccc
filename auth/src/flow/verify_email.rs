//! Proving an address. The account comes into being here, with the password, the passkey or the provider of the sign-up
//! whose link or code was used: whoever proves the address owns the account.

use secrecy::SecretString;
use subtle::ConstantTimeEq;

use super::join_by_domain::{hold_organization_of_domain, join_by_domain};
use super::sign_up::{SignUpTicket, identity_place};
use super::sign_up_status::is_own_link;
use crate::crypto::{Purpose, token_digest};
use crate::federation::{Identity, keep_tokens, open_identity};
use crate::id::{ConnectionId, PasskeyId, UserId};
use crate::mail::{Mail, Message};
use crate::password::hash::Verdict;
use crate::store::{NewPasskey, NewUser, Transaction, Verified, WaitingPasskey};
use crate::{
    Auth, Context, Email, ErrorCode, EventKind, FactorMethod, Field, FieldIssue, Refusal, Result, Timestamp,
    VerificationCode, store,
};

/// A mailed link, and that whoever opens it also made the sign-up. Without the second half a
/// stranger could sign up for somebody else's address and wait for the owner to confirm.
pub struct LinkProof {
    /// The token of the link.
    pub token: SecretString,
    /// The ticket of this browser, if it has one.
    pub ticket: Option<SignUpTicket>,
    /// The password of the sign-up, asked for in any other browser.
    pub password: Option<SecretString>,
}

/// What proves the address.
pub enum Proof {
    /// The mailed link.
    Link(LinkProof),
    /// The mailed code, typed in the browser that signed up.
    TicketCode(SignUpTicket, VerificationCode),
    /// The mailed code with the address, sent by a program.
    EmailCode(Email, VerificationCode),
}

/// Consumes the proof, makes the account and promises the welcome mail, all or nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] or [`ErrorCode::InvalidCredentials`] for a link,
/// [`ErrorCode::WrongCode`] or
/// [`ErrorCode::CodeExhausted`] for a code. With [`Proof::EmailCode`] every failure is
/// `WrongCode`, whether the address is known or not. [`ErrorCode::TooManyAttempts`] where a password or an address is
/// sent with the proof.
pub async fn verify_email(auth: &Auth, proof: Proof, context: &Context) -> Result<Email> {
    if matches!(proof, Proof::EmailCode(..)) {
        auth.limits.code(&context.address).await?;
    }
    let now = auth.now();
    if let Proof::Link(link) = &proof {
        check_who_signed_up(auth, link, context).await?;
    }
    let mut tx = auth.store.begin().await?;
    let Some(verified) = consume(auth, &mut tx, &proof, now).await? else {
        // The spent try must last.
        tx.commit().await?;
        return Err(failure(auth, &proof).await?.into());
    };
    let id = make_account(auth, &mut tx, &verified, context, now).await?;
    // Nobody else knows of the account yet, so nobody waits for it who holds the organization.
    if let Some(join) = hold_organization_of_domain(auth, &mut tx, &verified.email).await? {
        join_by_domain(auth, &mut tx, &join, (&id, &verified.email), context).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    auth.limits.know_mailed_device(&verified.email);
    Ok(verified.email)
}

async fn check_who_signed_up(auth: &Auth, proof: &LinkProof, context: &Context) -> Result<()> {
    let digest = token_digest(Purpose::VerificationLink, &proof.token);
    let link = auth.store.live_link(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    if is_own_link(&link, proof.ticket.as_ref()) {
        return Ok(());
    }
    let Some(password) = &proof.password else {
        return Err(Refusal::invalid(vec![(Field::Password, FieldIssue::Required)]).into());
    };
    // A link that is known may be sent as often as one likes, and each password costs a hash.
    auth.limits.code(&context.address).await?;
    match auth.hashes.verify(password, Some(&link.password_hash)).await? {
        Verdict::Wrong => Err(ErrorCode::InvalidCredentials.into()),
        Verdict::Right | Verdict::RightButOld => Ok(()),
    }
}

async fn consume(auth: &Auth, tx: &mut Transaction, proof: &Proof, now: Timestamp) -> Result<Option<Verified>> {
    let (tries, code) = match proof {
        Proof::Link(link) => {
            return Ok(tx.consume_link(&token_digest(Purpose::VerificationLink, &link.token), now).await?);
        }
        Proof::TicketCode(ticket, code) => {
            (tx.try_ticket_code(&token_digest(Purpose::SignUpTicket, ticket), now).await?, code)
        }
        Proof::EmailCode(email, code) => (tx.try_email_code(email, now).await?, code),
    };
    for found in tries {
        let expected = auth.codes.of(found.email.as_str(), code);
        if bool::from(expected.as_bytes().ct_eq(found.code_mac.as_bytes()))
            && let Some(verified) = tx.consume_sign_up(&found.id, now).await?
        {
            return Ok(Some(verified));
        }
    }
    Ok(None)
}

async fn make_account(
    auth: &Auth,
    tx: &mut Transaction,
    verified: &Verified,
    context: &Context,
    now: Timestamp,
) -> Result<UserId> {
    let waiting = tx.sign_up_passkey(&verified.sign_up).await?;
    let sealed = tx.sign_up_identity(&verified.sign_up).await?;
    let identity = sealed.map(|sealed| open_identity(auth, &identity_place(&verified.sign_up), &sealed)).transpose()?;
    let has_password = waiting.is_none() && identity.is_none();
    // The authenticator keeps the id that was drawn for it.
    let id = waiting.as_ref().map_or_else(|| UserId(auth.random.id(now)), |waiting| waiting.user_id.clone());
    let made = tx
        .insert_user(NewUser {
            id: &id,
            email: &verified.email,
            name: &verified.name,
            locale: verified.locale,
            password_hash: has_password.then_some(verified.password_hash.as_str()),
            created_at: now,
        })
        .await?;
    if !made {
        // Another sign-up for the address was proved before: this one leads nowhere any more.
        return Err(ErrorCode::LinkExpired.into());
    }
    if let Some(waiting) = waiting {
        add_first_passkey(auth, tx, &waiting, verified, now).await?;
        auth.audit(tx, EventKind::FactorAdded, (Some(&id), None), context).await?;
    }
    if let Some(identity) = identity {
        add_first_connection(auth, tx, &id, &identity, now).await?;
        auth.audit(tx, EventKind::ConnectionAdded, (Some(&id), None), context).await?;
    }
    let message = Message::Welcome { name: verified.name.clone(), link: format!("{}/sign-in", auth.public_url) };
    let mail = Mail { to: verified.email.clone(), locale: verified.locale, message };
    auth.promise_mail(tx, &mail).await?;
    auth.audit(tx, EventKind::UserCreated, (Some(&id), None), context).await?;
    Ok(id)
}

/// The passkey of a sign-up becomes the account's. Its recovery codes are made when the person first asks to see them:
/// now there is nobody to show them to.
async fn add_first_passkey(
    auth: &Auth,
    tx: &mut Transaction,
    waiting: &WaitingPasskey,
    verified: &Verified,
    now: Timestamp,
) -> Result<()> {
    let new = NewPasskey {
        id: &PasskeyId(auth.random.id(now)),
        user_id: &waiting.user_id,
        name: &waiting.passkey.name(verified.locale),
        passkey: &waiting.passkey,
        created_at: now,
    };
    if !tx.insert_passkey(new).await? {
        // Another account got this passkey before.
        return Err(ErrorCode::LinkExpired.into());
    }
    tx.add_factor(&waiting.user_id, FactorMethod::Passkey, now).await?;
    Ok(())
}

/// Who the person of a sign-up is at a provider opens the account from now on.
async fn add_first_connection(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserId,
    identity: &Identity,
    now: Timestamp,
) -> Result<()> {
    let id = ConnectionId(auth.random.id(now));
    if !tx.insert_connection(&id, user, identity, now).await? {
        // Another account was connected with it before.
        return Err(ErrorCode::LinkExpired.into());
    }
    if let Some(tokens) = &identity.tokens {
        keep_tokens(auth, tx, &id, tokens, now).await?;
    }
    Ok(())
}

/// What to tell the caller.
async fn failure(auth: &Auth, proof: &Proof) -> Result<ErrorCode> {
    match proof {
        Proof::Link(_) => Ok(ErrorCode::LinkExpired),
        Proof::EmailCode(..) => Ok(ErrorCode::WrongCode),
        Proof::TicketCode(ticket, _) => {
            let row = auth.store.sign_up_by_ticket(&token_digest(Purpose::SignUpTicket, ticket)).await?;
            Ok(match row {
                Some(row) if row.wrong_codes < store::MAX_WRONG_CODES => ErrorCode::WrongCode,
                Some(_) => ErrorCode::CodeExhausted,
                None => ErrorCode::LinkExpired,
            })
        }
    }
}
