//! Which codes by mail and SMS an account gets, for its person.

use crate::factor::code_enrolment::{enrolment, waiting_code};
use crate::session::Caller;
use crate::view::CodesStatus;
use crate::{Auth, FactorMethod, Result};

/// What is on, what may be switched on here, and what waits to be proved in this session.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn codes_status(auth: &Auth, caller: &Caller) -> Result<CodesStatus> {
    let session = auth.session_of(caller).await?;
    let (user, bound_to) = (&caller.user_id, enrolment(caller));
    let numbers = auth.store.phone_numbers(user).await?;
    let has_sms = session.factors.contains(FactorMethod::SmsCode);
    let phone_waits = match numbers.wanted {
        Some((number, _)) => Some((number.masked(), waiting_code(auth, user, FactorMethod::SmsCode, &bound_to).await?)),
        None => None,
    };
    Ok(CodesStatus {
        offers_email: auth.offers_codes(FactorMethod::EmailCode),
        has_email: session.factors.contains(FactorMethod::EmailCode),
        email_waits: waiting_code(auth, user, FactorMethod::EmailCode, &bound_to).await?,
        email: session.email,
        offers_phone: auth.offers_codes(FactorMethod::SmsCode),
        phone: numbers.proved.filter(|_| has_sms).map(|(number, _)| number.masked()),
        phone_waits,
    })
}
