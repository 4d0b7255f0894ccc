//! The cookie of the session, attribute by attribute (RFC 6265bis): why it is there, and what it stops.

use auth::explain::Message;
use leptos::prelude::*;
use secrecy::SecretString;

use crate::server;
use crate::text::{t, t_with};

/// Stands for what nobody may see.
const DOTS: &str = "••••••••";
/// The prefix of the name that browsers know.
const PREFIX: &str = "__Host-";

/// The line that set the cookie in an answer.
pub(super) fn sent(answer: &Message) -> Option<String> {
    let mut cookies = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let cookie = cookies.find(|(_, line)| line.starts_with(server::REFRESH_COOKIE));
    cookie.map(|(_, line)| line.clone())
}

/// Each attribute with its reason. `cookie` is the line that was sent; without one, it is made as it always
/// is.
#[component]
pub(super) fn CookieCard(cookie: Option<String>) -> impl IntoView {
    let lifetime = server::auth().lifetimes().session;
    let line = cookie.unwrap_or_else(|| server::refresh_cookie(&SecretString::from(DOTS), lifetime));
    let days = (lifetime / (24 * 60 * 60)).to_string();
    let (pair, attributes) = line.split_once("; ").unwrap_or((line.as_str(), ""));
    let named = pair.starts_with(PREFIX).then_some(PREFIX);
    let rows = named.into_iter().chain(attributes.split("; ")).filter_map(|attribute| {
        let (why, stops) = reason(attribute)?;
        let why = t_with(why, &[("days", &days)]);
        Some(view! {
            <div>
                <dt>{attribute.to_owned()}</dt>
                <dd>
                    <p>{why}</p>
                    <p><span class="muted">{t("page.what_just_happened.stops")}</span>" "{t(stops)}</p>
                </dd>
            </div>
        })
    });
    let rows = rows.collect_view();
    view! {
        <section class="card">
            <h2>{t("page.what_just_happened.cookie")}</h2>
            <p>{t("page.what_just_happened.cookie_text")}</p>
            <pre class="message">{line}</pre>
            <dl class="claims">{rows}</dl>
        </section>
    }
}

/// The keys of why an attribute is there, and what it stops.
fn reason(attribute: &str) -> Option<(&'static str, &'static str)> {
    let name = attribute.split('=').next().unwrap_or_default();
    Some(match name {
        PREFIX => ("page.what_just_happened.cookie_host", "page.what_just_happened.cookie_host_stops"),
        "HttpOnly" => ("page.what_just_happened.cookie_http_only", "page.what_just_happened.cookie_http_only_stops"),
        "Secure" => ("page.what_just_happened.cookie_secure", "page.what_just_happened.cookie_secure_stops"),
        "SameSite" => ("page.what_just_happened.cookie_same_site", "page.what_just_happened.cookie_same_site_stops"),
        "Path" => ("page.what_just_happened.cookie_path", "page.what_just_happened.cookie_path_stops"),
        "Max-Age" => ("page.what_just_happened.cookie_max_age", "page.what_just_happened.cookie_max_age_stops"),
        _ => return None,
    })
}
