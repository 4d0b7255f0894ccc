//! Recovery codes: the ten that were made a moment ago, once; afterwards how many are left, and the way to new ones.

use auth::flow;
use auth::view::{Me, RecoveryCodesStatus};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::{ExposeSecret, SecretString};

use super::other_devices::offer_to_end_others;
use super::wanted_act::WantedAct;
use super::{query, refused};
use crate::error::AppError;
use crate::island::{CopyButton, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Moment, Notice, Shell, Tone, provide_zone};

/// The page.
pub const PATH: &str = "/account/recovery-codes";
/// Where the codes that are shown become a file. No server function: its answer is the file.
pub const DOWNLOAD: &str = "/account/recovery-codes/download";
/// The element that shows the codes, for the button that copies them.
const CODES_ID: &str = "made-codes";
/// So few are left that it is time for new ones.
const FEW: i64 = 3;

/// Makes new codes; the old ones work no more.
///
/// # Errors
/// The account has no second factor; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "make_recovery_codes")]
pub async fn make_recovery_codes() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::MakeRecoveryCodes.perform_or_ask().await
}

/// Notes that the person keeps their codes. Without the tick the codes are shown once more: nobody loses them by a
/// button. `codes` are those of the page, sealed.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "recovery_codes_saved")]
pub async fn recovery_codes_saved(
    #[server(default)] saved: bool,
    #[server(default)] codes: String,
) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    if saved {
        flow::recovery_codes_saved(&auth, &caller).await?;
        server::see_other("/account/recovery-codes?note=saved");
        return Ok(());
    }
    let sealed = SecretString::from(codes);
    if flow::open_shown_once(&auth, &caller, &sealed).is_some() {
        server::set_cookie(server::MADE_CODES_COOKIE, sealed.expose_secret(), flow::SHOWN_ONCE_SECONDS);
    }
    server::see_other("/account/recovery-codes?note=tick");
    Ok(())
}

async fn load() -> Result<(Me, RecoveryCodesStatus), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let status = flow::recovery_codes_status(&auth, &caller).await?;
    Ok((me, status))
}

/// The page `/account/recovery-codes`.
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, status)) => view! { <RecoveryCodes me status/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn RecoveryCodes(me: Me, status: RecoveryCodesStatus) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(MakeRecoveryCodes::PATH);
    let is_refused = refusal.is_some();
    let made = take_made().filter(|_| !is_refused);
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, t(&format!("error.{}", refusal.code().as_str())))),
        None => note_of(&query("note"), made.is_some()),
    };
    let content = match (made, status.made_at) {
        (Some((codes, sealed)), _) => view! { <Made codes sealed/> }.into_any(),
        (None, Some(_)) => view! { <Left status/> }.into_any(),
        (None, None) if status.may_be_made => view! { <FirstCodes/> }.into_any(),
        (None, None) => view! { <NoCodes/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Security title=t("page.recovery_codes.title") purpose=t("page.recovery_codes.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {offer_to_end_others(&["saved"], is_refused)}
            {content}
        </Shell>
    }
}

/// The codes that were made a moment ago, and the same sealed, once: the cookie that carries them goes with this
/// answer.
fn take_made() -> Option<(SecretString, SecretString)> {
    let sealed = server::take_cookie(server::MADE_CODES_COOKIE)?;
    let codes = flow::open_shown_once(&server::auth(), &server::caller().ok()?, &sealed)?;
    Some((codes, sealed))
}

/// The codes, to be saved now or never. The two forms carry them sealed: what they send back opens in this session
/// alone.
#[component]
fn Made(codes: SecretString, sealed: SecretString) -> impl IntoView {
    // Each ends its line: whoever copies the list gets a list.
    let lines = codes.expose_secret().lines().map(|code| view! { <li>{code.to_owned()}"\n"</li> }).collect_view();
    let sealed = sealed.expose_secret().to_owned();
    view! {
        <section class="card">
            <h2>{t("page.recovery_codes.made_title")}</h2>
            <p>{t("page.recovery_codes.made_text")}</p>
            <ul class="codes" id=CODES_ID>{lines}</ul>
            <div class="actions">
                <CopyButton
                    of=CODES_ID label=t("page.recovery_codes.copy") copied=t("page.tokens.copied")
                    failed=t("page.recovery_codes.copy_failed")
                />
                <form method="post" action=DOWNLOAD>
                    <input type="hidden" name="codes" value=sealed.clone()/>
                    <button type="submit" class="button button-secondary button-small">
                        <Icon name="download"/>{t("page.recovery_codes.download")}
                    </button>
                </form>
            </div>
            <p class="hint no-print">{t("page.recovery_codes.print")}</p>
            <form method="post" action=RecoveryCodesSaved::PATH class="form account-form no-print">
                <input type="hidden" name="codes" value=sealed/>
                <label class="check">
                    <input type="checkbox" name="saved" value="true" required/>
                    <span>{t("page.recovery_codes.saved_tick")}</span>
                </label>
                <button type="submit" class="button button-primary">{t("page.recovery_codes.go_on")}</button>
            </form>
        </section>
    }
}

/// How many are left.
#[component]
fn Left(status: RecoveryCodesStatus) -> impl IntoView {
    let RecoveryCodesStatus { left, made_at, saved_at, .. } = status;
    let class = if left < FEW { "badge badge-warn" } else { "badge badge-ok" };
    let saved = match saved_at {
        Some(at) => view! { {t("page.recovery_codes.saved_at")}" "<Moment at=at with_time=true/> }.into_any(),
        None => t("page.recovery_codes.not_saved").into_any(),
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t("page.recovery_codes.left_title")}</h2>
                <span class=class>{t_with("page.recovery_codes.left", &[("left", &left.to_string())])}</span>
            </div>
            <p>{t("page.recovery_codes.left_text")}</p>
            <p class="muted">
                {made_at.map(|at| view! { {t("page.recovery_codes.made_at")}" "<Moment at=at with_time=true/>". " })}
                {saved}
            </p>
            <details class="revoke">
                <summary>{t("page.recovery_codes.make")}</summary>
                <form method="post" action=MakeRecoveryCodes::PATH>
                    <p>{t("page.recovery_codes.make_text")}</p>
                    <button type="submit" class="button button-primary button-small">
                        {t("page.recovery_codes.make_action")}
                    </button>
                </form>
            </details>
        </section>
        <div class="actions">
            <a class="button button-secondary" href="/account/security">{t("page.recovery_codes.to_security")}</a>
        </div>
    }
}

/// Without a second factor nobody needs any.
/// For an account that came with its factor, such as one made with a passkey.
#[component]
fn FirstCodes() -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="key"/>
            <p>{t("page.recovery_codes.first")}</p>
            <form method="post" action=MakeRecoveryCodes::PATH>
                <button type="submit" class="button button-primary">{t("page.recovery_codes.make_action")}</button>
            </form>
        </div>
    }
}

#[component]
fn NoCodes() -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="key"/>
            <p>{t("page.recovery_codes.none")}</p>
            <a class="button button-secondary" href=super::authenticator::PATH>{t("page.authenticator.title")}</a>
        </div>
    }
}

fn note_of(note: &str, is_shown: bool) -> Option<(Tone, String)> {
    match (note, is_shown) {
        ("saved", _) => Some((Tone::Ok, t("page.recovery_codes.saved"))),
        ("tick", true) => Some((Tone::Danger, t("page.recovery_codes.tick"))),
        ("tick", false) | ("gone", _) => Some((Tone::Info, t("page.recovery_codes.gone"))),
        _ => None,
    }
}
