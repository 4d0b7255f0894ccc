//! Codes by mail and SMS (NIST SP 800-63B-4, 3.1.3; ASVS 5.0, 6.5 and 6.6): eight digits, ten minutes, bound to
//! the sign-in or session that asked, consumed in one statement. A resend kills the older one.
//!
//! How many are sent is bounded for each account, each number and all nodes together: an SMS costs its sender money,
//! and there are numbers that earn it (toll fraud). Who knows a password can use up an account's share, and then
//! another factor or a recovery code is the way in.

use super::{Bound, FactorMethod, TypedCode};
use crate::engine::Engine;
use crate::flow::new_notice_link;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::sms::Sms;
use crate::store::{NewSentCode, Transaction, UserRow};
use crate::{Auth, Context, Email, ErrorCode, EventKind, PhoneNumber, Refusal, Result, Timestamp};

/// Digits of a code.
pub(crate) const DIGITS: usize = 8;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How many codes may be sent in an hour and in a day.
struct Share {
    hour: usize,
    day: usize,
}

/// By mail, for an account.
const MAILS: Share = Share { hour: 10, day: 30 };
/// By SMS, for an account.
const SMS: Share = Share { hour: 5, day: 10 };
/// By SMS to one number, whoever asks.
const SMS_TO_NUMBER: Share = Share { hour: 5, day: 10 };

/// Where a code goes.
pub(crate) enum SentTo {
    /// To the account's address.
    Email(Email),
    /// To a number.
    Phone(PhoneNumber),
}

impl SentTo {
    pub(crate) const fn method(&self) -> FactorMethod {
        match self {
            Self::Email(_) => FactorMethod::EmailCode,
            Self::Phone(_) => FactorMethod::SmsCode,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(number) => number.as_str(),
        }
    }

    fn mac(&self, auth: &Auth) -> String {
        match self {
            Self::Email(email) => auth.mac_of_recipient(email),
            Self::Phone(number) => auth.mac_of_number(number),
        }
    }
}

impl Engine {
    /// Whether people may switch on this kind of codes here.
    pub fn offers_codes(&self, method: FactorMethod) -> bool {
        match method {
            FactorMethod::EmailCode => self.email_codes,
            FactorMethod::SmsCode => self.sms.is_some(),
            _ => false,
        }
    }

    /// Whether a code of this kind can be sent. One that people may not switch on any more still lets those in who
    /// did: switching it off must lock nobody out.
    pub fn sends_codes(&self, method: FactorMethod) -> bool {
        match method {
            FactorMethod::EmailCode => true,
            FactorMethod::SmsCode => self.sms.is_some(),
            _ => false,
        }
    }
}

/// Sends a code for a factor that the account has; the older one for the same purpose dies.
///
/// # Errors
/// [`ErrorCode::FactorUnavailable`] for a kind that the account does not have, or that cannot be sent here;
/// [`ErrorCode::TooSoon`] with `retry_after`.
pub(crate) async fn send_code(
    auth: &Auth,
    user: &UserRow,
    method: FactorMethod,
    bound: &Bound<'_>,
    context: &Context,
) -> Result<()> {
    if !auth.sends_codes(method) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let mut tx = auth.store.begin().await?;
    let to = factor_of(&mut tx, user, method, bound).await?.ok_or(ErrorCode::FactorUnavailable)?;
    promise_code(auth, &mut tx, user, to, &bound.text(), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// Consumes a code; `false` when it is wrong, too old, was used or replaced, or was sent for another purpose or to
/// another address or number than the account's of now.
pub(crate) async fn consume_sent_code(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    method: FactorMethod,
    bound: &Bound<'_>,
    code: &TypedCode,
) -> Result<bool> {
    let Some(to) = factor_of(tx, user, method, bound).await? else { return Ok(false) };
    use_code(auth, tx, &user.id, &to, &bound.text(), code).await
}

/// Consumes a code of a purpose. The account is held.
pub(crate) async fn use_code(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserId,
    to: &SentTo,
    bound_to: &str,
    code: &TypedCode,
) -> Result<bool> {
    let Some(digits) = code.digits(DIGITS) else { return Ok(false) };
    let mac = code_mac(auth, to, bound_to, digits);
    Ok(tx.use_sent_code(user, to.method(), bound_to, &mac, auth.now()).await?)
}

/// Where the codes of a factor go; none when the account does not have it, and no code is asked for in its place. Holds the
/// account.
async fn factor_of(
    tx: &mut Transaction,
    user: &UserRow,
    method: FactorMethod,
    bound: &Bound<'_>,
) -> Result<Option<SentTo>> {
    let factors = tx.hold_factors(&user.id).await?;
    if !factors.is_some_and(|factors| factors.contains(method) || bound.takes_mailed_code(&factors, method)) {
        return Ok(None);
    }
    Ok(match method {
        FactorMethod::EmailCode => Some(SentTo::Email(user.email.clone())),
        FactorMethod::SmsCode => tx.phone_numbers(&user.id).await?.proved.map(|(number, _)| SentTo::Phone(number)),
        _ => None,
    })
}

/// Stores a code and promises its mail or SMS; the older one of its purpose dies. The account is held.
///
/// # Errors
/// [`ErrorCode::TooSoon`] with `retry_after`; then nothing may be committed.
pub(crate) async fn promise_code(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    to: SentTo,
    bound_to: &str,
    context: &Context,
) -> Result<()> {
    let (now, method, recipient_mac) = (auth.now(), to.method(), to.mac(auth));
    keep_to_limits(auth, tx, &user.id, &to, bound_to, &recipient_mac).await?;
    let code = auth.random.long_code();
    let expires_at = now.plus_seconds(auth.lifetimes.sent_code);
    tx.replace_sent_code(&NewSentCode {
        id: &auth.random.id(now),
        user_id: &user.id,
        method,
        bound_to,
        recipient_mac: &recipient_mac,
        code_mac: &code_mac(auth, &to, bound_to, code.text()),
        created_at: now,
        expires_at,
    })
    .await?;
    auth.audit(tx, EventKind::FactorCodeSent, (Some(&user.id), None), context).await?;
    match to {
        SentTo::Email(to) => {
            let link = new_notice_link(auth, tx, &user.id, &to, now).await?;
            let message = Message::SecondFactorCode { code: code.text().to_owned(), link };
            auth.promise_mail(tx, &Mail { to, locale: user.locale, message }).await
        }
        SentTo::Phone(number) => {
            let sms = Sms::with_code(number, &code, user.locale, &auth.public_url, expires_at);
            auth.promise_sms(tx, &sms).await
        }
    }
}

/// The keyed digest of a code: of one purpose and recipient it never matches another.
pub(super) fn code_mac(auth: &Auth, to: &SentTo, bound_to: &str, digits: &str) -> String {
    auth.codes.of_text(&format!("sent_code:{}:{bound_to}:{}:{digits}", to.method().as_str(), to.text()))
}

async fn keep_to_limits(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserId,
    to: &SentTo,
    bound_to: &str,
    recipient_mac: &str,
) -> Result<()> {
    let (now, method) = (auth.now(), to.method());
    let day_ago = now.minus_seconds(DAY);
    if let Some(last) = tx.last_sent_code(user, method, bound_to).await? {
        allow(auth.lifetimes.resend - now.seconds_since(last))?;
    }
    let share = if matches!(to, SentTo::Phone(_)) { SMS } else { MAILS };
    let sent = tx.sent_codes_of(user, method, day_ago, most(&share)).await?;
    allow(share.wait(&sent, now))?;
    if matches!(to, SentTo::Phone(_)) {
        // Before others' codes to this number are counted: it lets one transaction in at a time.
        let (minute, second) = (now.seconds().div_euclid(MINUTE), now.seconds().rem_euclid(MINUTE));
        if !tx.count_sms(minute, auth.sms_per_minute).await? {
            allow(MINUTE - second)?;
        }
        // Counted apart: anybody can type a number, and must not use up the codes that its owner signs in with.
        let of_enrolments = bound_to.starts_with("enrolment:");
        let sent = tx.sent_codes_to(recipient_mac, of_enrolments, day_ago, most(&SMS_TO_NUMBER)).await?;
        allow(SMS_TO_NUMBER.wait(&sent, now))?;
    }
    Ok(())
}

/// As many moments as decide about a share.
fn most(share: &Share) -> i64 {
    i64::try_from(share.day).unwrap_or(i64::MAX)
}

/// Refuses while there are seconds to wait.
fn allow(seconds: i64) -> Result<()> {
    match u32::try_from(seconds) {
        Ok(seconds) if seconds > 0 => Err(Refusal::retry_after(ErrorCode::TooSoon, seconds).into()),
        _ => Ok(()),
    }
}

impl Share {
    /// Seconds until one more may be sent, by when the last ones were, newest first; 0 or less: now.
    fn wait(&self, sent: &[Timestamp], now: Timestamp) -> i64 {
        let full = |most: usize, window: i64| match sent.get(most - 1) {
            Some(oldest) => window - now.seconds_since(*oldest),
            None => 0,
        };
        full(self.hour, HOUR).max(full(self.day, DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn ago(seconds: &[i64]) -> Vec<Timestamp> {
        seconds.iter().map(|seconds| NOW.minus_seconds(*seconds)).collect()
    }

    #[test]
    fn a_share_is_one_of_an_hour_and_of_a_day() {
        let share = Share { hour: 2, day: 3 };
        assert!(share.wait(&[], NOW) <= 0);
        assert!(share.wait(&ago(&[0]), NOW) <= 0);
        assert_eq!(share.wait(&ago(&[10, 600]), NOW), HOUR - 600);
        assert!(share.wait(&ago(&[10, HOUR]), NOW) <= 0);
        assert_eq!(share.wait(&ago(&[10, HOUR, 2 * HOUR]), NOW), DAY - 2 * HOUR);
        assert!(share.wait(&ago(&[10, HOUR, DAY]), NOW) <= 0);
    }
}
