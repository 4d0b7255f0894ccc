//! Organizations: the pages of those one is in. What a page shows comes from a flow that asks for the permission; to
//! who is not in an organization, its address is one where nothing is.

use auth::view::{Me, OrganizationView};
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::account;
use crate::error::AppError;
use crate::page::NotFound;
use crate::server;
use crate::text::{issue_text, t, t_with};
use crate::ui::Entry;

mod act;
mod choose;
mod dashboard_card;
mod given_roles;
mod list;
mod logo;
mod matrix;
mod member_row;
mod members;
mod members_picture;
mod new;
mod overview;
mod ownership;
mod permission_boxes;
mod role_form;
mod roles;
mod settings;
mod target;
mod words;

pub(super) use act::OrganizationAct;
pub use choose::ChooseOrganization;
pub(super) use dashboard_card::OwnOrganizations;
pub(super) use given_roles::roles_to_give;
pub use list::OrganizationsPage;
pub use logo::{CHANGE_LOGO, RemoveLogo};
pub use members::{ChangeMember, OrganizationMembersPage, RemoveMember};
pub use new::{CreateOrganization, NewOrganizationPage};
pub use overview::OrganizationPage;
pub use ownership::{LeaveOrganization, TransferOwnership};
pub use role_form::{ChangeRole, CreateRole};
pub use roles::{OrganizationRolesPage, RemoveRole};
pub use settings::{DeleteOrganization, KeepOrganization, OrganizationSettingsPage, RenameOrganization};
pub(super) use target::Target;
pub use words::role_text;

/// The page of all organizations.
pub(super) const PATH: &str = "/orgs";

/// The `{slug}` of the address.
pub(super) fn slug() -> String {
    use_params_map().get_untracked().get("slug").unwrap_or_default()
}

/// Who asks, and the organization they are in.
///
/// # Errors
/// They are in none that is called so; nobody is signed in; it demands a second factor.
pub(super) async fn load(slug: impl AsRef<str> + Send) -> Result<(Me, OrganizationView), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let id = flow::organization_of_slug(&auth, &caller, slug.as_ref()).await?;
    let organization = flow::show_organization(&auth, &caller, &id, &context).await?;
    Ok((auth.me(&caller).await?, organization))
}

/// Instead of a page that is not there, or not for whoever asks.
pub(super) fn refused(error: &AppError) -> AnyView {
    match error.code() {
        ErrorCode::NotFound => view! { <NotFound/> }.into_any(),
        ErrorCode::Forbidden => view! { <NotForYou/> }.into_any(),
        // The organization demands a factor, the account has one, and this session has not proved it.
        ErrorCode::ReauthenticationRequired => {
            server::see_other(&format!("/account/confirm?next={}", server::path().unwrap_or_default()));
            ().into_any()
        }
        _ => account::refused(error),
    }
}

/// A page of an organization that this member may not see.
#[component]
fn NotForYou() -> impl IntoView {
    server::set_status(ErrorCode::Forbidden);
    view! {
        <Entry title=t("page.organization.forbidden_title") lead=t("page.organization.forbidden_lead")>
            <a class="button button-primary button-wide" href=PATH>{t("page.organization.forbidden_action")}</a>
        </Entry>
    }
}

/// Why a form was refused, in a sentence: what is wrong with its field, if anything.
pub(super) fn refusal_text(refusal: &AppError) -> String {
    let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
    match refusal.0.fields.first() {
        Some((_, issue)) => issue_text(*issue),
        None => t_with(&format!("error.{}", refusal.code().as_str()), &[("seconds", &seconds)]),
    }
}
