//! Each kind of factor in a row: what it is, where it stands in words, since when, and the way to its page.

use auth::FactorMethod;
use auth::view::FactorsOverview;
use leptos::prelude::*;

use crate::text::{t, t_with};
use crate::ui::{Icon, Moment};

/// A row of the list.
struct Row {
    icon: &'static str,
    name: String,
    is_on: bool,
    state: AnyView,
    /// The address of its page, and what the link says.
    link: (&'static str, String),
}

/// Every kind that is active or can be; what the operator switched off is not offered.
#[component]
pub(super) fn Rows(overview: FactorsOverview) -> impl IntoView {
    let is_shown = |method| overview.offers(method) || overview.has(method);
    let has_any = !overview.active.is_empty();
    let rows = [
        is_shown(FactorMethod::Passkey).then(|| passkeys(&overview)),
        Some(authenticator(&overview)),
        is_shown(FactorMethod::SmsCode).then(|| sms(&overview)),
        is_shown(FactorMethod::EmailCode).then(|| mail(&overview)),
        (has_any || overview.recovery_codes_left > 0).then(|| recovery_codes(&overview)),
        (has_any || overview.trusted_devices > 0).then(|| trusted_devices(&overview)),
    ];
    view! { <ul class="factors">{rows.into_iter().flatten().map(|row| view! { <FactorRow row/> }).collect_view()}</ul> }
}

#[component]
fn FactorRow(row: Row) -> impl IntoView {
    let Row { icon, name, is_on, state, link: (path, words) } = row;
    let (badge, word) =
        if is_on { ("badge badge-ok", "page.factors.active") } else { ("badge", "page.factors.inactive") };
    let label = format!("{name}: {words}");
    view! {
        <li class="factor">
            <Icon name=icon/>
            <div class="factor-text">
                <h3>{name}" "<span class=badge>{t(word)}</span></h3>
                <p class="muted">{state}</p>
            </div>
            <a class="button button-secondary button-small" href=path aria-label=label>{words}</a>
        </li>
    }
}

fn passkeys(overview: &FactorsOverview) -> Row {
    let count = overview.passkeys.len();
    let names: Vec<&str> = overview.passkeys.iter().map(|passkey| passkey.name.as_str()).collect();
    let state = match overview.passkeys.last() {
        None => t("page.factors.passkeys_none").into_any(),
        Some(first) => {
            let names = names.join(", ");
            view! { {names}" · "{t("page.factors.since")}" "<Moment at=first.created_at/> }.into_any()
        }
    };
    let words = if count == 0 { t("page.factors.add") } else { t("page.factors.manage") };
    Row { icon: "key", name: t("page.factors.passkeys"), is_on: count > 0, state, link: ("/account/passkeys", words) }
}

fn authenticator(overview: &FactorsOverview) -> Row {
    let (state, words) = match overview.totp_since {
        Some(at) => (view! { {t("page.factors.since")}" "<Moment at/> }.into_any(), t("page.factors.manage")),
        None => (t("page.factors.authenticator_none").into_any(), t("page.factors.set_up")),
    };
    Row {
        icon: "phone",
        name: t("page.factors.authenticator"),
        is_on: overview.totp_since.is_some(),
        state,
        link: ("/account/authenticator", words),
    }
}

fn sms(overview: &FactorsOverview) -> Row {
    let is_on = overview.has(FactorMethod::SmsCode);
    let (state, words) = match overview.phone.clone().filter(|_| is_on) {
        Some(phone) => {
            let state = view! { {phone.masked}" · "{t("page.factors.since")}" "<Moment at=phone.since/> };
            (state.into_any(), t("page.factors.manage"))
        }
        None => (t("page.factors.sms_none").into_any(), t("page.factors.set_up")),
    };
    Row { icon: "phone", name: t("page.factors.sms"), is_on, state, link: ("/account/codes", words) }
}

fn mail(overview: &FactorsOverview) -> Row {
    let is_on = overview.has(FactorMethod::EmailCode);
    let (state, words) = if is_on {
        (t("page.factors.mail_on"), t("page.factors.manage"))
    } else {
        (t("page.factors.mail_none"), t("page.factors.set_up"))
    };
    Row { icon: "mail", name: t("page.factors.mail"), is_on, state: state.into_any(), link: ("/account/codes", words) }
}

fn recovery_codes(overview: &FactorsOverview) -> Row {
    let left = codes_left(overview.recovery_codes_left);
    let state = match overview.recovery_codes_since {
        Some(at) => view! { {left}" · "{t("page.factors.made")}" "<Moment at/> }.into_any(),
        None => left.into_any(),
    };
    Row {
        icon: "lock",
        name: t("page.factors.recovery_codes"),
        is_on: overview.recovery_codes_left > 0,
        state,
        link: ("/account/recovery-codes", t("page.factors.manage")),
    }
}

fn trusted_devices(overview: &FactorsOverview) -> Row {
    let state = match overview.trusted_devices {
        0 => t("page.factors.trusted_none"),
        1 => t("page.factors.trusted_one"),
        many => t_with("page.factors.trusted_many", &[("count", &many.to_string())]),
    };
    Row {
        icon: "devices",
        name: t("page.factors.trusted"),
        is_on: overview.trusted_devices > 0,
        state: state.into_any(),
        link: ("/account/trusted-devices", t("page.factors.manage")),
    }
}

/// How many recovery codes are left, in words.
pub(super) fn codes_left(left: u32) -> String {
    match left {
        0 => t("page.factors.codes_none"),
        1 => t("page.factors.codes_one"),
        many => t_with("page.factors.codes_many", &[("count", &many.to_string())]),
    }
}
