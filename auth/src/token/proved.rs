//! What the claims of an access token say about the proof of its person: `amr` (RFC 8176), `acr` and `auth_time`
//! (OpenID Connect Core 1.0, 2). They say what was proved in this session, and never what could have been.

use super::claims::{AAL1, AAL2};
use crate::FactorMethod;
use crate::store::SessionRow;

/// A session that a passkey alone began.
const BY_PASSKEY: &str = "passkey";
/// One that a provider began; its name follows. What it proved there was not seen here.
const BY_PROVIDER: &str = "provider:";
/// Behind the name of a provider that is trusted with a second factor, and proved one.
const WITH_FACTOR: &str = ":mfa";
/// Proved by somebody else; RFC 8176 has no value for it, and other services say this one.
const FEDERATED: &str = "fed";

/// How the person of a session was proved, and how strong that is.
pub(super) struct Proved {
    pub(super) amr: Vec<String>,
    pub(super) acr: &'static str,
    /// Seconds since 1970.
    pub(super) auth_time: i64,
}

impl Proved {
    pub(super) fn of(session: &SessionRow) -> Self {
        let (amr, acr) = methods(&session.method, session.factor);
        Self {
            amr: amr.into_iter().map(str::to_owned).collect(),
            acr,
            auth_time: session.authenticated_at.max(session.factor_at).seconds(),
        }
    }
}

/// `method` is how the session began; a passkey that began one has verified its user.
fn methods(method: &str, factor: Option<FactorMethod>) -> (Vec<&str>, &'static str) {
    let is_by_passkey = method == BY_PASSKEY;
    let provider = method.strip_prefix(BY_PROVIDER);
    let first = if is_by_passkey { FactorMethod::Passkey.amr() } else { provider.map_or(method, |_| FEDERATED) };
    let mut amr = vec![first];
    if let Some(factor) = factor
        && !amr.contains(&factor.amr())
    {
        amr.push(factor.amr());
    }
    let is_strong = is_by_passkey || provider.is_some_and(|provider| provider.ends_with(WITH_FACTOR));
    if is_strong || factor.is_some_and(FactorMethod::is_strong) {
        amr.push("mfa");
        return (amr, AAL2);
    }
    (amr, AAL1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_proved_is_said_and_nothing_else() {
        use FactorMethod::{EmailCode, Passkey, RecoveryCode, SmsCode, Totp};
        for (method, factor, amr, acr) in [
            ("pwd", None, &["pwd"][..], "aal1"),
            ("pwd", Some(Totp), &["pwd", "otp", "mfa"][..], "aal2"),
            ("pwd", Some(Passkey), &["pwd", "pop", "mfa"][..], "aal2"),
            ("pwd", Some(SmsCode), &["pwd", "sms", "mfa"][..], "aal2"),
            ("pwd", Some(RecoveryCode), &["pwd", "otp", "mfa"][..], "aal2"),
            // A mailbox is no second thing.
            ("pwd", Some(EmailCode), &["pwd", "otp"][..], "aal1"),
            ("provider:google", None, &["fed"][..], "aal1"),
            ("provider:google:mfa", None, &["fed", "mfa"][..], "aal2"),
            ("provider:google", Some(Totp), &["fed", "otp", "mfa"][..], "aal2"),
            ("provider:google", Some(EmailCode), &["fed", "otp"][..], "aal1"),
            // A provider may be called so.
            ("provider:mfa", None, &["fed"][..], "aal1"),
            ("passkey", None, &["pop", "mfa"][..], "aal2"),
            ("passkey", Some(Passkey), &["pop", "mfa"][..], "aal2"),
            ("passkey", Some(EmailCode), &["pop", "otp", "mfa"][..], "aal2"),
        ] {
            assert_eq!(methods(method, factor), (amr.to_vec(), acr), "{method} {factor:?}");
        }
    }
}
