//! The invitations there are, with how each stands and what can be done about it.

use auth::Page;
use auth::view::{InvitationItem, InvitationState};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::after;
use super::invitations::{ResendInvitation, RevokeInvitation};
use super::organization::role_text;
use crate::text::t;
use crate::ui::{Icon, Moment, Paging};

/// Nobody is invited: what to do.
#[component]
pub(super) fn Empty(may_manage: bool) -> impl IntoView {
    let text = if may_manage { "page.invitations.empty" } else { "page.invitations.empty_for_reader" };
    view! { <div class="empty"><Icon name="mail"/><p>{t(text)}</p></div> }
}

/// The table.
#[component]
pub(super) fn InvitationTable(page: Page<InvitationItem>, slug: String, may_manage: bool) -> impl IntoView {
    let Page { items, next } = page;
    let list = format!("/orgs/{slug}/invitations");
    let rows = items.into_iter().map(|item| view! { <Row item slug=slug.clone() may_manage/> });
    let rows = rows.collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.organization.invitations")>
            <table class="table invitations">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.email")}</th>
                        <th scope="col">{t("ui.role")}</th>
                        <th scope="col">{t("page.invitations.state")}</th>
                        <th scope="col">{t("page.invitations.inviter")}</th>
                        <th scope="col">{t("page.invitations.ends")}</th>
                        {may_manage.then(|| view! {
                            <th scope="col"><span class="visually-hidden">{t("page.invitations.acts")}</span></th>
                        })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list next is_first=after().is_none()/>
    }
}

#[component]
fn Row(item: InvitationItem, slug: String, may_manage: bool) -> impl IntoView {
    let id = item.id.as_str().to_owned();
    let heading = format!("invitation-{id}");
    let role = match &item.role_name {
        Some(name) => role_text(&item.role, name),
        None => t("page.invitations.role_gone"),
    };
    let (class, state) = badge(item.state);
    // Whose role is gone cannot be sent again, and may be invited anew.
    let can_resend = item.state.waits() && item.role_name.is_some();
    let acts = may_manage.then(|| {
        let acts = item.state.waits().then(|| view! { <Acts id slug heading=heading.clone() can_resend/> });
        view! { <td>{acts}</td> }
    });
    view! {
        <tr>
            <th scope="row" id=heading>
                {item.email.to_string()}
                {item.department.map(|department| view! { <span class="muted">{department}</span> })}
            </th>
            <td>{role}</td>
            <td><span class=class>{state}</span></td>
            <td>{item.inviter.to_string()}</td>
            <td><Moment at=item.expires_at/></td>
            {acts}
        </tr>
    }
}

#[component]
fn Acts(id: String, slug: String, heading: String, can_resend: bool) -> impl IntoView {
    let resend = can_resend.then(|| {
        view! {
            <form method="post" action=ResendInvitation::PATH>
                <input type="hidden" name="organization" value=slug.clone()/>
                <input type="hidden" name="invitation" value=id.clone()/>
                <button type="submit" class="button button-secondary button-small" aria-describedby=heading.clone()>
                    {t("page.invitations.resend")}
                </button>
            </form>
        }
    });
    view! {
        <div class="invitation-acts">
            {resend}
            <form method="post" action=RevokeInvitation::PATH>
                <input type="hidden" name="organization" value=slug/>
                <input type="hidden" name="invitation" value=id/>
                <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                    {t("page.invitations.revoke")}
                </button>
            </form>
        </div>
    }
}

/// How an invitation stands, in words.
fn badge(state: InvitationState) -> (&'static str, String) {
    match state {
        InvitationState::Open => ("badge badge-ok", t("page.invitations.state_open")),
        InvitationState::Expired => ("badge badge-warn", t("page.invitations.state_expired")),
        InvitationState::Dead => ("badge badge-danger", t("page.invitations.state_dead")),
        InvitationState::Declined => ("badge", t("page.invitations.state_declined")),
        InvitationState::Revoked => ("badge", t("page.invitations.state_revoked")),
        InvitationState::Accepted => ("badge", t("page.invitations.state_accepted")),
    }
}
