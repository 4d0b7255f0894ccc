//! Saying no to an invitation.

use secrecy::SecretString;

use crate::audit::AuditLine;
use crate::crypto::{Purpose, token_digest};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Declines the invitation of a link, signed in or not. Whoever looks after invitations sees it in their list.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link that is used, replaced, taken back, too old or invented.
pub async fn decline_invitation(
    auth: &Auth,
    caller: Option<&Caller>,
    token: &SecretString,
    context: &Context,
) -> Result<()> {
    // Open to everybody: the link is the permission.
    let digest = token_digest(Purpose::InvitationLink, token);
    let mut tx = auth.store.begin().await?;
    let (id, organization) = tx.decline_invitation(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    let mut line = AuditLine::of(EventKind::InvitationDeclined).within(&organization).with(id.as_str());
    if let Some(caller) = caller {
        line = line.by(&caller.user_id, Some(&caller.session_id));
    }
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}
