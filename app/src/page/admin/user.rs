//! One account: how it stands, where it is signed in, what happened to it, and what can be done for its person.

use auth::id::UserId;
use auth::view::{AnySession, MailItem, Me, UserDetails, UserItem};
use auth::{Cursor, ErrorCode, Page, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{NoList, WantedAct, after, query};
use super::suspend::{Suspend, SuspendUser, Suspended, UnsuspendUser};
use super::user_acts::{Acts, AdminEndSessions, AdminRemoveFactor, AdminSendReset, AdminSetRole, Factors};
use super::user_mails::Mails;
use super::user_sections::{Activity, Organizations, Sessions};
use super::user_words::{RoleBadge, StateBadge, count_text};
use super::{id, refused};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Moment, Notice, Shell, Tone, facts, provide_zone};

/// Takes every second factor from somebody who lost all of theirs, once the administrator was proved.
///
/// # Errors
/// There is no such account; it is one's own; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_reset_factors")]
pub async fn admin_reset_factors(#[server(default)] user: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::ResetFactors { user }.perform_or_ask().await
}

/// Who asks, whose account it is, its mails for whoever may see them, and a page of its sessions.
type Loaded = (Me, UserDetails, Option<Vec<MailItem>>, Result<Page<AnySession>, AppError>);

async fn load((id, after): (String, Option<Cursor>)) -> Result<Loaded, AppError> {
    let (auth, caller, id) = (server::auth(), server::caller()?, UserId(id));
    let details = flow::admin_show_user(&auth, &caller, &id).await?;
    let mails = match flow::mails_of_user(&auth, &caller, &id).await.map_err(AppError::from) {
        Ok(mails) => Some(mails),
        Err(error) if error.code() == ErrorCode::NotFound => None,
        Err(error) => return Err(error),
    };
    let list = told(flow::admin_list_sessions(&auth, &caller, &id, after).await)?;
    Ok((auth.me(&caller).await?, details, mails, list))
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
                    Ok((me, details, mails, list)) => view! { <User me details mails list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn User(
    me: Me,
    details: UserDetails,
    mails: Option<Vec<MailItem>>,
    list: Result<Page<AnySession>, AppError>,
) -> impl IntoView {
    provide_zone(&me);
    let short = [
        AdminSendReset::PATH,
        AdminEndSessions::PATH,
        AdminRemoveFactor::PATH,
        AdminSetRole::PATH,
        UnsuspendUser::PATH,
    ];
    let refusal = short.into_iter().find_map(refusal_of);
    let reset_refusal = refusal_of(AdminResetFactors::PATH);
    let suspend_refusal = refusal_of(SuspendUser::PATH);
    let is_refused = [&refusal, &reset_refusal, &suspend_refusal].iter().any(|refusal| refusal.is_some());
    let note = match &refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused && list.is_ok()).map(|text| (Tone::Ok, text)),
    };
    let is_refused = is_refused || list.is_err();
    let UserDetails { user, suspension, delete_at, has_password, organizations, activity, acts } = details;
    let path = format!("/admin/users/{}", user.id.as_str());
    let may_suspend = acts.suspend && suspension.is_none();
    let suspended = suspension.map(|suspension| {
        view! { <Suspended user=user.id.clone() suspension may_lift=acts.suspend/> }
    });
    let leaving = delete_at.map(|at| {
        view! {
            <p class="muted">{t("page.admin_user.leaving")}" "<strong><Moment at with_time=true/></strong></p>
        }
    });
    let may_reset = acts.reset_factors && !user.factors.is_empty();
    let reset = may_reset.then(|| view! { <Reset user=user.id.clone() refusal=reset_refusal/> });
    let suspend = may_suspend.then(|| view! { <Suspend user=user.id.clone() refusal=suspend_refusal/> });
    let list = match list {
        Ok(page) => view! { <Sessions page path/> }.into_any(),
        Err(error) => view! { <NoList error list="/admin/users"/> }.into_any(),
    };
    let mails = mails.map(|list| view! { <Mails list/> });
    let (name, of_page) = (user.name.to_string(), me.clone());
    view! {
        <Shell current=Area::Users title=name purpose=t("page.admin_user.purpose") me=of_page refused=is_refused>
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <p><a href="/admin/users">{t("page.admin_user.all")}</a></p>
            {leaving}
            {suspended}
            <div class="card-grid card-grid-wide">
                <About user=user.clone() has_password/>
                <Factors user=user.clone() may_remove=acts.reset_factors/>
            </div>
            <h2>{t("page.admin_user.sessions")}</h2>
            {list}
            <h2>{t("page.admin_user.organizations")}</h2>
            <Organizations list=organizations/>
            <h2>{t("page.admin_user.activity")}</h2>
            <Activity list=activity/>
            {mails}
            <Acts me user acts/>
            {suspend}
            {reset}
        </Shell>
    }
}

/// The account itself.
#[component]
fn About(user: UserItem, has_password: bool) -> impl IntoView {
    let password = if has_password { t("page.admin_user.has_password") } else { t("page.admin_user.no_password") };
    let id = view! { <code class="key-id">{user.id.as_str().to_owned()}</code> };
    let account = [
        (t("ui.email").into_any(), user.email.to_string().into_any()),
        (t("page.admin_user.id").into_any(), id.into_any()),
        (t("page.admin_user.state").into_any(), view! { <StateBadge state=user.state/> }.into_any()),
        (t("page.admin_users.role").into_any(), view! { <RoleBadge role=user.role/> }.into_any()),
        (t("page.admin_users.made").into_any(), view! { <Moment at=user.created_at with_time=true/> }.into_any()),
        (t("page.admin_users.live").into_any(), count_text(user.live_sessions).into_any()),
        (t("ui.password").into_any(), password.into_any()),
    ];
    view! { <section class="card"><h2>{t("page.dashboard.account")}</h2>{facts(account)}</section> }
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

fn refusal_text(refusal: &AppError) -> String {
    let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
    t_with(&format!("error.{}", refusal.code().as_str()), &[("seconds", &seconds)])
}

/// What was done a moment ago.
fn note_text(note: &str) -> Option<String> {
    Some(t(match note {
        "suspended" => "page.admin_user.done_suspended",
        "unsuspended" => "page.admin_user.done_unsuspended",
        "reset_sent" => "page.admin_user.done_reset_sent",
        "sessions_ended" => "page.admin_user.done_sessions_ended",
        "factor_removed" => "page.admin_user.done_factor_removed",
        "factors_reset" => "page.admin_factors.done",
        "role_set" => "page.admin_user.done_role_set",
        "stopped" => "page.admin_user.done_stopped",
        _ => return None,
    }))
}
