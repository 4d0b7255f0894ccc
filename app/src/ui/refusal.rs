//! Showing why a form was refused: a sentence on top, one beside each field, the right status, and
//! the focus where the person goes on.

use auth::text::{issue_text, text_with};
use auth::{ErrorCode, Field};
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::error::ServerFnUrlError;

use super::{Notice, Tone};
use crate::error::AppError;
use crate::{browser, text};

/// The refusal of the form that posts to `action`: what the server answered the last post, carried
/// in the address as a code. Gives the page its status, and the focus its place.
pub fn refusal_of(action: &'static str) -> RwSignal<Option<AppError>> {
    let answered = use_context::<ServerActionError>().filter(|error| error.path() == action);
    let refusal = answered.map(|error| ServerFnUrlError::<AppError>::decode_err(error.err()));
    #[cfg(feature = "ssr")]
    if let Some(refusal) = &refusal {
        crate::server::set_status(refusal.code());
    }
    let refusal = RwSignal::new(refusal);
    Effect::new(move |_| {
        if let Some(refusal) = refusal.get() {
            focus_where_to_go_on(&refusal);
        }
    });
    refusal
}

fn focus_where_to_go_on(refusal: &AppError) {
    match refusal.code() {
        ErrorCode::InvalidCredentials => browser::focus("current-password"),
        ErrorCode::WrongCode | ErrorCode::CodeExhausted => browser::focus("code"),
        _ => match refusal.0.fields.first() {
            // The one that is on the page.
            Some((Field::Password, _)) => ["new-password", "current-password"].into_iter().for_each(browser::focus),
            Some((field, _)) => browser::focus(field.as_str()),
            None => browser::focus("notice"),
        },
    }
}

/// The sentence on top of a refused form.
#[component]
pub fn RefusalNotice(refusal: RwSignal<Option<AppError>>) -> impl IntoView {
    let locale = text::locale();
    move || {
        refusal.get().map(|refusal| {
            let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
            let key = format!("error.{}", refusal.code().as_str());
            let sentence = text_with(locale, &key, &[("seconds", &seconds)]);
            view! { <Notice tone=Tone::Danger text=sentence/> }
        })
    }
}

/// The sentence beside one field.
pub fn issue_of(refusal: RwSignal<Option<AppError>>, field: Field) -> Signal<Option<String>> {
    let locale = text::locale();
    Signal::derive(move || {
        refusal.get().and_then(|refusal| refusal.issue(field)).map(|issue| issue_text(locale, issue))
    })
}
