//! What helps the person of an account: a new password, signed-out devices, another role, a look through their eyes.

use auth::id::UserId;
use auth::view::{Me, UserActs, UserItem};
use auth::{AccountState, FactorMethod, Permission, Role, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{WantedAct, factor_text};
use super::user_words::role_text;
use super::wanted_act::{AdminAct, say};
use crate::error::AppError;
use crate::server;
use crate::text::{t, t_with};

/// Mails somebody the way to a new password.
///
/// # Errors
/// There is no such account, or it is suspended; it was sent a moment ago; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_send_reset")]
pub async fn admin_send_reset(#[server(default)] user: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::admin_send_reset(&auth, &caller, &UserId(user.clone()), &context).await?;
    say(&user, "reset_sent");
    Ok(())
}

/// Ends every session of somebody.
///
/// # Errors
/// There is no such account; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_end_sessions")]
pub async fn admin_end_sessions(#[server(default)] user: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::admin_end_sessions(&auth, &caller, &UserId(user.clone()), &context).await?;
    say(&user, "sessions_ended");
    Ok(())
}

/// Takes one kind of second factor from somebody, once the administrator was proved.
///
/// # Errors
/// There is no such account, or it has no such factor; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_remove_factor")]
pub async fn admin_remove_factor(
    #[server(default)] user: String,
    #[server(default)] factor: String,
) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ResetFactors).await?;
    WantedAct::Administer { wanted: AdminAct::RemoveFactor { user, factor } }.perform_or_ask().await
}

/// Gives somebody another role, once the administrator was proved.
///
/// # Errors
/// There is no such account or role; nobody would be left who looks after the product; nobody is signed in; who is may
/// not.
#[server(prefix = "/rpc", endpoint = "admin_set_role")]
pub async fn admin_set_role(#[server(default)] user: String, #[server(default)] role: String) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ManageRoles).await?;
    WantedAct::Administer { wanted: AdminAct::SetRole { user, role } }.perform_or_ask().await
}

/// The acts that whoever looks may do; nothing when there is none.
#[component]
pub(super) fn Acts(me: Me, user: UserItem, acts: UserActs) -> impl IntoView {
    let UserItem { id, role, live_sessions, state, .. } = user;
    // Into a suspended account nothing leads.
    let is_open = state != AccountState::Suspended;
    let reset = (acts.send_reset && is_open).then(|| {
        let text =
            (t("page.admin_help.reset_title"), t("page.admin_help.reset_text"), t("page.admin_help.reset_action"));
        act(AdminSendReset::PATH, &id, text)
    });
    let sessions = (acts.end_sessions && live_sessions > 0).then(|| {
        let text = (t("page.admin_help.end_title"), t("page.admin_help.end_text"), t("page.admin_help.end_action"));
        act(AdminEndSessions::PATH, &id, text)
    });
    let look = (acts.impersonate && is_open).then(|| {
        let path = format!("/admin/users/{}/impersonate", id.as_str());
        view! {
            <section class="card">
                <h2>{t("page.impersonate.title")}</h2>
                <p class="muted">{t("page.admin_help.impersonate_text")}</p>
                <div class="actions">
                    <a class="button button-secondary" href=path>{t("page.admin_help.impersonate_action")}</a>
                </div>
            </section>
        }
    });
    let give = acts.set_role.then(|| view! { <Give user=id.clone() role mine=me.role/> });
    let any = reset.is_some() || sessions.is_some() || look.is_some() || give.is_some();
    any.then(|| {
        view! {
            <h2>{t("page.admin_help.title")}</h2>
            <div class="card-grid">{reset}{sessions}{look}{give}</div>
        }
    })
}

/// A card with what an act means, and its button.
fn act(path: &'static str, user: &UserId, (title, text, action): (String, String, String)) -> impl IntoView + use<> {
    view! {
        <section class="card">
            <h2>{title}</h2>
            <p class="muted">{text}</p>
            <form method="post" action=path class="actions">
                <input type="hidden" name="user" value=user.0.clone()/>
                <button type="submit" class="button button-secondary">{action}</button>
            </form>
        </section>
    }
}

/// Another role. None above one's own is offered.
#[component]
fn Give(user: UserId, role: Role, mine: Role) -> impl IntoView {
    let offered = Role::ALL.into_iter().filter(|offered| !offered.is_above(mine));
    let options = offered.map(|offered| {
        let is_chosen = offered == role;
        view! { <option value=offered.as_str() selected=is_chosen>{role_text(offered)}</option> }
    });
    view! {
        <section class="card">
            <h2>{t("page.admin_users.role")}</h2>
            <p class="muted">{t("page.admin_help.role_text")}</p>
            <form method="post" action=AdminSetRole::PATH class="actions">
                <input type="hidden" name="user" value=user.0/>
                <label class="visually-hidden" for="role">{t("page.admin_users.role")}</label>
                <select class="input role-choice" id="role" name="role" autocomplete="off">
                    {options.collect_view()}
                </select>
                <button type="submit" class="button button-secondary">{t("page.admin_help.role_action")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// The second factors of an account, each with the button that takes it where that is allowed.
#[component]
pub(super) fn Factors(user: UserItem, may_remove: bool) -> impl IntoView {
    let UserItem { id, factors, .. } = user;
    let rows: Vec<_> = factors.iter().map(|factor| factor_row(&id, factor, may_remove)).collect();
    let list = if rows.is_empty() {
        view! {
            <p>{t("page.admin_factors.none")}</p>
            <p class="muted">{t("page.admin_factors.none_long")}</p>
        }
        .into_any()
    } else {
        view! { <ul class="factor-lines">{rows}</ul> }.into_any()
    };
    view! { <section class="card"><h2>{t("page.admin_factors.label")}</h2>{list}</section> }.into_any()
}

fn factor_row(user: &UserId, factor: FactorMethod, may_remove: bool) -> impl IntoView + use<> {
    let name = factor_text(factor);
    let remove = may_remove.then(|| {
        let spoken = t_with("page.admin_factors.remove_one", &[("factor", &name)]);
        view! {
            <form method="post" action=AdminRemoveFactor::PATH>
                <input type="hidden" name="user" value=user.0.clone()/>
                <input type="hidden" name="factor" value=factor.as_str()/>
                <button type="submit" class="button button-danger button-small" aria-label=spoken>
                    {t("page.admin_factors.remove")}
                </button>
            </form>
        }
    });
    view! { <li><span>{name}</span>{remove}</li> }
}
