//! Acts in an organization that ask for a fresh proof, with what was typed for them.

use auth::flow;
use auth::form::{InvitationForm, MemberForm};
use auth::id::{InvitationId, UserId};
use serde::{Deserialize, Serialize};

use super::target::Target;
use crate::error::AppError;
use crate::server;
use crate::text::t;

/// An act; each names its organization by the slug.
#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(in crate::page) enum OrganizationAct {
    /// Make another member the owner.
    Transfer {
        /// Of which.
        organization: String,
        /// Who.
        user: String,
    },
    /// Delete it.
    Delete {
        /// Which.
        organization: String,
    },
    /// Change what a member is. It asks only where an owner is made or unmade.
    ChangeMember {
        /// Of which.
        organization: String,
        /// Who.
        user: String,
        /// The chosen role.
        role: String,
        /// The department as it was typed.
        department: String,
    },
    /// Take a member out. It asks only for owners.
    RemoveMember {
        /// Of which.
        organization: String,
        /// Who.
        user: String,
    },
    /// Invite somebody. It asks only where an owner is invited.
    Invite {
        /// Into which.
        organization: String,
        /// The address as it was typed.
        email: String,
        /// The chosen role.
        role: String,
        /// The department as it was typed.
        department: String,
    },
    /// Send an invitation once more. It asks only where an owner is invited.
    ResendInvitation {
        /// Into which.
        organization: String,
        /// Which one.
        invitation: String,
    },
    /// Demand a second factor of the members, or no longer.
    FactorRule {
        /// Of which.
        organization: String,
        /// Whether they must have one.
        is_required: bool,
    },
}

impl OrganizationAct {
    /// What the act is called beside the question for the proof.
    pub(in crate::page) fn label(&self) -> String {
        t(match self {
            Self::Transfer { .. } => "page.organization.act_transfer",
            Self::Delete { .. } => "page.organization.act_delete",
            Self::ChangeMember { .. } => "page.organization.act_change_member",
            Self::RemoveMember { .. } => "page.organization.act_remove_member",
            Self::Invite { .. } | Self::ResendInvitation { .. } => "page.organization.act_invite",
            Self::FactorRule { is_required: true, .. } => "page.organization.act_require_factor",
            Self::FactorRule { is_required: false, .. } => "page.organization.act_release_factor",
        })
    }

    /// Does it and leads to the page that says so.
    ///
    /// # Errors
    /// Those of its flow.
    pub(in crate::page) async fn perform(&self) -> Result<(), AppError> {
        let (Self::Transfer { organization, .. }
        | Self::Delete { organization }
        | Self::ChangeMember { organization, .. }
        | Self::RemoveMember { organization, .. }
        | Self::Invite { organization, .. }
        | Self::ResendInvitation { organization, .. }
        | Self::FactorRule { organization, .. }) = self;
        let target = Target::of(organization).await?;
        let Target { auth, caller, context, id, .. } = &target;
        let rest = match self {
            Self::Transfer { user, .. } => {
                flow::transfer_ownership(auth, caller, id, &UserId(user.clone()), context).await?;
                "/members?note=transferred"
            }
            Self::Delete { .. } => {
                flow::request_organization_deletion(auth, caller, id, context).await?;
                "/settings?note=deleting"
            }
            Self::ChangeMember { user, role, department, .. } => {
                let form = MemberForm { role: Some(role.clone()), department: Some(department.clone()) };
                flow::change_member(auth, caller, (id, &UserId(user.clone())), form.parse()?, context).await?;
                "/members?note=changed"
            }
            Self::RemoveMember { user, .. } => {
                flow::remove_member(auth, caller, (id, &UserId(user.clone())), context).await?;
                "/members?note=removed"
            }
            Self::Invite { email, role, department, .. } => {
                let (email, role, department) = (email.clone(), role.clone(), department.clone());
                let wanted = InvitationForm { email, role, department }.parse()?;
                flow::invite(auth, caller, id, wanted, context).await?;
                "/invitations?note=sent"
            }
            Self::ResendInvitation { invitation, .. } => {
                let invitation = InvitationId(invitation.clone());
                flow::resend_invitation(auth, caller, (id, &invitation), context).await?;
                "/invitations?note=resent"
            }
            Self::FactorRule { is_required, .. } => {
                flow::set_organization_factor_rule(auth, caller, id, *is_required, context).await?;
                if *is_required { "/security?note=required" } else { "/security?note=optional" }
            }
        };
        server::see_other(&target.page(rest));
        Ok(())
    }
}
