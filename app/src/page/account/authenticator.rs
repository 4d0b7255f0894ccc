//! The authenticator app: three steps on one page to set it up, and what can be done about it afterwards.
//!
//! The key is shown until its first right code and never again. It is given to no island: what is given travels twice.

use auth::factor::QrPicture;
use auth::flow::TotpEnrolment;
use auth::form::ConfirmTotpForm;
use auth::view::{Me, TotpStatus};
use auth::{ErrorCode, Field as Name, Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::{ExposeSecret, SecretString};

use super::other_devices::offer_to_end_others;
use super::wanted_act::WantedAct;
use super::{query, recovery_codes, refused};
use crate::error::AppError;
use crate::island::{CopyButton, Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Moment, Notice, Shell, Submit, Tone, facts, provide_zone};

pub(super) const PATH: &str = "/account/authenticator";
/// The element that shows the key, for the button that copies it.
const KEY_ID: &str = "totp-key";
/// After so many wrong codes the clock of the phone is to blame.
const WRONG_CLOCK: i64 = 2;

/// Makes a key to be shown.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "start_totp")]
pub async fn start_totp() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::StartTotp.perform_or_ask().await
}

/// Proves the app with its first code, and leads on to the recovery codes that were made with it.
///
/// # Errors
/// A wrong code, or too many of them; no key waits for one; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "confirm_totp")]
pub async fn confirm_totp(#[server(default)] code: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let code = ConfirmTotpForm { code }.parse()?;
    match flow::confirm_totp(&auth, &caller, &code, &context).await? {
        Some(codes) => {
            server::show_recovery_codes(&codes);
            server::see_other(recovery_codes::PATH);
        }
        None => server::see_other("/account/authenticator?note=added"),
    }
    Ok(())
}

/// Takes the app off the account.
///
/// # Errors
/// There is none; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "remove_totp")]
pub async fn remove_totp() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::RemoveTotp.perform_or_ask().await
}

async fn load() -> Result<(Me, TotpStatus), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let status = flow::totp_status(&auth, &caller).await?;
    Ok((me, status))
}

/// The page `/account/authenticator`.
#[component]
pub fn AuthenticatorPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, status)) => view! { <Authenticator me status/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Authenticator(me: Me, status: TotpStatus) -> impl IntoView {
    provide_zone(&me);
    let confirm = refusal_of(ConfirmTotp::PATH);
    let act = refusal_of(StartTotp::PATH).or_else(|| refusal_of(RemoveTotp::PATH));
    let is_refused = confirm.is_some() || act.is_some();
    let note = note_text(&query("note")).filter(|_| !is_refused);
    let TotpStatus { active_since, waiting } = status;
    let wrong_codes = waiting.as_ref().map_or(0, |waiting| waiting.wrong_codes);
    let enrolment = waiting.and_then(|waiting| {
        let caller = server::caller().ok()?;
        flow::open_totp_enrolment(&server::auth(), &caller, me.email.clone(), &waiting).ok()
    });
    // A refusal of a code whose key is gone has no form to stand on.
    let orphan = confirm.clone().filter(|_| enrolment.is_none()).or(act);
    let setting_up = match enrolment {
        Some(enrolment) => view! { <Steps enrolment wrong_codes refusal=confirm/> }.into_any(),
        None if active_since.is_none() => view! { <Offer/> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <Shell
            current=Area::Security title=t("page.authenticator.title") purpose=t("page.authenticator.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            {offer_to_end_others(&["added", "removed"], is_refused)}
            {orphan.map(|refusal| view! { <Notice tone=Tone::Danger text=refusal_text(&refusal)/> })}
            {active_since.map(|since| view! { <Active since/> })}
            {setting_up}
        </Shell>
    }
}

/// Nothing is set up: what an app is good for, and the way to it.
#[component]
fn Offer() -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.authenticator.offer_title")}</h2>
            <p>{t("page.authenticator.offer_text")}</p>
            <p class="hint">{t("page.authenticator.limits")}</p>
            <form method="post" action=StartTotp::PATH class="actions">
                <button type="submit" class="button button-primary">{t("page.authenticator.start")}</button>
            </form>
        </section>
    }
}

/// Scan or type the key, type the code, save the recovery codes.
#[component]
fn Steps(enrolment: TotpEnrolment, wrong_codes: i64, refusal: Option<AppError>) -> impl IntoView {
    let TotpEnrolment { secret, uri, account, expires_at } = enrolment;
    let names = [
        (t("page.authenticator.service").into_any(), "Keywright".into_any()),
        (t("page.authenticator.account").into_any(), account.to_string().into_any()),
    ];
    let clock = (wrong_codes >= WRONG_CLOCK).then(
        || view! { <p class="clock-hint" id="clock-hint"><Icon name="clock"/>{t("page.authenticator.clock")}</p> },
    );
    view! {
        <ol class="enrolment">
            <li class="card">
                <h2>{t("page.authenticator.scan_title")}</h2>
                <p>{t("page.authenticator.scan_text")}</p>
                <a class="button button-primary otpauth-link" href=uri.expose_secret().to_owned()>
                    {t("page.authenticator.open_app")}
                </a>
                <div class="enrolment-scan">
                    {picture(&uri)}
                    <div class="enrolment-key">
                        <p>{t("page.authenticator.or_type")}</p>
                        <p class="made-token">
                            <code class="code key" id=KEY_ID>{groups(&secret)}</code>
                            <CopyButton
                                of=KEY_ID label=t("page.tokens.copy") copied=t("page.tokens.copied")
                                failed=t("page.authenticator.copy_failed")
                            />
                        </p>
                        {facts(names)}
                    </div>
                </div>
            </li>
            <li class="card" aria-current="step">
                <h2>{t("page.authenticator.code_title")}</h2>
                <PostForm action=ConfirmTotp::PATH refusal class="form account-form">
                    <Field
                        field=Name::Code label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                        inputmode="numeric" maxlength=40 hint=t("page.authenticator.code_hint")
                    />
                    {clock}
                    <Submit label=t("page.authenticator.confirm")/>
                </PostForm>
                <p class="hint">
                    {t("page.authenticator.shown_until")}" "<Moment at=expires_at with_time=true/>
                </p>
            </li>
            <li class="card">
                <h2>{t("page.authenticator.save_title")}</h2>
                <p>{t("page.authenticator.save_text")}</p>
            </li>
        </ol>
        <form method="post" action=StartTotp::PATH class="actions">
            <button type="submit" class="button button-secondary">{t("page.authenticator.other_key")}</button>
        </form>
    }
}

/// What a phone scans. Dark on white in every theme: cameras want it so.
fn picture(uri: &SecretString) -> Option<AnyView> {
    let QrPicture { side, path } = QrPicture::of(uri.expose_secret()).ok()?;
    let view_box = format!("0 0 {side} {side}");
    let svg = view! {
        <div class="qr">
            <svg role="img" aria-label=t("page.authenticator.picture") viewBox=view_box width=side height=side>
                <path d=path></path>
            </svg>
        </div>
    };
    Some(svg.into_any())
}

/// The key in groups of four. The gaps are drawn: what is copied has none.
fn groups(secret: &SecretString) -> impl IntoView + use<> {
    let key: Vec<char> = secret.expose_secret().chars().collect();
    key.chunks(4).map(|group| view! { <span>{group.iter().collect::<String>()}</span> }).collect_view()
}

/// The app is set up.
#[component]
fn Active(since: Timestamp) -> impl IntoView {
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t("page.authenticator.active_title")}</h2>
                <span class="badge badge-ok">{t("page.authenticator.active")}</span>
            </div>
            <p>{t("page.authenticator.since")}" "<Moment at=since with_time=true/></p>
            <p class="hint">{t("page.authenticator.anew_text")}</p>
            <div class="actions">
                <form method="post" action=StartTotp::PATH>
                    <button type="submit" class="button button-secondary">{t("page.authenticator.anew")}</button>
                </form>
                <a class="button button-secondary" href=recovery_codes::PATH>{t("page.recovery_codes.title")}</a>
            </div>
            <details class="revoke">
                <summary>{t("page.authenticator.remove")}</summary>
                <form method="post" action=RemoveTotp::PATH>
                    <p>{t("page.authenticator.remove_text")}</p>
                    <button type="submit" class="button button-danger button-small">
                        {t("page.authenticator.remove_action")}
                    </button>
                </form>
            </details>
        </section>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::CodeExhausted => t("page.authenticator.exhausted"),
        ErrorCode::FactorUnavailable => t("page.authenticator.nothing_waits"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "added" => Some(t("page.authenticator.added")),
        "removed" => Some(t("page.authenticator.removed")),
        _ => None,
    }
}
