//! Where whoever owes a second factor is led: why, and the ways to one. Without a script an authenticator app or a
//! phone can be added; a passkey needs one.

use auth::view::Me;
use leptos::prelude::*;

use super::refused;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::session::load_me;
use crate::text::t;
use crate::ui::{Area, Notice, Shell, Tone};

/// Its address. Every other page leads here until the account has a factor.
pub const SECOND_FACTOR_REQUIRED: &str = "/account/second-factor-required";

/// The ways: name, what it is, address, act.
const WAYS: [(&str, &str, &str, &str); 3] = [
    (
        "page.factors_named.passkey",
        "page.factor_required.passkey",
        "/account/passkeys",
        "page.factor_required.add_passkey",
    ),
    ("page.factors_named.totp", "page.factor_required.totp", "/account/authenticator", "page.factor_required.add_totp"),
    (
        "page.factors_named.sms_code",
        "page.factor_required.sms_code",
        "/account/codes",
        "page.factor_required.add_phone",
    ),
];

async fn load() -> Result<(Me, bool), AppError> {
    let me = load_me().await?;
    let is_over = me.second_factor_due.is_some_and(|due| due <= server::auth().now());
    Ok((me, is_over))
}

/// The page `/account/second-factor-required`.
#[component]
pub fn SecondFactorRequiredPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, is_over)) => view! { <Required me is_over/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Required(me: Me, is_over: bool) -> impl IntoView {
    let is_due = me.second_factor_due.is_some();
    let purpose = match (is_due, is_over) {
        (_, true) => t("page.factor_required.purpose_over"),
        (true, false) => t("page.factor_required.purpose_soon"),
        (false, _) => t("page.factor_required.purpose_met"),
    };
    let body = if is_due { view! { <Ways/> }.into_any() } else { view! { <Met/> }.into_any() };
    view! {
        <Shell current=Area::Security title=t("page.factor_required.title") purpose me>
            {body}
        </Shell>
    }
}

#[component]
fn Ways() -> impl IntoView {
    let cards = WAYS.map(|(name, text, path, act)| {
        view! {
            <section class="card">
                <h2>{t(name)}</h2>
                <p class="muted">{t(text)}</p>
                <div class="actions"><a class="button button-secondary" href=path>{t(act)}</a></div>
            </section>
        }
    });
    view! {
        <p>{t("page.factor_required.why")}</p>
        <div class="card-grid">{cards.collect_view()}</div>
        <p class="hint">{t("page.factor_required.or_sign_out")}</p>
    }
}

/// The account has one, or need not: whoever comes back to this address goes on.
#[component]
fn Met() -> impl IntoView {
    view! {
        <Notice tone=Tone::Ok text=t("page.factor_required.met")/>
        <div class="actions"><a class="button button-primary" href="/dashboard">{t("page.dashboard.nav")}</a></div>
    }
}
