//! Proving an address: the waiting page, and the page behind the mailed link.
//!
//! Opening either changes nothing. Only a post consumes a link or a code, so a mail scanner that
//! follows links does no harm.

use auth::flow::{self, LinkProof, Proof};
use auth::view::{LinkAsks, SignUpStatus};
use auth::{Email, ErrorCode, Field as Name, Refusal, VerificationCode};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::island::{Field, PasswordField, PostForm, Resend, WaitForProof, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Notice, Submit, Tone};

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
    let ticket = server::cookie(server::SIGN_UP_COOKIE);
    prove(Proof::Link(LinkProof { token: token.into(), ticket, password })).await
}

/// Consumes a typed code of the sign-up that this browser made.
///
/// # Errors
/// A wrong code, or too many of them.
#[server(prefix = "/rpc", endpoint = "verify_code")]
pub async fn verify_code(#[server(default)] code: String) -> Result<(), AppError> {
    let code = VerificationCode::parse(&code).map_err(|issue| Refusal::invalid(vec![(Name::Code, issue)]))?;
    let ticket = server::cookie(server::SIGN_UP_COOKIE).ok_or(ErrorCode::LinkExpired)?;
    prove(Proof::TicketCode(ticket, code)).await
}

async fn prove(proof: Proof) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let email = flow::verify_email(&auth, proof, &context).await?;
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
    let (auth, context) = (server::auth(), server::context());
    let ticket = server::cookie(server::SIGN_UP_COOKIE).ok_or(ErrorCode::LinkExpired)?;
    flow::resend_verification(&auth, &ticket, &context).await?;
    server::see_other("/verify-email?note=sent");
    Ok(())
}

/// Where the sign-up of this browser stands.
pub async fn sign_up_status() -> SignUpStatus {
    let auth = server::auth();
    match server::cookie(server::SIGN_UP_COOKIE) {
        Some(ticket) => flow::sign_up_status(&auth, &ticket).await.unwrap_or(SignUpStatus::Gone),
        None => SignUpStatus::Gone,
    }
}

/// What a mailed link would prove, and what is asked for.
async fn live_link(token: String) -> Option<(Email, LinkAsks)> {
    let (auth, ticket) = (server::auth(), server::cookie(server::SIGN_UP_COOKIE));
    flow::link_is_live(&auth, &token.into(), ticket.as_ref()).await.ok().flatten()
}

/// The page `/verify-email`.
#[component]
pub fn VerifyEmailPage() -> impl IntoView {
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
    let link = resource(move || asked.clone(), live_link);
    view! {
        <Suspense>
            {move || {
                let (token, refusal) = (token.clone(), refusal.clone());
                Suspend::new(async move {
                    match link.await {
                        Some((_, LinkAsks::OwnBrowser)) => view! { <OtherBrowser/> }.into_any(),
                        Some((email, asks)) => view! { <Confirm email token asks refusal/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Confirm(email: Email, token: String, asks: LinkAsks, refusal: Option<AppError>) -> impl IntoView {
    let refused = refusal.is_some();
    view! {
        <Entry title=t("page.verify_email.confirm_title") lead=t("page.verify_email.confirm_lead") refused>
            <p class="address">{email.to_string()}</p>
            <PostForm action=VerifyLink::PATH refusal>
                <input type="hidden" name="token" value=token/>
                {(asks == LinkAsks::Password).then(|| view! { <PasswordField is_new=false hint=t("page.verify_email.other_browser")/> })}
                <Submit label=t("page.verify_email.confirm_action")/>
            </PostForm>
        </Entry>
    }
}

/// The link of a sign-up with a passkey, in a browser that did not make it: there is no password that would prove who
/// opens it.
#[component]
fn OtherBrowser() -> impl IntoView {
    view! {
        <Entry title=t("page.verify_email.confirm_title")>
            <Notice tone=Tone::Info text=t("page.verify_email.own_browser")/>
        </Entry>
    }
}

/// A link that proves nothing any more.
#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
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
    let status = resource(|| (), |()| sign_up_status());
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
    let (refusal, resend_refusal) = (refusal_of(VerifyCode::PATH), refusal_of(ResendVerification::PATH));
    let refused = refusal.is_some() || resend_refusal.is_some();
    let sent = use_query_map().get_untracked().get("note").as_deref() == Some("sent");
    view! {
        <Entry title=t("page.verify_email.title") lead=t("page.verify_email.lead") refused>
            <p class="address">{email.to_string()}</p>
            {(sent && !refused).then(|| view! { <Notice tone=Tone::Ok text=t("page.verify_email.sent_again")/> })}
            <PostForm action=VerifyCode::PATH refusal>
                <Field
                    field=Name::Code label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                    inputmode="numeric" maxlength=40 hint=t("page.verify_email.code_hint")
                />
                <Submit label=t("page.verify_email.action")/>
            </PostForm>
            <p class="form-foot">{t("page.verify_email.help")}</p>
            <div class="actions">
                <Resend
                    action=ResendVerification::PATH refusal=resend_refusal resend_in
                    now=t("page.verify_email.resend") later=t("page.verify_email.resend_in")
                />
                <a class="button button-secondary button-wide" href="/sign-up">{t("page.verify_email.change_address")}</a>
            </div>
            <WaitForProof next=NEXT.to_owned()/>
        </Entry>
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
