//! Browsers in which the second factor is not asked for, for 30 days: who has one knows something that the password
//! alone does not give. A change of the password, of the factors and of the role ends all of them.

use secrecy::SecretString;
use uuid::Uuid;

use crate::crypto::{Purpose, token_digest};
use crate::id::TrustedDeviceId;
use crate::session::Caller;
use crate::store::{NewTrustedDevice, Transaction, TrustedDeviceRow, UserRow};
use crate::view::{TrustedDeviceItem, TrustedDeviceRecord};
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Seconds for which a device is trusted. Also how long its cookie is kept.
pub const TRUST_SECONDS: i64 = 30 * 24 * 60 * 60;
/// Devices of one account; a further one ends the oldest.
const MOST: i64 = 20;

/// The digest of a cookie, when the account trusts its device.
pub(super) async fn live_digest(auth: &Auth, user: &UserRow, cookie: Option<&SecretString>) -> Result<Option<String>> {
    let Some(cookie) = cookie else { return Ok(None) };
    let digest = token_digest(Purpose::TrustedDevice, cookie);
    let is_trusted = auth.store.is_trusted_device(&user.id, &digest, auth.now()).await?;
    Ok(is_trusted.then_some(digest))
}

/// Trusts this browser as part of the transaction that signs in, and gives its cookie.
pub(super) async fn trust_device(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    context: &Context,
) -> Result<SecretString> {
    let (cookie, now) = (auth.random.token(), auth.now());
    let device = NewTrustedDevice {
        id: &TrustedDeviceId(auth.random.id(now)),
        digest: &token_digest(Purpose::TrustedDevice, &cookie),
        user_id: &user.id,
        device: &context.device,
        address: &context.address,
        created_at: now,
        expires_at: now.plus_seconds(TRUST_SECONDS),
    };
    tx.insert_trusted_device(device, MOST).await?;
    auth.audit(tx, EventKind::DeviceTrusted, (Some(&user.id), None), context).await?;
    Ok(cookie)
}

/// The devices that the caller's account trusts, the newest first: at most twenty. `cookie` is that of the browser
/// that asks.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn list_trusted_devices(
    auth: &Auth,
    caller: &Caller,
    cookie: Option<&SecretString>,
) -> Result<Vec<TrustedDeviceItem>> {
    auth.session_of(caller).await?;
    let own = cookie.map(|cookie| token_digest(Purpose::TrustedDevice, cookie));
    let rows = auth.store.trusted_devices(&caller.user_id, auth.now()).await?;
    Ok(rows.into_iter().map(|row| item(row, own.as_deref())).collect())
}

fn item(row: TrustedDeviceRow, own: Option<&str>) -> TrustedDeviceItem {
    TrustedDeviceItem {
        is_current: own == Some(row.digest.as_str()),
        id: row.id,
        device: row.device,
        address: row.address,
        trusted_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    }
}

/// A device for the file with everything that is known of a person.
pub(super) fn record(row: TrustedDeviceRow) -> TrustedDeviceRecord {
    let revoked_at = row.revoked_at;
    TrustedDeviceRecord { device: item(row, None), revoked_at }
}

/// Revokes one device of the caller's account. One that had ended before is no failure.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a device that is not the caller's, whether it exists or not;
/// [`ErrorCode::SignedOut`].
pub async fn revoke_trusted_device(
    auth: &Auth,
    caller: &Caller,
    id: &TrustedDeviceId,
    context: &Context,
) -> Result<()> {
    auth.session_of(caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    if Uuid::try_parse(id.as_str()).is_err() {
        return Err(ErrorCode::NotFound.into());
    }
    let mut tx = auth.store.begin().await?;
    if tx.revoke_trusted_device(&caller.user_id, id, auth.now()).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::DeviceTrustRevoked, subject, context).await?;
    } else if !tx.is_trusted_device_of(&caller.user_id, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(tx.commit().await?)
}

/// Revokes every device of the caller's account, and says how many there were.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn revoke_all_trusted_devices(auth: &Auth, caller: &Caller, context: &Context) -> Result<u64> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    let revoked = tx.revoke_trusted_devices(&caller.user_id, auth.now()).await?;
    if revoked > 0 {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::DeviceTrustRevoked, subject, context).await?;
    }
    tx.commit().await?;
    Ok(revoked)
}
