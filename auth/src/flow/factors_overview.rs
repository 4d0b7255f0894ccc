//! The second factors of the caller at a glance.

use std::net::Ipv4Addr;

use super::recovery_status::recovery_of;
use crate::session::Caller;
use crate::view::{FactorsOverview, PhoneFact};
use crate::{Auth, ErrorCode, Result};

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
        passkeys_available: has_host_name(&auth.public_url),
        sms_codes_available: auth.sms.is_some(),
        email_codes_available: auth.email_codes,
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

/// Whether a URL names a host: there are no passkeys for bare addresses (WebAuthn Level 3, 5.1.3).
fn has_host_name(public_url: &str) -> bool {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split(':').next().unwrap_or_default();
    !host.starts_with('[') && host.parse::<Ipv4Addr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::has_host_name;

    #[test]
    fn an_address_is_no_name() {
        for (url, is_name) in [
            ("https://id.example.com", true),
            ("http://localhost:3000", true),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
        ] {
            assert_eq!(has_host_name(url), is_name, "{url}");
        }
    }
}
