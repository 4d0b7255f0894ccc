//! The second factors of the caller at a glance.

use super::recovery_status::recovery_of;
use crate::session::Caller;
use crate::view::{FactorsOverview, PhoneFact};
use crate::{Auth, ErrorCode, FactorMethod, Factors, Result};

/// Which factors the caller's account has, since when, and whether its recovery by mail runs.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn factors_overview(auth: &Auth, caller: &Caller) -> Result<FactorsOverview> {
    auth.session_of(caller).await?;
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    let codes = auth.store.recovery_codes_status(&user.id).await?;
    let trusted = auth.store.count_trusted_devices(&user.id, auth.now()).await?;
    Ok(FactorsOverview {
        has_password: user.password_hash.is_some(),
        available: available(auth),
        passkeys: auth.store.passkey_facts(&user.id).await?,
        totp_since: auth.store.totp_confirmed_at(&user.id).await?,
        phone: auth
            .store
            .phone_numbers(&user.id)
            .await?
            .proved
            .map(|(number, since)| PhoneFact { masked: number.masked(), since }),
        recovery_codes_left: u32::try_from(codes.left).unwrap_or(0),
        recovery_codes_since: codes.made_at,
        trusted_devices: u32::try_from(trusted).unwrap_or(0),
        recovery: recovery_of(auth, &user.id).await?,
        active: user.factors,
    })
}

/// The kinds of factors that can be added here.
fn available(auth: &Auth) -> Factors {
    let mut kinds = Factors::default();
    for (is_available, method) in [
        (auth.relying_party_id().is_some(), FactorMethod::Passkey),
        (true, FactorMethod::Totp),
        (auth.sms.is_some(), FactorMethod::SmsCode),
        (auth.email_codes, FactorMethod::EmailCode),
    ] {
        if is_available {
            kinds.insert(method);
        }
    }
    kinds
}
