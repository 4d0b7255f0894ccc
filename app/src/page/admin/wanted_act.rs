//! Acts of administrators that ask for a fresh proof, as they wait for it.

use auth::id::UserId;
use auth::{ErrorCode, FactorMethod, Field, FieldIssue, Refusal, Remark, Role, flow};
use serde::{Deserialize, Serialize};

use super::{impersonate, suspension_form};
use crate::error::AppError;
use crate::server;
use crate::text::t;

/// An act on somebody else's account, or on several.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::page) enum AdminAct {
    /// Nobody gets in for a while.
    Suspend {
        /// Whose account.
        user: String,
        /// The day it ends; empty: when it is taken back.
        until: String,
        /// What the person is told.
        reason: String,
        /// What colleagues read.
        note: String,
    },
    /// Take one kind of second factor.
    RemoveFactor {
        /// Whose.
        user: String,
        /// The name of the kind.
        factor: String,
    },
    /// Give another role.
    SetRole {
        /// Whom.
        user: String,
        /// The name of the role.
        role: String,
    },
    /// See the product as somebody else.
    Impersonate {
        /// As whom.
        user: String,
        /// Why.
        reason: String,
        /// Whether what belongs to organizations may be changed.
        writes: bool,
    },
    /// Do to several what was shown.
    ActOnUsers {
        /// What was shown.
        token: String,
        /// As for one.
        until: String,
        /// As for one.
        reason: String,
        /// As for one.
        note: String,
    },
}

impl AdminAct {
    /// What the act is called beside the question for the proof.
    pub(in crate::page) fn label(&self) -> String {
        t(match self {
            Self::Suspend { .. } => "page.confirm.act_suspend",
            Self::RemoveFactor { .. } => "page.confirm.act_remove_factor",
            Self::SetRole { .. } => "page.confirm.act_set_role",
            Self::Impersonate { .. } => "page.confirm.act_impersonate",
            Self::ActOnUsers { .. } => "page.confirm.act_on_users",
        })
    }

    /// Does it and leads to the page that says so.
    pub(in crate::page) async fn perform(&self) -> Result<(), AppError> {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        match self {
            Self::Suspend { user, until, reason, note } => {
                let (id, wanted) = (UserId(user.clone()), suspension_form::read(until, reason, note)?);
                flow::suspend_user(&auth, &caller, &id, &wanted, &context).await?;
                say(user, "suspended");
            }
            Self::RemoveFactor { user, factor } => {
                let factor = FactorMethod::parse(factor).ok_or(ErrorCode::FactorUnavailable)?;
                flow::admin_remove_factor(&auth, &caller, &UserId(user.clone()), factor, &context).await?;
                say(user, "factor_removed");
            }
            Self::SetRole { user, role } => {
                let unknown = || Refusal::invalid(vec![(Field::Role, FieldIssue::Unknown)]);
                let role = Role::parse(role).ok_or_else(unknown)?;
                flow::admin_set_role(&auth, &caller, &UserId(user.clone()), role, &context).await?;
                say(user, "role_set");
            }
            Self::Impersonate { user, reason, writes } => {
                impersonate::begin(&UserId(user.clone()), remark(reason)?, *writes).await?;
            }
            Self::ActOnUsers { token, until, reason, note } => {
                let says = [until, reason, note].iter().any(|said| !said.is_empty());
                let how = says.then(|| suspension_form::read(until, reason, note)).transpose()?;
                let done = flow::bulk_act(&auth, &caller, token, how, &context).await?;
                let (done, left) = (done.done, done.left_out.len());
                server::see_other(&format!("/admin/users?note=done&done={done}&left={left}"));
            }
        }
        Ok(())
    }
}

/// The reason that was typed.
pub(super) fn remark(reason: &str) -> Result<Remark, AppError> {
    Remark::parse(reason).map_err(|issue| Refusal::invalid(vec![(Field::Reason, issue)]).into())
}

/// Leads back to the page of the account, which says what was done. The flow has read the id.
pub(super) fn say(user: &str, note: &str) {
    server::see_other(&format!("/admin/users/{user}?note={note}"));
}
