//! Proving an address: the waiting page, and the page behind the mailed link.
//!
//! Opening either changes nothing. Only a post consumes a link or a code, so a mail scanner that
//! follows links does no harm.

use auth::view::SignUpStatus;
use auth::{Email, Field as Name};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

use crate::browser;
use crate::error::AppError;
use crate::text::{t, t_with};
use crate::ui::{Entry, Field, Notice, RefusalNotice, Submit, Tone, issue_of, watch_refusal};

/// How often the waiting page asks whether the address was proved elsewhere.
const POLL: Duration = Duration::from_secs(2);
/// Where a proved address leads.
const NEXT: &str = "/sign-in?note=verified";

/// Consumes the token of a mailed link.
///
/// # Errors
/// The link was used or is too old.
#[server(prefix = "/rpc", endpoint = "verify_link")]
pub async fn verify_link(#[server(default)] token: String) -> Result<(), AppError> {
    prove(auth::flow::Proof::Link(token.into())).await
}

/// Consumes a typed code of the sign-up that this browser made.
///
/// # Errors
/// A wrong code, or too many of them.
#[server(prefix = "/rpc", endpoint = "verify_code")]
pub async fn verify_code(#[server(default)] code: String) -> Result<(), AppError> {
    use auth::{ErrorCode, Refusal, VerificationCode, flow::Proof};

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

/// Where the sign-up of this browser stands.
///
/// # Errors
/// Only a fault on our side.
#[server(prefix = "/rpc", endpoint = "verification_status")]
pub async fn load_status() -> Result<SignUpStatus, AppError> {
    use crate::server;

    let auth = server::auth();
    match server::cookie(server::SIGN_UP_COOKIE) {
        Some(ticket) => Ok(auth::flow::sign_up_status(&auth, &ticket).await?),
        None => Ok(SignUpStatus::Gone),
    }
}

/// What a mailed link would prove: only the server can tell, and only before the page is sent.
#[server(prefix = "/rpc", endpoint = "link_status")]
pub async fn load_link(#[server(default)] token: String) -> Result<Option<Email>, AppError> {
    Ok(auth::flow::link_is_live(&crate::server::auth(), &token.into()).await?)
}

/// The page `/verify-email`.
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    let query = use_query_map();
    move || match query.read().get("token") {
        Some(token) => view! { <ConfirmLink token/> }.into_any(),
        None => view! { <WaitingPage/> }.into_any(),
    }
}

/// Behind the mailed link: one button.
#[component]
fn ConfirmLink(token: String) -> impl IntoView {
    let action = ServerAction::<VerifyLink>::new();
    let refusal = watch_refusal(action, RwSignal::new(None));
    go_on_when_proved(action.value());
    let link = Resource::new_blocking(
        {
            let token = token.clone();
            move || token.clone()
        },
        load_link,
    );
    view! {
        <Suspense>
            {move || Suspend::new({
                let token = token.clone();
                async move {
                    let live = link.await.ok().flatten();
                    match live {
                        Some(email) => view! {
                            <Entry title=t("page.verify_email.confirm_title") lead=t("page.verify_email.confirm_lead")
                                refused=Signal::derive(move || refusal.get().is_some())>
                                <RefusalNotice refusal/>
                                <p class="address">{email.to_string()}</p>
                                <ActionForm action attr:class="form">
                                    <input type="hidden" name="token" value=token.clone()/>
                                    <Submit label=t("page.verify_email.confirm_action") pending=action.pending().into()/>
                                </ActionForm>
                            </Entry>
                        }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                }
            })}
        </Suspense>
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
    let status = Resource::new_blocking(|| (), |()| load_status());
    poll_until_proved();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match status.await {
                    Ok(SignUpStatus::Waiting { email, resend_in }) => view! { <Waiting email resend_in/> }.into_any(),
                    Ok(SignUpStatus::Verified { .. }) => view! { <AlreadyProved/> }.into_any(),
                    Ok(SignUpStatus::Gone) | Err(_) => view! { <NothingWaits/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Waiting(email: Email, resend_in: u32) -> impl IntoView {
    let action = ServerAction::<VerifyCode>::new();
    let resend = ServerAction::<ResendVerification>::new();
    let refusal = watch_refusal(action, RwSignal::new(None));
    let resend_refusal = watch_refusal(resend, RwSignal::new(None));
    go_on_when_proved(action.value());
    let sent_before = use_query_map().get_untracked().get("note").as_deref() == Some("sent");
    let sent = move || sent_before || matches!(resend.value().get(), Some(Ok(())));
    let lead = t_with("page.verify_email.lead", &[("email", email.as_str())]);
    let sent_text = t("page.verify_email.sent_again");
    view! {
        <Entry title=t("page.verify_email.title") lead refused=Signal::derive(move || refusal.get().is_some())>
            <RefusalNotice refusal/>
            <RefusalNotice refusal=resend_refusal/>
            {move || (sent() && refusal.get().is_none() && resend_refusal.get().is_none())
                .then(|| view! { <Notice tone=Tone::Ok text=sent_text.clone()/> })}
            <ActionForm action attr:class="form" attr:novalidate=true>
                <Field id="code" name="code" label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                    inputmode="numeric" maxlength=40 hint=t("page.verify_email.code_hint")
                    issue=issue_of(refusal, Name::Code)/>
                <Submit label=t("page.verify_email.action") pending=action.pending().into()/>
            </ActionForm>
            <div class="actions">
                <ActionForm action=resend>
                    <button type="submit" class="button button-secondary"
                        aria-busy=move || resend.pending().get().then_some("true")>
                        <ResendLabel resend_in/>
                    </button>
                </ActionForm>
                <a class="button button-secondary" href="/sign-up">{t("page.verify_email.change_address")}</a>
            </div>
            <p class="form-foot">{t("page.verify_email.help")}</p>
        </Entry>
    }
}

/// "Send again", counting down while it is too soon.
#[component]
fn ResendLabel(resend_in: u32) -> impl IntoView {
    let left = RwSignal::new(resend_in);
    Effect::new(move |_| {
        if let Ok(timer) =
            set_interval_with_handle(move || left.update(|left| *left = left.saturating_sub(1)), Duration::from_secs(1))
        {
            on_cleanup(move || timer.clear());
        }
    });
    let (now, later) = (t("page.verify_email.resend"), t("page.verify_email.resend_in"));
    move || match left.get() {
        0 => now.clone(),
        seconds => later.replace("%{seconds}", &seconds.to_string()),
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
                if let Ok(SignUpStatus::Verified { .. }) = load_status().await {
                    browser::go(NEXT);
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(ask, POLL) {
            on_cleanup(move || timer.clear());
        }
    });
}

fn go_on_when_proved<T: Clone + Send + Sync + 'static>(value: MappedSignal<Option<Result<T, AppError>>>) {
    Effect::new(move |_| {
        if let Some(Ok(_)) = value.get() {
            browser::go(NEXT);
        }
    });
}
