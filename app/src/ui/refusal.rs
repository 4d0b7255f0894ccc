//! Showing why a form was refused: a sentence on top, one beside each field, the right status, and
//! the focus where the person goes on.

use auth::text::{issue_text, text_with};
use auth::{ErrorCode, Field};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Notice, Tone};
use crate::error::AppError;
use crate::{browser, text};

/// The refusal a form has to show: from its own check before sending, or from the server.
pub fn watch_refusal<S>(action: ServerAction<S>, checked: RwSignal<Option<AppError>>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let value = action.value();
    let refusal = Signal::derive(move || checked.get().or_else(|| value.get().and_then(Result::err)));
    #[cfg(feature = "ssr")]
    if let Some(refusal) = refusal.get_untracked() {
        crate::server::set_status(refusal.code());
    }
    Effect::new(move |_| {
        if let Some(refusal) = refusal.get() {
            match refusal.code() {
                ErrorCode::InvalidCredentials => {
                    browser::clear("current-password");
                    browser::focus("current-password");
                }
                ErrorCode::WrongCode | ErrorCode::CodeExhausted => browser::focus("code"),
                _ => match refusal.0.fields.first() {
                    Some((field, _)) => browser::focus(field_id(*field)),
                    None => browser::focus("notice"),
                },
            }
        }
    });
    refusal
}

/// The id of a field's input, for the focus.
fn field_id(field: Field) -> &'static str {
    match field {
        Field::Password => "new-password",
        other => other.as_str(),
    }
}

/// The sentence on top of a refused form.
#[component]
pub fn RefusalNotice(refusal: Signal<Option<AppError>>) -> impl IntoView {
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
pub fn issue_of(refusal: Signal<Option<AppError>>, field: Field) -> Signal<Option<String>> {
    let locale = text::locale();
    Signal::derive(move || {
        refusal.get().and_then(|refusal| refusal.issue(field)).map(|issue| issue_text(locale, issue))
    })
}
