//! What a refused sign-in, and a code that is refused, leave in the audit log (ASVS 5.0, 16.3.1).
//!
//! Whoever guesses must not fill the table nor bury what else happened, and must not learn from the
//! time of an answer whether an address is known. So the refusals of one account within one minute of
//! the clock share a line: its id is computed from both. The first writes the line, with its time,
//! device and address; each later one writes its request id there and counts, beside what the line
//! proves. Every refused sign-in is one write, for an unknown address as well, where sixteen lines a minute
//! are all there can be; tries of them are throttled. Of what somebody known is refused as often as they ask, few are
//! written and count for all (`audit/refusals.rs`).

use sha2::{Digest, Sha256};

use crate::id::UserId;
use crate::random::id_of;
use crate::store::{AuditEvent, SessionRow};
use crate::{Auth, Context, Email, Error, ErrorCode, EventKind, Result, Timestamp};

const MINUTE: i64 = 60_000;
/// Lines a minute for addresses without an account: more than one, so that parallel refusals seldom
/// wait for each other.
const LINES_WITHOUT_ACCOUNT: u8 = 16;

/// Notes that a sign-in was refused, with the account when there is one.
pub(super) async fn note_refused_sign_in(
    auth: &Auth,
    user: Option<&UserId>,
    email: &Email,
    context: &Context,
) -> Result<()> {
    let subject = match user {
        Some(id) => id.as_str().to_owned(),
        None => without_account(email),
    };
    note(auth, EventKind::SessionRefused, user, &subject, context).await
}

/// Notes that a wrong code of a mail, of an SMS or of an app that is being set up was typed for an address, with its
/// account when there is one.
pub(super) async fn note_refused_code(
    auth: &Auth,
    user: Option<&UserId>,
    email: &Email,
    context: &Context,
) -> Result<()> {
    let subject = match user {
        Some(id) => format!("code {}", id.as_str()),
        None => format!("code {}", without_account(email)),
    };
    note(auth, EventKind::SessionCodeRefused, user, &subject, context).await
}

/// What came of a code that somebody signed in typed: a refusal of it left its line.
pub(super) async fn noting_refused_code<T>(
    auth: &Auth,
    session: &SessionRow,
    outcome: Result<T>,
    context: &Context,
) -> Result<T> {
    let is_refused = matches!(&outcome, Err(Error::Refused(refusal))
        if matches!(refusal.code, ErrorCode::WrongCode | ErrorCode::CodeExhausted));
    if is_refused {
        let subject = format!("code {}", session.user_id.as_str());
        note_of_somebody(auth, EventKind::SessionCodeRefused, &session.user_id, &subject, context).await?;
    }
    outcome
}

fn without_account(email: &Email) -> String {
    format!("no account {}", Sha256::digest(email.as_str())[0] % LINES_WITHOUT_ACCOUNT)
}

/// Notes that somebody proved who they are, and was refused because the account is suspended.
pub(super) async fn note_suspended_sign_in(auth: &Auth, user: &UserId, context: &Context) -> Result<()> {
    let subject = format!("suspended {}", user.as_str());
    note_of_somebody(auth, EventKind::SessionRefusedSuspended, user, &subject, context).await
}

/// Notes that somebody signed in gave a wrong password where a risky act asks for it.
pub(super) async fn note_refused_password(auth: &Auth, user: &UserId, context: &Context) -> Result<()> {
    let subject = format!("proof {}", user.as_str());
    note_of_somebody(auth, EventKind::SessionProofRefused, user, &subject, context).await
}

/// Notes that a factor was not proved: a wrong code, or the answer of a passkey that is not accepted.
pub(super) async fn note_refused_factor(auth: &Auth, user: &UserId, context: &Context) -> Result<()> {
    let subject = format!("factor {}", user.as_str());
    note_of_somebody(auth, EventKind::FactorRefused, user, &subject, context).await
}

/// The line of a right password that was asked for the second factor: whoever has the password alone does not fill
/// the list with it.
pub(super) fn factor_asked<'a>(auth: &Auth, user: &'a UserId, context: &'a Context) -> AuditEvent<'a> {
    let subject = format!("asked {}", user.as_str());
    line(auth, EventKind::FactorAsked, Some(user), &subject, context)
}

async fn note(auth: &Auth, kind: EventKind, user: Option<&UserId>, subject: &str, context: &Context) -> Result<()> {
    let event = line(auth, kind, user, subject, context);
    let mut tx = auth.store.begin().await?;
    tx.insert_audit_event(event).await?;
    tx.commit().await?;
    Ok(())
}

/// The same of somebody who is known, or whose account is held: of a flood not with each refusal.
async fn note_of_somebody(auth: &Auth, kind: EventKind, user: &UserId, subject: &str, context: &Context) -> Result<()> {
    let event = line(auth, kind, Some(user), subject, context);
    let Some(times) = auth.refusals.due(&event.id) else { return Ok(()) };
    let mut tx = auth.store.begin().await?;
    tx.insert_audit_event(AuditEvent { times, ..event }).await?;
    tx.commit_unheard().await?;
    Ok(())
}

fn line<'a>(
    auth: &Auth,
    kind: EventKind,
    user: Option<&'a UserId>,
    subject: &str,
    context: &'a Context,
) -> AuditEvent<'a> {
    let at = auth.now();
    auth.proved(AuditEvent {
        user_id: user,
        address: &context.address,
        device: &context.device,
        request_id: &context.request_id,
        ..AuditEvent::new(shared_line(subject, at), at, kind)
    })
}

pub(super) fn shared_line(subject: &str, at: Timestamp) -> String {
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&Sha256::digest(subject)[..10]);
    id_of(Timestamp(at.0 - at.0.rem_euclid(MINUTE)), &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_one_line_a_minute() {
        let line = |subject: &str, at: i64| shared_line(subject, Timestamp(at));
        let minute = 1_800_000_000_000;
        assert_eq!(line("alice", minute), line("alice", minute + 59_999));
        assert_ne!(line("alice", minute), line("alice", minute + 60_000));
        assert_ne!(line("alice", minute), line("bob", minute));
        assert_ne!(line("alice", minute), line("proof alice", minute));
    }
}
