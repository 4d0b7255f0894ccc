//! The cookies of a way to a provider: the browser that began it, and somebody who came back and is not let in yet.

use auth::ProviderId;
use secrecy::{ExposeSecret, SecretString};

use super::{
    FEDERATION_COOKIE, LAST_WAY_COOKIE, PENDING_CONNECTION_COOKIE, auth, clear_cookie, cookie, set_cookie,
    set_cookie_text,
};

const YEAR: i64 = 365 * 24 * 60 * 60;

/// What binds ways to providers to this browser.
pub fn federation_cookie() -> Option<SecretString> {
    cookie(FEDERATION_COOKIE)
}

/// Keeps it as long as a way that begins now may take.
pub fn keep_federation_cookie(browser: &SecretString) {
    set_cookie(FEDERATION_COOKIE, browser.expose_secret(), auth().lifetimes().federation_flow);
}

/// The same as a line of an answer, for these seconds.
pub fn federation_cookie_text(browser: &SecretString, seconds: i64) -> String {
    set_cookie_text(FEDERATION_COOKIE, browser.expose_secret(), seconds)
}

/// The ticket of somebody who came from a provider and is not let in yet.
pub fn pending_connection_ticket() -> Option<SecretString> {
    cookie(PENDING_CONNECTION_COOKIE)
}

/// Keeps the ticket as long as it is good.
pub fn keep_pending_connection(ticket: &SecretString) {
    set_cookie(PENDING_CONNECTION_COOKIE, ticket.expose_secret(), auth().lifetimes().pending_connection);
}

/// The same as a line of an answer, for these seconds.
pub fn pending_connection_text(ticket: &SecretString, seconds: i64) -> String {
    set_cookie_text(PENDING_CONNECTION_COOKIE, ticket.expose_secret(), seconds)
}

/// Forgets the ticket: it was used, or nobody wants it.
pub fn forget_pending_connection_cookie() {
    clear_cookie(PENDING_CONNECTION_COOKIE);
}

/// Remembers for a year that a provider led in on this device, as a line of an answer.
pub fn last_way_text(provider: &ProviderId) -> String {
    set_cookie_text(LAST_WAY_COOKIE, provider.as_str(), YEAR)
}
