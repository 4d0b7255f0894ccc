//! What tabs tell each other: a new access token, a sign-in, a sign-out.

#[cfg(feature = "hydrate")]
mod real {
    use auth::ErrorCode;
    use auth::id::SessionId;
    use leptos::prelude::*;
    use std::cell::RefCell;
    use wasm_bindgen::prelude::*;
    use web_sys::{BroadcastChannel, MessageEvent};

    use crate::browser;
    use crate::session::{after_sign_in, call, load_me, sign_in_path, token};

    /// What is said, as a kind and its values.
    enum Word<'a> {
        /// An access token and the seconds it lives.
        Token(&'a str, f64),
        /// A private page of this session is open.
        SignedIn(&'a str),
        SignedOut,
    }

    thread_local! {
        static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
        /// The session that this page was made for.
        static SESSION: RefCell<Option<SessionId>> = const { RefCell::new(None) };
    }

    /// Opens the channel and listens for as long as the page lives.
    pub fn listen_to_other_tabs() {
        Effect::new(|_| open());
    }

    /// Opens the channel, once a page.
    fn open() {
        if CHANNEL.with_borrow(Option::is_some) {
            return;
        }
        {
            let Ok(channel) = BroadcastChannel::new("keywright-session") else { return };
            let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
                let said = js_sys::Array::from(&event.data());
                let text = said.get(1).as_string().unwrap_or_default();
                match said.get(0).as_string().as_deref() {
                    Some("token") => hear(&Word::Token(&text, said.get(2).as_f64().unwrap_or_default())),
                    Some("signed_in") => hear(&Word::SignedIn(&text)),
                    Some("signed_out") => hear(&Word::SignedOut),
                    _ => {}
                }
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            heard.forget();
            CHANNEL.set(Some(channel));
        }
    }

    fn hear(word: &Word) {
        match *word {
            Word::Token(text, expires_in) => token::accept(text.to_owned(), expires_in),
            Word::SignedOut => {
                token::forget();
                if !is_public() {
                    leptos::task::spawn_local(leave_if_signed_out());
                }
            }
            // Whoever signed in, this page was made for somebody else or for nobody.
            Word::SignedIn(session) => {
                let own = SESSION.with_borrow(Clone::clone);
                if own.is_some_and(|own| own.as_str() != session) {
                    browser::go(&browser::here());
                } else if window().location().pathname().is_ok_and(|path| path == "/sign-in") {
                    browser::go(&after_sign_in(&browser::value_of("next")));
                }
            }
        }
    }

    /// Another page says so; this one asks the server before it believes it.
    async fn leave_if_signed_out() {
        if token::renew(None).await.is_err() {
            browser::go(&sign_in_path(&browser::here()));
        }
    }

    fn is_public() -> bool {
        window().location().pathname().is_ok_and(|path| crate::is_public(&path))
    }

    fn say(word: &Word) {
        open();
        let said = match word {
            Word::Token(text, expires_in) => {
                js_sys::Array::of3(&"token".into(), &(*text).into(), &(*expires_in).into())
            }
            Word::SignedIn(session) => js_sys::Array::of2(&"signed_in".into(), &(*session).into()),
            Word::SignedOut => js_sys::Array::of1(&"signed_out".into()),
        };
        CHANNEL.with_borrow(|channel| {
            if let Some(channel) = channel {
                let _ = channel.post_message(&said);
            }
        });
    }

    /// A page that was out of sight may show a session that ended meanwhile: it asks, with its access
    /// token, and leaves when nobody is signed in any more.
    pub fn ask_when_seen_again() {
        Effect::new(|_| {
            browser::when_seen_again(|| {
                leptos::task::spawn_local(async {
                    if let Err(error) = call(load_me).await
                        // The first when the refresh finds no session, the second when it ended right after.
                        && matches!(error.code(), ErrorCode::SignedOut | ErrorCode::InvalidToken)
                    {
                        browser::go(&sign_in_path(&browser::here()));
                    }
                });
            });
        });
    }

    /// Gives the other tabs the access token that this one was granted.
    pub fn share(text: &str, expires_in: f64) {
        say(&Word::Token(text, expires_in));
    }

    /// Tells the other tabs that the session ended; they ask the server before they believe it.
    pub fn announce_sign_out() {
        Effect::new(|_| {
            token::forget();
            say(&Word::SignedOut);
        });
    }

    /// Tells the other tabs whose session this page shows.
    pub fn announce_session(session: &SessionId) {
        let session = session.clone();
        Effect::new(move |_| {
            SESSION.set(Some(session.clone()));
            say(&Word::SignedIn(session.as_str()));
        });
    }
}

#[cfg(feature = "hydrate")]
pub use real::*;

#[cfg(not(feature = "hydrate"))]
mod absent {
    /// There are no tabs on a server.
    pub fn listen_to_other_tabs() {}
    /// There are no tabs on a server.
    pub fn announce_sign_out() {}
    /// There are no tabs on a server.
    pub fn announce_session(_session: &auth::id::SessionId) {}
    /// Nobody comes back into view on a server.
    pub fn ask_when_seen_again() {}
}

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
