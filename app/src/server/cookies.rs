//! Every cookie of Keywright: its name, its attributes, how it is read and set.

use auth::{Email, Locale, VerificationCode, flow};
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::HeaderValue;
use http::header::SET_COOKIE;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use secrecy::{ExposeSecret, SecretString};

use super::{Theme, cookie_of, from_request, is_form_post};

/// The refresh token: HttpOnly, so that no script reads it (RFC 6265bis, `__Host-` prefix).
pub const REFRESH_COOKIE: &str = "__Host-refresh";
/// The refresh token of an administrator's own session, while the browser shows the product as somebody else.
pub const OWN_SESSION_COOKIE: &str = "__Host-own-session";
/// The ticket of a sign-up that waits for its address.
pub const SIGN_UP_COOKIE: &str = "__Host-sign-up";
/// The ticket of a new password that was asked for.
pub const RESET_COOKIE: &str = "__Host-reset";
/// A mailed code that was typed beside a password that was refused, sealed; two minutes.
pub const CODE_COOKIE: &str = "__Host-code";
/// Whether the box of a form was ticked that was refused; two minutes.
const TICKED_COOKIE: &str = "__Host-ticked";
/// What was chosen in a form that was refused; two minutes.
const CHOSEN_COOKIE: &str = "__Host-chosen";
/// A personal access token that was made a moment ago, sealed, until its page shows it.
pub const MADE_TOKEN_COOKIE: &str = "__Host-made-token";
/// The secret of a webhook that was made a moment ago, sealed, until its page shows it.
pub const MADE_WEBHOOK_COOKIE: &str = "__Host-made-webhook";
/// Ten recovery codes that were made a moment ago, sealed, until their page shows them.
pub const MADE_CODES_COOKIE: &str = "__Host-made-codes";
/// What was typed into a form that was refused, sealed; two minutes, never a password.
const TYPED_COOKIE: &str = "__Host-typed";
/// The ticket of a sign-in that waits for its second factor; ten minutes.
pub const SECOND_FACTOR_COOKIE: &str = "__Host-second-factor";
/// A browser in which the second factor is not asked for; 30 days.
pub const TRUSTED_DEVICE_COOKIE: &str = "__Host-trusted-device";
/// A device that an account knows: it has tries of its own; 180 days.
pub const KNOWN_DEVICE_COOKIE: &str = "__Host-known-device";
/// A passkey that nobody has, for the page that says so to the keeper of passkeys; two minutes.
pub const UNKNOWN_PASSKEY_COOKIE: &str = "__Host-unknown-passkey";
/// What binds ways to providers to the browser that began them; ten minutes after the last began.
pub const FEDERATION_COOKIE: &str = "__Host-federation";
/// The ticket of somebody who came from a provider and is not let in yet; an hour.
pub const PENDING_CONNECTION_COOKIE: &str = "__Host-pending-connection";
/// An invitation into an organization, sealed, while its person signs in or signs up; a day.
pub const INVITATION_COOKIE: &str = "__Host-invitation";
/// The link that makes the first administrator, sealed; a day.
pub const SETUP_COOKIE: &str = "__Host-setup";
/// The way in that was used last on this device; a year.
pub const LAST_WAY_COOKIE: &str = "__Host-last-way";
/// On this device nobody wants to be offered a passkey; a year.
pub const NO_PASSKEY_OFFER_COOKIE: &str = "__Host-no-passkey-offer";
/// The chosen language.
pub const LOCALE_COOKIE: &str = "__Host-locale";
/// The chosen theme.
pub const THEME_COOKIE: &str = "__Host-theme";

const YEAR: i64 = 365 * 24 * 60 * 60;
/// Bytes of a name and its value together. A browser drops what is longer (ASVS 5.0, 3.3.5; RFC 6265, 6.1).
const LONGEST: usize = 4096;

/// The value of a cookie; none when it is sent twice (ambiguity is no credential).
pub fn cookie(name: &str) -> Option<SecretString> {
    from_request(|parts| cookie_of(&parts.headers, name))
}

/// The value of a cookie that the page which shows it takes away. A `HEAD` shows nothing, and so takes nothing.
pub fn take_cookie(name: &'static str) -> Option<SecretString> {
    let value = cookie(name)?;
    if from_request(|parts| Some(parts.method == http::Method::HEAD)) != Some(true) {
        clear_cookie(name);
    }
    Some(value)
}

/// The refresh cookie, for as long as a session may live.
pub fn refresh_cookie(token: &SecretString, seconds: i64) -> String {
    set_cookie_text(REFRESH_COOKIE, token.expose_secret(), seconds)
}

/// The attributes of every cookie of Keywright: this host only, HTTPS only, no script, not sent
/// along with posts from other sites.
pub fn set_cookie_text(name: &'static str, value: &str, seconds: i64) -> String {
    Cookie::build((name, value.to_owned()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build()
        .to_string()
        + &format!("; Max-Age={seconds}")
}

/// Sets a cookie with this answer. One that no browser would keep is not sent: what it was for is typed once more.
pub fn set_cookie(name: &'static str, value: &str, seconds: i64) {
    if name.len() + value.len() > LONGEST {
        return;
    }
    if let (Some(response), Ok(value)) =
        (use_context::<ResponseOptions>(), HeaderValue::from_str(&set_cookie_text(name, value, seconds)))
    {
        response.append_header(SET_COOKIE, value);
    }
}

/// Removes a cookie.
pub fn clear_cookie(name: &'static str) {
    set_cookie(name, "", 0);
}

/// Remembers for a year that no passkey is to be offered on this device.
pub fn remember_no_passkey_offer() {
    set_cookie(NO_PASSKEY_OFFER_COOKIE, "1", YEAR);
}

/// Remembers the language for a year.
pub fn remember_locale(locale: Locale) {
    set_cookie(LOCALE_COOKIE, locale.tag(), YEAR);
}

/// Remembers the theme for a year; forgets it when none.
pub fn remember_theme(theme: Option<Theme>) {
    match theme {
        Some(theme) => set_cookie(THEME_COOKIE, theme.as_str(), YEAR),
        None => clear_cookie(THEME_COOKIE),
    }
}

/// Keeps what was typed for the page that a refused form post leads to. Never a password.
pub fn keep_typed(email: &str, name: &str) {
    if is_form_post() && email.len() + name.len() < 600 {
        let typed = serde_json::json!([email, name]).to_string();
        set_cookie(TYPED_COOKIE, &flow::seal_typed(&super::auth(), &typed), 120);
    }
}

/// Keeps a proved address for the sign-in page, with and without script.
pub fn keep_email(email: &Email) {
    let typed = serde_json::json!([email.as_str(), ""]).to_string();
    set_cookie(TYPED_COOKIE, &flow::seal_typed(&super::auth(), &typed), 120);
}

/// Keeps a typed code for the page that a refused form post leads to: nobody types it twice because
/// the password beside it was refused.
pub fn keep_code(typed: &str) {
    if is_form_post()
        && let Ok(code) = VerificationCode::parse(typed)
    {
        set_cookie(CODE_COOKIE, &flow::seal_typed(&super::auth(), code.digits()), 120);
    }
}

/// The code that was kept; empty when none was.
pub fn kept_code() -> String {
    cookie(CODE_COOKIE)
        .and_then(|sealed| flow::open_typed(&super::auth(), &sealed))
        .and_then(|value| VerificationCode::parse(value.expose_secret()).ok())
        .map(|code| code.digits().to_owned())
        .unwrap_or_default()
}

/// Keeps what was chosen, for the page that a refused form post leads to.
pub fn keep_chosen(chosen: &[&str]) {
    let json = serde_json::json!(chosen).to_string();
    if is_form_post() && json.len() < 600 {
        set_cookie(CHOSEN_COOKIE, &BASE64_URL_SAFE_NO_PAD.encode(json), 120);
    }
}

/// What was chosen before; empty when nothing was.
pub fn chosen() -> Vec<String> {
    cookie(CHOSEN_COOKIE)
        .and_then(|value| BASE64_URL_SAFE_NO_PAD.decode(value.expose_secret()).ok())
        .and_then(|json| serde_json::from_slice(&json).ok())
        .unwrap_or_default()
}

/// Keeps whether the box of a form was ticked, for the page that a refused form post leads to.
pub fn keep_ticked(ticked: bool) {
    if is_form_post() {
        set_cookie(TICKED_COOKIE, if ticked { "yes" } else { "no" }, 120);
    }
}

/// Whether the box was ticked before; yes when nothing was kept.
pub fn was_ticked() -> bool {
    cookie(TICKED_COOKIE).is_none_or(|kept| kept.expose_secret() != "no")
}

/// Address and name as they were typed before; empty when nothing was.
pub fn typed() -> (String, String) {
    cookie(TYPED_COOKIE)
        .and_then(|sealed| flow::open_typed(&super::auth(), &sealed))
        .and_then(|json| serde_json::from_str::<(String, String)>(json.expose_secret()).ok())
        .unwrap_or_default()
}
