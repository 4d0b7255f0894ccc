//! The first administrator, made by the link that was printed at the start.
//!
//! It works once, for whoever is signed in, and only while there is no administrator. The account has no days of grace:
//! where the rule asks administrators for a second factor, this one can do nothing before it has one.

use secrecy::SecretString;

use crate::audit::AuditLine;
use crate::crypto::{Purpose, token_digest};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result, Role};

/// Whether this is the link that would make an administrator now. Changes nothing.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for any other one, and once there is an administrator.
pub async fn setup_link_is_live(auth: &Auth, token: &SecretString) -> Result<()> {
    let digest = token_digest(Purpose::SetupLink, token);
    if auth.store.setup_link_is_live(&digest, auth.now()).await? { Ok(()) } else { Err(ErrorCode::LinkExpired.into()) }
}

/// Makes the caller's account an administrator's and uses the link up. Of two who try at once one succeeds.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::LinkExpired`] for a link that is none, was used or is too old, and once there
/// is an administrator.
pub async fn complete_setup(auth: &Auth, caller: &Caller, token: &SecretString, context: &Context) -> Result<()> {
    let session = auth.session_of(caller).await?;
    let (user, now) = (&session.user_id, auth.now());
    let mut tx = auth.store.begin().await?;
    if !tx.use_setup_link(&token_digest(Purpose::SetupLink, token), now).await? {
        return Err(ErrorCode::LinkExpired.into());
    }
    tx.set_user_role(user, Role::PlatformAdmin).await?;
    if auth.factor_policy.rule.requires(Role::PlatformAdmin) {
        tx.note_factor_required_since(user, auth.factor_policy.over_at(now)).await?;
    }
    tx.bump_token_version(user, now).await?;
    let role = |role: Role| Some(role.as_str());
    for kind in [EventKind::UserRoleChanged, EventKind::AdminSetupCompleted] {
        let line = AuditLine::of(kind).about(user).by(user, Some(&session.id));
        let line = line.changed("role", role(session.role), role(Role::PlatformAdmin));
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    Ok(())
}
