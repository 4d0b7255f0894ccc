//! What every way to a new password shares: how it is judged, and what follows.

use secrecy::{ExposeSecret, SecretString};

use super::secure_account::new_notice_link;
use crate::id::SessionId;
use crate::mail::{Mail, Message};
use crate::password::common_passwords::is_common;
use crate::password::contains_name;
use crate::password::leaked_passwords::is_leaked;
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, Email, Field, FieldIssue, NewPassword, Refusal, Result, Timestamp};

/// A password that keeps the rule, as far as it may be told to anybody.
pub(super) struct Judged {
    pub(super) password: NewPassword,
    about_the_person: Option<FieldIssue>,
}

impl Judged {
    /// The rest of the verdict. It speaks of the account's name, so it is for the ears of its owner:
    /// a stranger could otherwise try names until one is refused.
    ///
    /// # Errors
    /// [`FieldIssue::PasswordContainsName`] or [`FieldIssue::PasswordCommon`].
    pub(super) fn tell_owner(&self) -> Result<()> {
        self.about_the_person.map_or(Ok(()), |issue| Err(refused(issue).into()))
    }
}

/// Judges a new password for an address (NIST SP 800-63B-4, 3.1.1.2). `name` is that of its account;
/// without one it is empty, and judging takes the same time.
///
/// # Errors
/// A [`FieldIssue`] of [`Field::NewPassword`] that says nothing about the account.
pub(super) async fn judge(auth: &Auth, raw: &SecretString, email: &Email, name: &str) -> Result<Judged> {
    let password = NewPassword::parse(raw.expose_secret(), email.as_str(), "").map_err(refused)?;
    let (email, name) = (email.clone(), name.to_owned());
    let judged = auth.hashes.run(move || {
        let common = is_leaked(&password) || is_common(&password, &email, "");
        // Both are always computed: their time must not tell the name either.
        let (common_with_name, contains) =
            (is_common(&password, &email, &name), contains_name(password.expose(), &name));
        let about_the_person = if contains {
            Some(FieldIssue::PasswordContainsName)
        } else {
            common_with_name.then_some(FieldIssue::PasswordCommon)
        };
        (Judged { password, about_the_person }, common)
    });
    let (judged, common) = judged.await?;
    if common {
        return Err(refused(FieldIssue::PasswordCommon).into());
    }
    if is_known_from_a_leak(auth, &judged.password).await {
        return Err(refused(FieldIssue::PasswordLeaked).into());
    }
    Ok(judged)
}

/// Whether the range service knows the password, when there is one. It may take two seconds, so it
/// is asked outside of transactions and hash threads, and for every address alike: the wait tells
/// nothing about the account.
pub(super) async fn is_known_from_a_leak(auth: &Auth, password: &NewPassword) -> bool {
    match &auth.breached_passwords {
        Some(service) => service.is_leaked(password, auth.now()).await,
        None => false,
    }
}

/// Tells the person by mail, commits, and has the access tokens of the ended sessions refused at
/// once; other nodes learn of them within a second. `now` is when the change began.
pub(super) async fn finish(
    auth: &Auth,
    mut tx: Transaction,
    user: UserRow,
    ended: Vec<SessionId>,
    now: Timestamp,
    context: &Context,
) -> Result<()> {
    // Whoever chose it was signed in or has the mailbox: a recovery that waits for either is needless.
    tx.kill_account_recovery(&user.id, now).await?;
    let message = Message::PasswordChanged {
        name: user.name,
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, &mut tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    tx.commit().await?;
    for session in ended {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    Ok(())
}

fn refused(issue: FieldIssue) -> Refusal {
    Refusal::invalid(vec![(Field::NewPassword, issue)])
}
