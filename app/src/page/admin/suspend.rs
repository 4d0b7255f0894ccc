//! Suspending an account, and taking that back.

use auth::id::UserId;
use auth::view::Suspension;
use auth::{Permission, Remark, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::WantedAct;
use super::suspension_form::{self, SuspensionFields};
use super::wanted_act::{AdminAct, say};
use crate::error::AppError;
use crate::island::PostForm;
use crate::server;
use crate::text::t;
use crate::ui::{Moment, facts};

/// Suspends an account, once the person was proved.
///
/// # Errors
/// What was typed cannot be accepted; there is no such account; nobody would be left who looks after the product;
/// nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "suspend_user")]
pub async fn suspend_user(
    #[server(default)] user: String,
    #[server(default)] until: String,
    #[server(default)] reason: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::SuspendUsers).await?;
    // Looked at first: nobody is asked for a proof in vain.
    suspension_form::read(&until, &reason, &note)?;
    WantedAct::Administer { wanted: AdminAct::Suspend { user, until, reason, note } }.perform_or_ask().await
}

/// Takes a suspension back.
///
/// # Errors
/// There is no such account, or it is not suspended; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "unsuspend_user")]
pub async fn unsuspend_user(#[server(default)] user: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::unsuspend_user(&auth, &caller, &UserId(user.clone()), &context).await?;
    say(&user, "unsuspended");
    Ok(())
}

/// How an account is suspended, and with `may_lift` the button that takes it back.
#[component]
pub(super) fn Suspended(user: UserId, suspension: Suspension, may_lift: bool) -> impl IntoView {
    let Suspension { at, until, reason, note } = suspension;
    let said = |remark: Option<Remark>| match remark {
        Some(remark) => remark.to_string(),
        None => t("page.admin_suspend.nothing"),
    };
    let until = match until {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.admin_suspend.until_lifted").into_any(),
    };
    let about = [
        (t("page.admin_suspend.since").into_any(), view! { <Moment at with_time=true/> }.into_any()),
        (t("ui.until").into_any(), until),
        (t("ui.reason").into_any(), said(reason).into_any()),
        (t("ui.note").into_any(), said(note).into_any()),
    ];
    let lift = may_lift.then(|| {
        view! {
            <form method="post" action=UnsuspendUser::PATH class="actions">
                <input type="hidden" name="user" value=user.0/>
                <button type="submit" class="button button-secondary">{t("page.admin_suspend.lift")}</button>
            </form>
        }
    });
    view! {
        <section class="card danger-zone">
            <h2>{t("page.admin_suspend.suspended")}</h2>
            {facts(about)}
            {lift}
        </section>
    }
    .into_any()
}

/// What a suspension means, how long it is and why. `refusal` is that of its form.
#[component]
pub(super) fn Suspend(user: UserId, refusal: Option<AppError>) -> impl IntoView {
    let fields = refusal.clone();
    view! {
        <section class="card danger-zone">
            <h2>{t("page.admin_suspend.title")}</h2>
            <ul class="plain-list">
                <li>{t("page.admin_suspend.ends_sessions")}</li>
                <li>{t("page.admin_suspend.is_told")}</li>
                <li>{t("page.admin_suspend.keeps_data")}</li>
            </ul>
            <PostForm action=SuspendUser::PATH refusal class="form account-form">
                <input type="hidden" name="user" value=user.0/>
                <SuspensionFields refusal=fields/>
                <div class="actions">
                    <button type="submit" class="button button-danger">{t("page.admin_suspend.action")}</button>
                </div>
            </PostForm>
        </section>
    }
    .into_any()
}
