//! Proving an address: the waiting page, and the page behind the mailed link.
//!
//! Opening either changes nothing. Only a post consumes a link or a code, so a mail scanner that
//! follows links does no harm.

use auth::view::SignUpStatus;
use auth::{Email, ErrorCode, Field as Name};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

use crate::browser;
use crate::error::AppError;
use crate::text::t;
use crate::ui::{
    Entry, Field, Notice, PasswordField, PostForm, RefusalNotice, Submit, Tone, is_refused_for, issue_of, refusal_of,
};

/// How often the waiting page asks whether the address was proved elsewhere.
const POLL: Duration = Duration::from_secs(2);
/// Where a proved address leads.
const NEXT: &str = "/sign-in?note=verified";

/// Consumes the token of a mailed link. In any browser but the one that signed up it takes the
/// password of the sign-up as well.
///
/// # Errors
/// The link was used or is too old; the password is missing or wrong.
#[server(prefix = "/rpc", endpoint = "verify_link")]
pub async fn verify_link(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let password = (1..=256).contains(&password.chars().count()).then(|| password.into());
    let ticket = crate::server::cookie(crate::server::SIGN_UP_COOKIE);
    prove(auth::flow::Proof::Link(auth::flow::LinkProof { token: token.into(), ticket, password })).await
}

/// Consumes a typed code of the sign-up that this browser made.
///
/// # Errors
/// A wrong code, or too many of them.
#[server(prefix = "/rpc", endpoint = "verify_code")]
pub async fn verify_code(#[server(default)] code: String) -> Result<(), AppError> {
    use auth::{Refusal, VerificationCode, flow::Proof};

    let code = VerificationCode::parse(&code).map_err(|issue| Refusal::invalid(vec![(Name::Code, issue)]))?;
    let ticket = crate::server::cookie(crate::server::SIGN_UP_COOKIE).ok_or(ErrorCode::LinkExpired)?;
    prove(Proof::TicketCode(ticket, code)).await
}

#[cfg(feature = "ssr")]
async fn prove(proof: auth::flow::Proof) -> Result<(), AppError> {
    use crate::server;

    let (auth, context) = (server::auth(), server::context());
    let email = auth::flow::verify_email(&auth, proof, &context).await?;
    server::keep_email(&email);
    server::see_other(NEXT);
    Ok(())
}

/// Sends link and code again.
///
/// # Errors
/// Too soon, or nothing waits.
#[server(prefix = "/rpc", endpoint = "resend_verification")]
pub async fn resend_verification() -> Result<(), AppError> {
    use crate::server;

    let (auth, context) = (server::auth(), server::context());
    let ticket = server::cookie(server::SIGN_UP_COOKIE).ok_or(auth::ErrorCode::LinkExpired)?;
    auth::flow::resend_verification(&auth, &ticket, &context).await?;
    server::see_other("/verify-email?note=sent");
    Ok(())
}

/// Whether the sign-up of this browser was proved, here or elsewhere.
///
/// # Errors
/// Only a fault on our side.
#[server(prefix = "/rpc", endpoint = "is_verified")]
pub async fn is_verified() -> Result<bool, AppError> {
    Ok(matches!(status().await, SignUpStatus::Verified { .. }))
}

/// Where the sign-up of this browser stands.
#[cfg(feature = "ssr")]
async fn status() -> SignUpStatus {
    use crate::server;

    let auth = server::auth();
    match server::cookie(server::SIGN_UP_COOKIE) {
        Some(ticket) => auth::flow::sign_up_status(&auth, &ticket).await.unwrap_or(SignUpStatus::Gone),
        None => SignUpStatus::Gone,
    }
}

/// The page is always opened as a document: the browser has the server's answer already.
#[cfg(not(feature = "ssr"))]
async fn status() -> SignUpStatus {
    SignUpStatus::Gone
}

/// What a mailed link would prove, and whether the password is asked for.
#[cfg(feature = "ssr")]
async fn live_link(token: String) -> Option<(Email, bool)> {
    let (auth, ticket) = (crate::server::auth(), crate::server::cookie(crate::server::SIGN_UP_COOKIE));
    auth::flow::link_is_live(&auth, &token.into(), ticket.as_ref()).await.ok().flatten()
}

/// A mailed link is opened as a document: the browser has the server's answer already.
#[cfg(not(feature = "ssr"))]
async fn live_link(_token: String) -> Option<(Email, bool)> {
    None
}

/// The page `/verify-email`.
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    // Read once: a jump within the page (to a field, past the navigation) must not render it anew,
    // because only the server knows what waits.
    match use_query_map().get_untracked().get("token") {
        Some(token) => view! { <ConfirmLink token/> }.into_any(),
        None => view! { <WaitingPage/> }.into_any(),
    }
}

/// Behind the mailed link: one button.
#[component]
fn ConfirmLink(token: String) -> impl IntoView {
    let refusal = refusal_of(VerifyLink::PATH);
    let asked = token.clone();
    let link = Resource::new_blocking(move || asked.clone(), live_link);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match link.await {
                        Some((email, asks_password)) => view! { <Confirm email token asks_password refusal/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Confirm(email: Email, token: String, asks_password: bool, refusal: RwSignal<Option<AppError>>) -> impl IntoView {
    view! {
        <Entry title=t("page.verify_email.confirm_title") lead=t("page.verify_email.confirm_lead") refusal>
            <p class="address">{email.to_string()}</p>
            <RefusalNotice refusal/>
            <PostForm action=VerifyLink::PATH>
                <input type="hidden" name="token" value=token/>
                {asks_password.then(|| view! {
                    <PasswordField
                        id="current-password" autocomplete="current-password"
                        hint=t("page.verify_email.other_browser") issue=issue_of(refusal, Name::Password)
                        blamed=is_refused_for(refusal, &[ErrorCode::InvalidCredentials])
                    />
                })}
                <Submit label=t("page.verify_email.confirm_action")/>
            </PostForm>
        </Entry>
    }
}

/// A link that proves nothing any more.
#[component]
fn DeadLink() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::set_status(auth::ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title")>
            <Notice tone=Tone::Danger text=t("error.link_expired")/>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/sign-up">{t("page.sign_up.action")}</a>
            </div>
        </Entry>
    }
}

/// The page that waits for the address to be proved, here or elsewhere.
#[component]
fn WaitingPage() -> impl IntoView {
    let status = Resource::new_blocking(|| (), |()| status());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match status.await {
                    SignUpStatus::Waiting { email, resend_in } => view! { <Waiting email resend_in/> }.into_any(),
                    SignUpStatus::Verified { .. } => view! { <AlreadyProved/> }.into_any(),
                    SignUpStatus::Gone => view! { <NothingWaits/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Waiting(email: Email, resend_in: u32) -> impl IntoView {
    let refusal = refusal_of(VerifyCode::PATH);
    let resend_refusal = refusal_of(ResendVerification::PATH);
    poll_until_proved();
    let sent = use_query_map().get_untracked().get("note").as_deref() == Some("sent");
    let refused = refusal.get_untracked().is_some() || resend_refusal.get_untracked().is_some();
    view! {
        <Entry title=t("page.verify_email.title") lead=t("page.verify_email.lead") refusal>
            <p class="address">{email.to_string()}</p>
            <RefusalNotice refusal/>
            <RefusalNotice refusal=resend_refusal/>
            {(sent && !refused).then(|| view! { <Notice tone=Tone::Ok text=t("page.verify_email.sent_again")/> })}
            <PostForm action=VerifyCode::PATH>
                <Field
                    id="code" name="code" label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                    inputmode="numeric" maxlength=40 hint=t("page.verify_email.code_hint")
                    issue=issue_of(refusal, Name::Code)
                    blamed=is_refused_for(refusal, &[ErrorCode::WrongCode, ErrorCode::CodeExhausted])
                />
                <Submit label=t("page.verify_email.action")/>
            </PostForm>
            <p class="form-foot">{t("page.verify_email.help")}</p>
            <div class="actions">
                <Resend resend_in/>
                <a class="button button-secondary button-wide" href="/sign-up">{t("page.verify_email.change_address")}</a>
            </div>
        </Entry>
    }
}

/// "Send again", counting down while it is too soon. The server renders it ready to be pressed: where
/// no script counts, a press that comes too soon is refused in words.
#[component]
fn Resend(resend_in: u32) -> impl IntoView {
    let left = RwSignal::new(0_u32);
    Effect::new(move |_| {
        left.set(resend_in);
        if let Ok(timer) =
            set_interval_with_handle(move || left.update(|left| *left = left.saturating_sub(1)), Duration::from_secs(1))
        {
            on_cleanup(move || timer.clear());
        }
    });
    let too_soon = Callback::new(move |event: SubmitEvent| {
        if left.get_untracked() > 0 {
            event.prevent_default();
        }
    });
    let (now, later) = (t("page.verify_email.resend"), t("page.verify_email.resend_in"));
    let label = move || match left.get() {
        0 => now.clone(),
        seconds => later.replace("%{seconds}", &seconds.to_string()),
    };
    // aria-disabled instead of disabled: it can be found, and says when.
    view! {
        <PostForm action=ResendVerification::PATH check=too_soon class="">
            <button
                type="submit" class="button button-secondary"
                aria-disabled=move || (left.get() > 0).then_some("true")
            >{label}</button>
        </PostForm>
    }
}

#[component]
fn AlreadyProved() -> impl IntoView {
    view! {
        <Entry title=t("page.verify_email.proved_title") lead=t("page.verify_email.proved_lead")>
            <a class="button button-primary button-wide" href=NEXT>{t("page.sign_in.action")}</a>
        </Entry>
    }
}

#[component]
fn NothingWaits() -> impl IntoView {
    view! {
        <Entry title=t("page.verify_email.gone_title") lead=t("page.verify_email.gone_lead")>
            <div class="actions">
                <a class="button button-primary" href="/sign-up">{t("page.sign_up.action")}</a>
                <a class="button button-secondary" href="/sign-in">{t("page.sign_in.action")}</a>
            </div>
        </Entry>
    }
}

/// Goes on by itself when the address was proved in another tab or on another device.
fn poll_until_proved() {
    Effect::new(move |_| {
        let ask = move || {
            leptos::task::spawn_local(async move {
                if let Ok(true) = is_verified().await {
                    browser::go(NEXT);
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(ask, POLL) {
            on_cleanup(move || timer.clear());
        }
    });
}
