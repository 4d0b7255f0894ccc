//! Webhooks: those of the platform below `/admin/webhooks`, and those of an organization below `/orgs/{slug}/webhooks`.
//! Both have the same pages; what is in them comes from flows that ask who may.

use auth::flow::{self, WebhookOwner};
use auth::organization::OrganizationPermission;
use auth::view::{Me, OrganizationView};
use auth::{ErrorCode, Field, Permission};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

use super::account::WantedAct;
use super::admin::refused;
use crate::error::AppError;
use crate::server;
use crate::text::{issue_text, t, t_with};
use crate::ui::{Area, OrganizationArea, OrganizationShell, Shell};

mod acts;
mod deliveries;
mod delivery;
mod form;
mod list;
mod one;
mod picture;

pub use acts::{
    ChangeWebhook, CreateWebhook, RemoveWebhook, ReplayWebhookDelivery, RotateWebhookSecret, SwitchWebhook, TestWebhook,
};
pub(super) use acts::{change, make, rotate};
pub use list::{AdminWebhooksPage, OrganizationWebhooksPage};
pub use one::{AdminWebhookPage, OrganizationWebhookPage};

/// Whose webhooks a page is about.
#[derive(Clone, Serialize, Deserialize)]
enum Place {
    /// Those of the platform.
    Platform,
    /// Those of an organization.
    Organization(Box<OrganizationView>),
}

impl Place {
    /// The place of an address, for who may be there.
    async fn of(slug: Option<&str>) -> Result<(Me, Self), AppError> {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        let place = match slug {
            Some(slug) => {
                let id = flow::organization_of_slug(&auth, &caller, slug).await?;
                Self::Organization(Box::new(flow::show_organization(&auth, &caller, &id, &context).await?))
            }
            None => Self::Platform,
        };
        Ok((auth.me(&caller).await?, place))
    }

    /// The same for the flows.
    fn owner(&self) -> WebhookOwner {
        match self {
            Self::Platform => WebhookOwner::Platform,
            Self::Organization(organization) => WebhookOwner::Organization(organization.id.clone()),
        }
    }

    /// What forms send along: the slug of the organization, or nothing.
    fn organization(&self) -> String {
        match self {
            Self::Platform => String::new(),
            Self::Organization(organization) => organization.slug.to_string(),
        }
    }

    /// The address of the list.
    fn path(&self) -> String {
        list_path(&self.organization())
    }

    /// Whether the reader may change anything here.
    fn may_manage(&self, me: &Me) -> bool {
        match self {
            Self::Platform => me.role.grants(Permission::ManageWebhooks),
            Self::Organization(organization) => {
                organization.permissions.contains(OrganizationPermission::ManageWebhooks)
            }
        }
    }
}

/// The address of the list of an organization, or of the platform.
pub(super) fn list_path(organization: &str) -> String {
    if organization.is_empty() { "/admin/webhooks".to_owned() } else { format!("/orgs/{organization}/webhooks") }
}

/// The `{slug}` of the address.
fn slug() -> Option<String> {
    use_params_map().get_untracked().get("slug")
}

/// Why a form was refused, in words. The one that switches a webhook on has no field for what is wrong with its address.
fn refusal_text(refusal: &AppError) -> String {
    if let Some(issue) = refusal.issue(Field::Url) {
        return issue_text(issue);
    }
    let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
    match refusal.code() {
        ErrorCode::NotFound => t("page.webhooks.not_found"),
        ErrorCode::WrongState => t("page.webhooks.wrong_state"),
        code => t_with(&format!("error.{}", code.as_str()), &[("seconds", &seconds)]),
    }
}

/// The frame of a page, of the administration or of the organization.
#[component]
fn PlaceShell(
    place: Place,
    me: Me,
    #[prop(into)] title: String,
    #[prop(into)] purpose: String,
    is_refused: bool,
    children: Children,
) -> impl IntoView {
    match place {
        Place::Platform => view! {
            <Shell current=Area::Webhooks title purpose me refused=is_refused>
                {children()}
            </Shell>
        }
        .into_any(),
        Place::Organization(organization) => view! {
            <OrganizationShell
                current=OrganizationArea::Webhooks title purpose me organization=*organization refused=is_refused
            >
                {children()}
            </OrganizationShell>
        }
        .into_any(),
    }
}
