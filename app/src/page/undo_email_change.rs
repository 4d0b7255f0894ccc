//! The page behind the link that takes the old address back. It works signed out. Opening it changes
//! nothing; its button posts.

use auth::form::LinkForm;
use auth::view::UndoStatus;
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Notice, Submit, Tone};

/// Takes the old address back.
///
/// # Errors
/// The link was used or is too old; the old address has another account by now.
#[server(prefix = "/rpc", endpoint = "undo_email_change")]
pub async fn undo_email_change(#[server(default)] token: String) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let token = LinkForm { token: token.into() }.parse()?;
    let email = flow::undo_email_change(&auth, &token, &context).await?;
    server::clear_cookie(server::REFRESH_COOKIE);
    server::keep_email(&email);
    server::see_other("/sign-in?note=email_restored");
    Ok(())
}

async fn load(token: String) -> Option<UndoStatus> {
    flow::undo_status(&server::auth(), &token.into()).await.ok()
}

/// The page `/undo-email-change`.
#[component]
pub fn UndoEmailChangePage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let status = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match status.await {
                        Some(status) => view! { <Undo status token/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Undo(status: UndoStatus, token: String) -> impl IntoView {
    let refusal = refusal_of(UndoEmailChange::PATH);
    let is_refused = refusal.is_some();
    view! {
        <Entry title=t("page.undo_email.title") lead=t("page.undo_email.lead") refused=is_refused>
            <p class="address"><s>{status.new_email.to_string()}</s></p>
            <p class="address">{status.old_email.to_string()}</p>
            <ul class="plain-list">
                <li>{t("page.not_me.ends_sessions")}</li>
                <li>{t("page.not_me.revokes_tokens")}</li>
                <li>{t("page.not_me.voids_password")}</li>
                <li>{t("page.not_me.sends_mail")}</li>
            </ul>
            <PostForm action=UndoEmailChange::PATH refusal>
                <input type="hidden" name="token" value=token/>
                <Submit label=t("page.undo_email.action")/>
            </PostForm>
        </Entry>
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.undo_email.dead")/>
            <div class="actions"><a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a></div>
        </Entry>
    }
}
