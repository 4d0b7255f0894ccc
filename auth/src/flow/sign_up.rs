//! Creating an account: everything is prepared, nothing exists until the address is proved.
//!
//! A known address gets the same answer after the same work; only the mail differs (OWASP
//! Authentication Cheat Sheet, "account creation"; ASVS 5.0, 6.3.8).

use secrecy::{ExposeSecret, SecretString};

use super::even_answer::EvenAnswer;
use super::new_password::is_known_from_a_leak;
use crate::crypto::{Purpose, token_digest};
use crate::factor::passkey::FreshPasskey;
use crate::federation::{Identity, seal_identity};
use crate::form::NewAccount;
use crate::id::{SignUpId, UserId};
use crate::mail::{Mail, Message};
use crate::password::common_passwords::is_common;
use crate::password::leaked_passwords::is_leaked;
use crate::store::{NewSignUp, Transaction};
use crate::{
    Auth, Context, Email, ErrorCode, EventKind, Field, FieldIssue, PersonName, Refusal, Result, VerificationCode,
};

/// Verification mails an hour that sign-ups may cause for one address.
const MAX_MAILS_AN_HOUR: i64 = 10;

/// What the browser keeps to find its waiting page again.
pub type SignUpTicket = SecretString;

/// Stores the sign-up and promises its mail.
///
/// # Errors
/// [`FieldIssue::PasswordCommon`] or [`FieldIssue::PasswordLeaked`], [`crate::ErrorCode::TooManyAttempts`], or
/// [`crate::ErrorCode::Busy`] when too many hash at once.
pub async fn sign_up(auth: &Auth, account: NewAccount, context: &Context) -> Result<SignUpTicket> {
    auth.limits.sign_up(&context.address).await?;
    let account = refuse_bad_password(auth, account).await?;
    let password_hash = auth.hashes.hash(&account.password, &*auth.random).await?;
    let credential = Credential { password_hash: &password_hash, passkey: None, provider: None };
    store_sign_up(auth, account.email, &account.name, credential, context).await
}

/// With what the account will be signed in to.
pub(super) struct Credential<'a> {
    /// PHC string; of a password that nobody knows where there is a passkey or a provider.
    pub password_hash: &'a str,
    /// A passkey instead, and the account that it was made for.
    pub passkey: Option<(&'a UserId, &'a FreshPasskey)>,
    /// A provider instead.
    pub provider: Option<FromProvider<'a>>,
}

/// Somebody who came from a provider that proved no address.
pub(super) struct FromProvider<'a> {
    /// Who it is there.
    pub identity: &'a Identity,
    /// The digest of the ticket that is used up by this.
    pub pending: &'a str,
}

/// Stores the sign-up and promises its mail: the same for every address.
pub(super) async fn store_sign_up(
    auth: &Auth,
    email: Email,
    name: &PersonName,
    credential: Credential<'_>,
    context: &Context,
) -> Result<SignUpTicket> {
    let answer = EvenAnswer::begin();
    let now = auth.now();
    let id = SignUpId(auth.random.id(now));
    let (ticket, secrets) = (auth.random.token(), Secrets::draw(auth));

    let mut tx = auth.store.begin().await?;
    let known_user = tx.user_id_by_email(&email).await?;
    let is_over = mail_limit_reached(auth, &mut tx, &email).await?;
    // Beyond the limit the sign-up is stored like any other, but nothing matches its code: nobody's
    // mailbox or list of events is flooded, and more sign-ups give no more codes to guess at.
    let code_mac = if is_over { String::new() } else { auth.codes.of(email.as_str(), &secrets.code) };
    tx.insert_sign_up(NewSignUp {
        id: &id,
        email: &email,
        name,
        locale: context.locale,
        password_hash: credential.password_hash,
        known_user: known_user.as_ref(),
        ticket_digest: &token_digest(Purpose::SignUpTicket, &ticket),
        link_digest: &secrets.link_digest(),
        code_mac: &code_mac,
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.verification),
    })
    .await?;
    if let Some((future, passkey)) = credential.passkey {
        if tx.is_passkey_known(&passkey.credential_id).await? {
            tx.rollback().await?;
            return Err(ErrorCode::PasskeyKnown.into());
        }
        tx.set_sign_up_passkey(&id, future, passkey).await?;
    }
    if let Some(FromProvider { identity, pending }) = &credential.provider {
        tx.use_pending_connection(pending, now).await?.ok_or(ErrorCode::FederationExpired)?;
        let sealed = seal_identity(auth, &identity_place(&id), identity)?;
        tx.set_sign_up_identity(&id, &sealed).await?;
    }
    let message = match known_user {
        None => secrets.message(auth),
        Some(_) => already_registered(auth, credential.provider.as_ref().map(|from| from.identity)),
    };
    if !is_over {
        let mail = Mail { to: email, locale: context.locale, message };
        auth.promise_mail(&mut tx, &mail).await?;
        auth.audit(&mut tx, EventKind::SignUpRequested, (known_user.as_ref(), None), context).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    answer.wait().await;
    Ok(ticket)
}

/// What a known address is told. Who came from a provider reads how to connect it.
pub(super) fn already_registered(auth: &Auth, identity: Option<&Identity>) -> Message {
    let link = format!("{}/sign-in", auth.public_url);
    match identity.and_then(|identity| auth.providers.get(&identity.provider)) {
        Some(provider) => Message::AlreadyRegisteredConnect { provider: provider.settings().name.clone(), link },
        None => Message::AlreadyRegistered { link },
    }
}

/// The place an identity of a sign-up is sealed for.
pub(super) fn identity_place(id: &SignUpId) -> String {
    format!("sign_ups.identity_sealed.{}", id.as_str())
}

/// Whether sign-ups for the address have caused all mails that an hour may bring.
pub(super) async fn mail_limit_reached(auth: &Auth, tx: &mut Transaction, email: &Email) -> Result<bool> {
    let hour_ago = auth.now().minus_seconds(60 * 60);
    Ok(tx.sign_up_mails_since(email, hour_ago).await? >= MAX_MAILS_AN_HOUR)
}

/// The secrets of one verification mail.
pub(super) struct Secrets {
    link_token: SecretString,
    pub(super) code: VerificationCode,
}

impl Secrets {
    pub(super) fn draw(auth: &Auth) -> Self {
        Self { link_token: auth.random.token(), code: auth.random.code() }
    }

    pub(super) fn link_digest(&self) -> String {
        token_digest(Purpose::VerificationLink, &self.link_token)
    }

    /// The name that was typed stays out: until the address is proved it is a stranger's word.
    pub(super) fn message(&self, auth: &Auth) -> Message {
        Message::VerifyEmail {
            link: format!("{}/verify-email?token={}", auth.public_url, self.link_token.expose_secret()),
            code: self.code.digits().to_owned(),
        }
    }
}

async fn refuse_bad_password(auth: &Auth, account: NewAccount) -> Result<NewAccount> {
    let refused = |issue| -> Result<NewAccount> { Err(Refusal::invalid(vec![(Field::Password, issue)]).into()) };
    let judged = auth.hashes.run(move || {
        let common =
            is_leaked(&account.password) || is_common(&account.password, &account.email, account.name.as_str());
        (account, common)
    });
    let (account, common) = judged.await?;
    if common {
        return refused(FieldIssue::PasswordCommon);
    }
    if is_known_from_a_leak(auth, &account.password).await {
        return refused(FieldIssue::PasswordLeaked);
    }
    Ok(account)
}
