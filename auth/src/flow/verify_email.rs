//! Proving an address. The account comes into being here, with the password of the sign-up whose
//! link or code was used: whoever proves the address owns the account.

use secrecy::SecretString;

use super::sign_up::SignUpTicket;
use crate::crypto::{Purpose, token_digest};
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::store::{NewUser, Transaction, Verified};
use crate::{Auth, Context, Email, ErrorCode, Result, Timestamp, VerificationCode, store};

/// What proves the address.
pub enum Proof {
    /// The token of the mailed link.
    Link(SecretString),
    /// The mailed code, typed in the browser that signed up.
    TicketCode(SignUpTicket, VerificationCode),
    /// The mailed code with the address, sent by a program.
    EmailCode(Email, VerificationCode),
}

/// Consumes the proof, makes the account and promises the welcome mail, all or nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link, [`ErrorCode::WrongCode`] or
/// [`ErrorCode::CodeExhausted`] for a code. With [`Proof::EmailCode`] every failure is
/// `WrongCode`, whether the address is known or not.
pub async fn verify_email(auth: &Auth, proof: Proof, context: &Context) -> Result<Email> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let Some(verified) = consume(auth, &mut tx, &proof, now).await? else {
        drop(tx);
        return Err(count_failure(auth, &proof).await?.into());
    };
    make_account(auth, &mut tx, &verified, context, now).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(verified.email)
}

async fn consume(auth: &Auth, tx: &mut Transaction, proof: &Proof, now: Timestamp) -> Result<Option<Verified>> {
    Ok(match proof {
        Proof::Link(token) => tx.consume_link(&token_digest(Purpose::VerificationLink, token), now).await?,
        Proof::EmailCode(email, code) => {
            tx.consume_email_code(email, &auth.codes.of(email.as_str(), code), now).await?
        }
        Proof::TicketCode(ticket, code) => {
            let digest = token_digest(Purpose::SignUpTicket, ticket);
            match auth.store.sign_up_by_ticket(&digest).await? {
                Some(row) => tx.consume_ticket_code(&digest, &auth.codes.of(row.email.as_str(), code), now).await?,
                None => None,
            }
        }
    })
}

async fn make_account(
    auth: &Auth,
    tx: &mut Transaction,
    verified: &Verified,
    context: &Context,
    now: Timestamp,
) -> Result<()> {
    let id = UserId(auth.random.id(now));
    let made = tx
        .insert_user(NewUser {
            id: &id,
            email: &verified.email,
            name: &verified.name,
            locale: verified.locale,
            password_hash: &verified.password_hash,
            created_at: now,
        })
        .await?;
    tx.end_waiting_sign_ups(&verified.email, now).await?;
    if made {
        let message = Message::Welcome { name: verified.name.clone(), link: format!("{}/sign-in", auth.public_url) };
        let mail = Mail { to: verified.email.clone(), locale: verified.locale, message };
        auth.promise_mail(tx, &mail).await?;
        auth.audit(tx, "user.created", (Some(&id), None), context).await?;
    }
    Ok(())
}

/// Counts a wrong code and says what to tell the caller.
async fn count_failure(auth: &Auth, proof: &Proof) -> Result<ErrorCode> {
    match proof {
        Proof::Link(_) => Ok(ErrorCode::LinkExpired),
        Proof::EmailCode(email, _) => {
            let mut tx = auth.store.begin().await?;
            tx.count_wrong_email_code(email).await?;
            tx.commit().await?;
            Ok(ErrorCode::WrongCode)
        }
        Proof::TicketCode(ticket, _) => {
            let digest = token_digest(Purpose::SignUpTicket, ticket);
            let mut tx = auth.store.begin().await?;
            tx.count_wrong_ticket_code(&digest).await?;
            tx.commit().await?;
            let row = auth.store.sign_up_by_ticket(&digest).await?;
            Ok(match row {
                Some(row) if row.wrong_codes < store::MAX_WRONG_CODES => ErrorCode::WrongCode,
                Some(_) => ErrorCode::CodeExhausted,
                None => ErrorCode::LinkExpired,
            })
        }
    }
}
