//! Another secret for a webhook. The one of before signs as well for a day, so that whoever verifies has time.

use secrecy::SecretString;

use super::webhook_owner::{WebhookOwner, WebhookRight, require_webhooks, webhook_id};
use crate::flow::reauthenticate::require_fresh_proof;
use crate::session::Caller;
use crate::webhook::WebhookSecret;
use crate::{Auth, Context, ErrorCode, EventKind, Result, Timestamp};

/// Seconds that the secret of before signs as well.
const OVERLAP: i64 = 24 * 60 * 60;

/// A secret that was made just now.
pub struct RotatedSecret {
    /// The secret. Nobody sees it again.
    pub secret: SecretString,
    /// Until when the one of before signs as well.
    pub old_secret_until: Timestamp,
}

/// Makes another secret. One that still signed from an earlier rotation does not any more. Asks for a fresh proof.
///
/// # Errors
/// Those of `show_webhook`, and [`ErrorCode::ReauthenticationRequired`].
pub async fn rotate_webhook_secret(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    id: &str,
    context: &Context,
) -> Result<RotatedSecret> {
    require_webhooks(auth, caller, owner, WebhookRight::Manage, context).await?;
    require_fresh_proof(auth, caller).await?;
    let id = webhook_id(id)?;
    let (secret, old_secret_until) = (WebhookSecret::make(&*auth.random), auth.now().plus_seconds(OVERLAP));
    let mut tx = auth.store.begin().await?;
    let row = tx.hold_webhook(owner.as_str(), &id).await?.ok_or(ErrorCode::NotFound)?;
    let old = auth.open_webhook_secret(&id, &row.secret_sealed)?;
    let (sealed, old_sealed) = (auth.seal_webhook_secret(&id, &secret), auth.seal_old_webhook_secret(&id, &old));
    tx.replace_webhook_secret(&id, &sealed, &old_sealed, old_secret_until).await?;
    let line = owner.line(EventKind::WebhookSecretRotated, caller, &id);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(RotatedSecret { secret: secret.into_text(), old_secret_until })
}
