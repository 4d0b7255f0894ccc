//! What every page does in a browser besides its own business: it says that it listens, and hears
//! what other tabs say.

use auth::id::SessionId;
use leptos::prelude::*;

use crate::{browser, session};

/// The last island of every page: once it listens, all of them do.
#[island]
pub fn Listener() -> impl IntoView {
    session::listen_to_other_tabs();
    browser::mark_hydrated();
}

/// This page belongs to a session; the other tabs hear of it. A page that comes back into view
/// asks whether the session still lives.
#[island]
pub fn SignedInHere(session: SessionId) -> impl IntoView {
    session::announce_session(&session);
    session::ask_when_seen_again();
}

/// This page is shown after a sign-out; the other tabs hear of it.
#[island]
pub fn SignedOutHere() -> impl IntoView {
    session::announce_sign_out();
}
