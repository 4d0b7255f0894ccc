//! What an act that was refused for want of a permission leaves in the audit log (ASVS 5.0, 16.3.2): who was refused what,
//! where, and from where.
//!
//! The refusals of one person for one act within one minute of the clock share a line, as those of a sign-in do
//! (`../refused_sign_in.rs`); what an administrator was refused in their place is another line, for a line names one who did
//! it. Whoever asks for many things has a few lines and one for all others, in each organization of theirs, whose owners
//! read it, and elsewhere: what is asked there buries nothing here. Of a flood few are written (`audit/refusals.rs`): asking
//! costs nothing, and a commit is dear. The line names the person as its actor and nobody as its subject: it is for who
//! reads the log, and not for the list of the person's own activity.

use crate::flow::refused_sign_in::shared_line;
use crate::id::{OrganizationId, SessionId, UserId};
use crate::session::{Around, Caller};
use crate::store::AuditEvent;
use crate::{Auth, Context, EventKind, Result};

/// An act that was refused.
pub(in crate::flow) struct RefusedAct<'a> {
    /// Who was refused.
    pub(in crate::flow) actor: &'a UserId,
    /// Their session; none of a program.
    pub(in crate::flow) session: Option<&'a SessionId>,
    /// Who acts in their place.
    pub(in crate::flow) impersonator: Option<&'a UserId>,
    /// The permission that is missing, as `resource:action`.
    pub(in crate::flow) permission: &'static str,
    /// The organization, for a member of it: nobody else writes into its log.
    pub(in crate::flow) organization: Option<&'a OrganizationId>,
    /// The request, where the flow was given it; else the one around, which a program does not have.
    pub(in crate::flow) context: Option<&'a Context>,
}

impl<'a> RefusedAct<'a> {
    /// An act of somebody signed in that belongs to no organization, or to none of theirs.
    pub(in crate::flow) fn of(caller: &'a Caller, permission: &'static str) -> Self {
        Self {
            actor: &caller.user_id,
            session: Some(&caller.session_id),
            impersonator: caller.impersonation.as_ref().map(|by| &by.impersonator),
            permission,
            organization: None,
            context: None,
        }
    }
}

/// Writes the line, or counts in it; of a flood not with each. Outside of every transaction.
pub(in crate::flow) async fn note_refused_act(auth: &Auth, act: RefusedAct<'_>) -> Result<()> {
    let RefusedAct { actor, session, impersonator, permission, organization, context } = act;
    let around = Around::here();
    // A page that is made beside its request does not know from where it was asked for; the session does.
    let (address, device, request_id) = context
        .or(around.context.as_ref())
        .map_or(("", "", ""), |context| (&*context.address, &*context.device, &*context.request_id));
    let impersonator = impersonator.or(around.impersonator.as_ref());
    let at = auth.now();
    let who = format!("act {} {}", actor.as_str(), impersonator.map_or("", UserId::as_str));
    let place = organization.map_or("", OrganizationId::as_str);
    let own = shared_line(&format!("{who} {permission} {place}"), at);
    let other = shared_line(&format!("{who} other {place}"), at);
    let (line, organization, target) = if auth.refusals.is_among_the_first(&other, &own) {
        (own, organization, Some(permission.to_owned()))
    } else {
        (other, organization, None)
    };
    let Some(times) = auth.refusals.due(&line) else { return Ok(()) };
    let event = auth.proved(AuditEvent {
        session_id: session,
        actor_id: Some(actor),
        impersonator_id: impersonator,
        organization_id: organization,
        target,
        address,
        device,
        request_id,
        times,
        ..AuditEvent::new(line, at, EventKind::SessionActRefused)
    });
    let mut tx = auth.store.begin().await?;
    tx.insert_audit_event(event).await?;
    tx.commit_unheard().await?;
    Ok(())
}
