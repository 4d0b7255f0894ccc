//! Who is invited into an organization: inviting, sending again, taking back.

use auth::id::InvitationId;
use auth::organization::OrganizationPermission;
use auth::view::{InvitationItem, Me, OrganizationView, RoleItem};
use auth::{Cursor, ErrorCode, Page, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{WantedAct, after, query};
use super::invitation_table::{Empty, InvitationTable};
use super::invite_form::{InviteForm, keep};
use super::organization::{self, OrganizationAct, Target, refusal_text, refused, roles_to_give, slug};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Notice, OrganizationArea, OrganizationShell, Tone, provide_zone};

/// Invites somebody, and mails them.
///
/// # Errors
/// An address or a role that cannot be accepted; too many, or too soon; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "invite")]
pub async fn invite(
    #[server(default)] organization: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
    #[server(default)] department: String,
) -> Result<(), AppError> {
    server::caller()?;
    keep(&email, &role, &department);
    WantedAct::Organization(OrganizationAct::Invite { organization, email, role, department }).perform_or_ask().await
}

/// Sends an invitation once more, with a new link and code.
///
/// # Errors
/// Too soon; it was answered meanwhile; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "resend_invitation")]
pub async fn resend_invitation(
    #[server(default)] organization: String,
    #[server(default)] invitation: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Organization(OrganizationAct::ResendInvitation { organization, invitation }).perform_or_ask().await
}

/// Takes an invitation back.
///
/// # Errors
/// It was answered meanwhile; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "revoke_invitation")]
pub async fn revoke_invitation(
    #[server(default)] organization: String,
    #[server(default)] invitation: String,
) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    flow::revoke_invitation(&target.auth, &target.caller, (&target.id, &InvitationId(invitation)), &target.context)
        .await?;
    server::see_other(&target.page("/invitations?note=revoked"));
    Ok(())
}

/// Who asks, the organization, a page of its invitations, and the roles that may be given.
type Loaded = (Me, OrganizationView, Result<Page<InvitationItem>, AppError>, Vec<RoleItem>);

async fn load((slug, after): (String, Option<Cursor>)) -> Result<Loaded, AppError> {
    let (me, organization) = organization::load(slug).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let list = flow::list_invitations(&auth, &caller, &organization.id, after, &context).await;
    let list = told(list)?;
    let roles = if organization.may(OrganizationPermission::ManageInvitations) {
        roles_to_give(&organization).await?
    } else {
        Vec::new()
    };
    Ok((me, organization, list, roles))
}

/// The page `/orgs/{slug}/invitations`.
#[component]
pub fn OrganizationInvitationsPage() -> impl IntoView {
    let asked = (slug(), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, list, roles)) => {
                        view! { <Invitations me organization list roles/> }.into_any()
                    }
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Invitations(
    me: Me,
    organization: OrganizationView,
    list: Result<Page<InvitationItem>, AppError>,
    roles: Vec<RoleItem>,
) -> impl IntoView {
    provide_zone(&me);
    let invite = refusal_of(Invite::PATH);
    let other = refusal_of(ResendInvitation::PATH).or_else(|| refusal_of(RevokeInvitation::PATH));
    let is_refused = invite.is_some() || other.is_some() || list.is_err();
    let note = match other {
        Some(refusal) => Some((Tone::Danger, text_of(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let may_manage = organization.may(OrganizationPermission::ManageInvitations);
    let slug = organization.slug.to_string();
    let shown = match list {
        Ok(page) if page.items.is_empty() && after().is_none() => view! { <Empty may_manage/> }.into_any(),
        Ok(page) => view! { <InvitationTable page slug=slug.clone() may_manage/> }.into_any(),
        Err(error) => {
            server::set_status(error.code());
            view! { <Notice tone=Tone::Danger text=t("ui.no_such_list")/> }.into_any()
        }
    };
    view! {
        <OrganizationShell
            current=OrganizationArea::Invitations title=t("page.organization.invitations")
            purpose=t("page.invitations.purpose") me organization refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {shown}
            {may_manage.then(|| view! { <InviteForm slug roles refusal=invite/> })}
        </OrganizationShell>
    }
}

fn text_of(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound | ErrorCode::WrongState => t("page.invitations.answered"),
        _ => refusal_text(refusal),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "sent" => Some(t("page.invitations.sent")),
        "resent" => Some(t("page.invitations.resent")),
        "revoked" => Some(t("page.invitations.revoked")),
        _ => None,
    }
}
