//! What tabs tell each other: a new access token, a sign-in, a sign-out.

#[cfg(feature = "hydrate")]
mod real {
    use auth::view::AccessGrant;
    use leptos::prelude::*;
    use serde::{Deserialize, Serialize};
    use std::cell::RefCell;
    use wasm_bindgen::prelude::*;
    use web_sys::{BroadcastChannel, MessageEvent};

    use crate::browser;
    use crate::session::{call, token};

    #[derive(Serialize, Deserialize)]
    enum Word {
        Token(AccessGrant),
        SignedIn,
        SignedOut,
    }

    thread_local! {
        static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    }

    /// Opens the channel and listens for as long as the page lives.
    pub fn listen_to_other_tabs() {
        Effect::new(|_| {
            let Ok(channel) = BroadcastChannel::new("keywright-session") else { return };
            let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
                let text = event.data().as_string().unwrap_or_default();
                if let Ok(word) = serde_json::from_str(&text) {
                    hear(word);
                }
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            heard.forget();
            CHANNEL.set(Some(channel));
        });
    }

    fn hear(word: Word) {
        match word {
            Word::Token(grant) => token::accept(grant.access_token, f64::from(grant.expires_in)),
            Word::SignedOut => {
                token::forget();
                if !is_public() {
                    leptos::task::spawn_local(leave_if_signed_out());
                }
            }
            // The page that asks for a password is done: its person is signed in.
            Word::SignedIn => {
                if window().location().pathname().is_ok_and(|path| path == "/sign-in") {
                    browser::go(&browser::here());
                }
            }
        }
    }

    /// Another page says so; this one asks the server before it believes it.
    async fn leave_if_signed_out() {
        if token::renew(None).await.is_err() {
            browser::go(&call::sign_in_path(&browser::here()));
        }
    }

    fn is_public() -> bool {
        window().location().pathname().is_ok_and(|path| crate::PUBLIC_PATHS.contains(&path.as_str()))
    }

    fn say(word: &Word) {
        if let Ok(text) = serde_json::to_string(word) {
            CHANNEL.with_borrow(|channel| {
                if let Some(channel) = channel {
                    let _ = channel.post_message(&JsValue::from_str(&text));
                }
            });
        }
    }

    /// Gives the other tabs the access token that this one was granted.
    pub fn share(grant: &AccessGrant) {
        say(&Word::Token(grant.clone()));
    }

    /// Tells the other tabs that the session ended.
    pub fn announce_sign_out() {
        token::forget();
        say(&Word::SignedOut);
    }

    /// Tells the other tabs that a session began.
    pub fn announce_sign_in() {
        say(&Word::SignedIn);
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
    pub fn announce_sign_in() {}
}

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
