//! "Confirm it is you": the password once more before a risky act, which then goes on by itself.

use auth::form::ReauthenticateForm;
use auth::view::Me;
use auth::{ErrorCode, Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::SecretString;

use super::wanted_act::WantedAct;
use super::{query, refused};
use crate::error::AppError;
use crate::island::{PasswordField, PostForm, refusal_of};
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Notice, Submit, Tone};

/// Verifies the password and does what waited for it.
///
/// # Errors
/// The password is wrong, or was tried too often; nothing waits any more; the act itself is refused.
#[server(prefix = "/rpc", endpoint = "confirm_identity")]
pub async fn confirm_identity(
    #[server(default)] current_password: String,
    #[server(default)] act: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let password = ReauthenticateForm { current_password: current_password.into() }.parse()?;
    let ticket = SecretString::from(act);
    // Looked at first: a password is not asked for in vain.
    flow::see_waiting_act(&auth, &caller, &ticket).await?;
    if let Err(error) = flow::reauthenticate(&auth, &caller, &password, &context).await {
        let error = AppError::from(error);
        if error.code() == ErrorCode::TooManyTries {
            server::clear_cookie(server::REFRESH_COOKIE);
            server::see_other("/sign-in?note=too_many_tries");
            return Ok(());
        }
        return Err(error);
    }
    let act = flow::take_waiting_act(&auth, &caller, &ticket).await?;
    let act: WantedAct = serde_json::from_slice(&act).map_err(|_| ErrorCode::LinkExpired)?;
    act.perform().await
}

/// Who is asked, and the act that waits with the page it is asked for on.
async fn load(ticket: String) -> Result<(Me, Option<(String, String)>), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let act = flow::see_waiting_act(&auth, &caller, &ticket.into()).await.ok();
    let act = act.and_then(|act| serde_json::from_slice::<WantedAct>(&act).ok());
    Ok((me, act.map(|act| (act.label(), act.page().to_owned()))))
}

/// The page `/account/confirm`.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let ticket = query("act");
    let asked = ticket.clone();
    let loaded = Resource::new_blocking(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let ticket = ticket.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok((me, Some((label, page)))) => view! { <Confirm me label page ticket/> }.into_any(),
                        Ok((_, None)) => view! { <NothingWaits/> }.into_any(),
                        Err(error) => refused(&error),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Confirm(me: Me, label: String, page: String, ticket: String) -> impl IntoView {
    let refusal = refusal_of(ConfirmIdentity::PATH);
    let is_refused = refusal.is_some();
    let lead = if me.has_password { t("page.confirm.lead") } else { t("page.confirm.lead_no_password") };
    let ask = if me.has_password {
        view! {
            <PostForm action=ConfirmIdentity::PATH refusal>
                <input type="hidden" name="act" value=ticket/>
                <input type="email" id="email" autocomplete="username" value=me.email.to_string() readonly hidden/>
                <PasswordField field=Name::CurrentPassword is_new=false forgot=t("page.sign_in.forgot")/>
                <Submit label=t("page.confirm.action")/>
            </PostForm>
        }
        .into_any()
    } else {
        view! { <a class="button button-primary button-wide" href="/forgot-password">{t("page.forgot_password.action")}</a> }
            .into_any()
    };
    view! {
        <Entry title=t("page.confirm.title") lead refused=is_refused>
            <p class="address">{label}</p>
            {ask}
            <p class="form-foot"><a href=page>{t("page.confirm.cancel")}</a></p>
        </Entry>
    }
}

/// The act was done, is too old, or was asked for in another session.
#[component]
fn NothingWaits() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.confirm.gone_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.confirm.gone_lead")/>
            <div class="actions"><a class="button button-primary" href="/account">{t("page.confirm.to_account")}</a></div>
        </Entry>
    }
}
