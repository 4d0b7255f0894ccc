//! Whose webhooks are meant, and who may see or change them. What is asked here is the first line of each flow for
//! webhooks.

use crate::flow::organization_permission::require_in_organization;
use crate::flow::permission::require_permission;
use crate::id::{DeliveryId, OrganizationId, WebhookId};
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, Permission, Result};

/// Whose webhooks are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookOwner {
    /// Those of the platform, which hear of everything.
    Platform,
    /// Those of an organization, which hear of it alone.
    Organization(OrganizationId),
}

/// What somebody wants to do with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookRight {
    /// See them.
    Read,
    /// Make, change and remove them.
    Manage,
}

impl WebhookOwner {
    /// The organization of an id.
    ///
    /// # Errors
    /// [`ErrorCode::MalformedRequest`] for what is no id.
    pub fn of_organization(id: &str) -> Result<Self> {
        Ok(Self::Organization(OrganizationId::parse(id).ok_or(ErrorCode::MalformedRequest)?))
    }

    /// As the store names it.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Platform => "platform",
            Self::Organization(id) => id.as_str(),
        }
    }

    /// The organization; none for the platform.
    pub(super) const fn organization(&self) -> Option<&OrganizationId> {
        match self {
            Self::Platform => None,
            Self::Organization(id) => Some(id),
        }
    }
}

/// Whether the caller may do this.
///
/// # Errors
/// Those of [`crate::flow::require_permission`] for the platform, and those of `require_in_organization` for an
/// organization.
pub async fn require_webhooks(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    right: WebhookRight,
    context: &Context,
) -> Result<()> {
    match owner {
        WebhookOwner::Platform => {
            let permission = match right {
                WebhookRight::Read => Permission::ReadWebhooks,
                WebhookRight::Manage => Permission::ManageWebhooks,
            };
            require_permission(auth, caller, permission).await?;
        }
        WebhookOwner::Organization(organization) => {
            let permission = match right {
                WebhookRight::Read => OrganizationPermission::ReadWebhooks,
                WebhookRight::Manage => OrganizationPermission::ManageWebhooks,
            };
            require_in_organization(auth, caller, organization, permission, context).await?;
        }
    }
    Ok(())
}

/// The webhook of an id.
pub(super) fn webhook_id(text: &str) -> Result<WebhookId> {
    Ok(WebhookId::parse(text).ok_or(ErrorCode::MalformedRequest)?)
}

/// The delivery of an id.
pub(super) fn delivery_id(text: &str) -> Result<DeliveryId> {
    Ok(DeliveryId::parse(text).ok_or(ErrorCode::MalformedRequest)?)
}
