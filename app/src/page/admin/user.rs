//! One account: what is known of it here, and its sessions.

use auth::id::UserId;
use auth::view::{AnySession, Me, UserItem};
use auth::{Cursor, ErrorCode, Factors, Page, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{NoList, WantedAct, address_text, after, device_text, factor_text, query};
use super::users::{RoleBadge, count_text};
use super::{id, reason_text, refused};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Moment, Notice, Paging, Shell, Tone, facts, provide_zone};

/// Takes every second factor from somebody who lost all of theirs, once the administrator was proved.
///
/// # Errors
/// There is no such account; it is one's own; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_reset_factors")]
pub async fn admin_reset_factors(#[server(default)] user: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::ResetFactors { user }.perform_or_ask().await
}

/// Who asks, whose account it is, and a page of its sessions.
type Loaded = (Me, UserItem, Result<Page<AnySession>, AppError>);

async fn load((id, after): (String, Option<Cursor>)) -> Result<Loaded, AppError> {
    let (auth, caller, id) = (server::auth(), server::caller()?, UserId(id));
    let user = flow::admin_show_user(&auth, &caller, &id).await?;
    let list = flow::admin_list_sessions(&auth, &caller, &id, after).await.map_err(AppError::from);
    match list {
        Err(error) if error.code() != ErrorCode::MalformedRequest => Err(error),
        list => Ok((auth.me(&caller).await?, user, list)),
    }
}

/// The page `/admin/users/{id}`.
#[component]
pub fn AdminUserPage() -> impl IntoView {
    let asked = (id(), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, user, list)) => view! { <User me user list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn User(me: Me, user: UserItem, list: Result<Page<AnySession>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(AdminResetFactors::PATH);
    let is_refused = list.is_err() || refusal.is_some();
    let note = (query("note") == "factors_reset" && !is_refused).then(|| t("page.admin_factors.done"));
    let path = format!("/admin/users/{}", user.id.as_str());
    let account = [
        (t("ui.email").into_any(), user.email.to_string().into_any()),
        (t("page.admin_users.role").into_any(), view! { <RoleBadge role=user.role/> }.into_any()),
        (t("page.admin_users.made").into_any(), view! { <Moment at=user.created_at with_time=true/> }.into_any()),
        (t("page.admin_users.live").into_any(), count_text(user.live_sessions).into_any()),
        (t("page.admin_factors.label").into_any(), factors_text(&user.factors).into_any()),
    ];
    let may_reset = !user.factors.is_empty() && user.id != me.id && me.role.grants(Permission::ResetFactors);
    let reset = may_reset.then(|| view! { <Reset user=user.id.clone() refusal/> });
    let list = match list {
        Ok(page) => view! { <List page path/> }.into_any(),
        Err(error) => view! { <NoList error list="/admin/users"/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Users title=user.name.to_string() purpose=t("page.admin_user.purpose") me refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <p><a href="/admin/users">{t("page.admin_user.all")}</a></p>
            <section class="card"><h2>{t("page.dashboard.account")}</h2>{facts(account)}</section>
            <h2>{t("page.admin_user.sessions")}</h2>
            {list}
            {reset}
        </Shell>
    }
}

/// The kinds of factors in words.
fn factors_text(factors: &Factors) -> String {
    if factors.is_empty() {
        return t("page.admin_factors.none");
    }
    factors.iter().map(factor_text).collect::<Vec<_>>().join(", ")
}

/// Taking every factor, and what that means.
#[component]
fn Reset(user: UserId, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.admin_factors.title")}</h2>
            <ul class="plain-list">
                <li>{t("page.admin_factors.all_go")}</li>
                <li>{t("page.admin_factors.password_alone")}</li>
                <li>{t("page.admin_factors.is_told")}</li>
                <li>{t("page.admin_factors.be_sure")}</li>
            </ul>
            <PostForm action=AdminResetFactors::PATH refusal class="actions">
                <input type="hidden" name="user" value=user.0/>
                <button type="submit" class="button button-danger">{t("page.admin_factors.action")}</button>
            </PostForm>
        </section>
    }
}

#[component]
fn List(page: Page<AnySession>, path: String) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="devices"/><p>{t("page.admin_user.none")}</p></div> }.into_any();
    }
    let rows = items.into_iter().map(|item| view! { <Session item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_user.sessions")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.dashboard.device")}</th>
                        <th scope="col">{t("ui.address")}</th>
                        <th scope="col">{t("page.dashboard.signed_in")}</th>
                        <th scope="col">{t("page.devices.last_seen")}</th>
                        <th scope="col">{t("page.admin_user.state")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list=path next is_first=after().is_none()/>
    }
    .into_any()
}

#[component]
fn Session(item: AnySession) -> impl IntoView {
    let AnySession { id, origin, signed_in_at, last_seen_at, end, .. } = item;
    let address = address_text(origin.address.as_deref().unwrap_or_default());
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/sessions/{}", id.as_str())>{device_text(&origin.device)}</a></th>
            <td>{address}</td>
            <td><Moment at=signed_in_at with_time=true/></td>
            <td><Moment at=last_seen_at with_time=true/></td>
            <td>
                {match end {
                    Some(end) => reason_text(end.reason).into_any(),
                    None => view! { <span class="badge badge-ok">{t("page.admin_user.live")}</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}
