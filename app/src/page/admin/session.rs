//! One session: its refresh token family as a picture and as a list, and ending it.

use auth::id::SessionId;
use auth::view::{Family, Me};
use auth::{Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{method_text, query};
use super::family_list::FamilyList;
use super::family_picture::FamilyPicture;
use super::{id, origin_text, reason_text, refused};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Moment, Notice, Shell, Tone, facts, provide_zone};

/// Ends a session of somebody else.
///
/// # Errors
/// There is none; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_end_session")]
pub async fn admin_end_session(#[server(default)] session: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let session = SessionId(session);
    flow::admin_end_session(&auth, &caller, &session, &context).await?;
    server::see_other(&format!("/admin/sessions/{}?note=ended", session.as_str()));
    Ok(())
}

async fn load(id: String) -> Result<(Me, Family, Timestamp), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let family = flow::admin_show_session(&auth, &caller, &SessionId(id)).await?;
    Ok((auth.me(&caller).await?, family, auth.now()))
}

/// The page `/admin/sessions/{id}`.
#[component]
pub fn AdminSessionPage() -> impl IntoView {
    let id = id();
    let loaded = resource(move || id.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, family, now)) => view! { <Session me family now/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Session(me: Me, family: Family, now: Timestamp) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(AdminEndSession::PATH);
    let is_refused = refusal.is_some();
    let note = (query("note") == "ended" && !is_refused).then(|| t("page.admin_session.ended"));
    let is_live = family.session.end.is_none();
    let id = family.session.id.clone();
    view! {
        <Shell
            current=Area::Users title=t("page.admin_session.title") purpose=t("page.admin_session.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <About family=family.clone()/>
            <section class="card">
                <h2>{t("page.admin_session.family")}</h2>
                <FamilyPicture family=family.clone() now/>
            </section>
            <h2>{t("page.admin_session.list")}</h2>
            <FamilyList family/>
            {is_live.then(|| view! { <End id refusal/> })}
        </Shell>
    }
}

#[component]
fn About(family: Family) -> impl IntoView {
    let Family { user_id, email, name, session, .. } = family;
    let person = view! {
        <a href=format!("/admin/users/{}", user_id.as_str())>{email.to_string()}</a>" · "{name.to_string()}
    };
    let (ends_key, ends_at, state) = match session.end {
        Some(end) => ("page.admin_session.ended_at", end.at, reason_text(end.reason).into_any()),
        None => (
            "page.dashboard.ends",
            session.expires_at,
            view! { <span class="badge badge-ok">{t("page.admin_user.live")}</span> }.into_any(),
        ),
    };
    let about = [
        (t("page.admin_session.person").into_any(), person.into_any()),
        (t("page.admin_user.state").into_any(), state),
        (t("page.dashboard.device").into_any(), origin_text(&session.origin).into_any()),
        (t("page.devices.method").into_any(), method_text(&session.method).into_any()),
        (
            t("page.dashboard.signed_in").into_any(),
            view! { <Moment at=session.signed_in_at with_time=true/> }.into_any(),
        ),
        (t("page.devices.last_seen").into_any(), view! { <Moment at=session.last_seen_at with_time=true/> }.into_any()),
        (t(ends_key).into_any(), view! { <Moment at=ends_at with_time=true/> }.into_any()),
    ];
    view! { <section class="card"><h2>{t("page.admin_session.about")}</h2>{facts(about)}</section> }
}

/// What ending it means, and the button.
#[component]
fn End(id: SessionId, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.admin_session.end_title")}</h2>
            <p>{t("page.admin_session.end_text")}</p>
            <PostForm action=AdminEndSession::PATH refusal class="actions">
                <input type="hidden" name="session" value=id.as_str().to_owned()/>
                <button type="submit" class="button button-danger">{t("page.admin_session.end_action")}</button>
            </PostForm>
        </section>
    }
}
