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

/// The sentence on top of a refused form, with a link to each field at fault. What is wrong there is
/// said beside the field and nowhere else. `password` is the id of the password on this page.
#[component]
pub fn RefusalNotice(
    refusal: RwSignal<Option<AppError>>,
    #[prop(default = "current-password")] password: &'static str,
) -> impl IntoView {
    let locale = text::locale();
    move || {
        refusal.get().map(|refusal| {
            let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
            let key = format!("error.{}", refusal.code().as_str());
            let sentence = text_with(locale, &key, &[("seconds", &seconds)]);
            let shown = refusal.0.fields.into_iter().map(|(field, _)| field).filter(|field| is_shown(*field));
            let links: Vec<_> = shown
                .map(|field| {
                    let id = if field == Field::Password { password } else { field.as_str() };
                    let label = text_with(locale, &format!("ui.{}", field.as_str()), &[]);
                    // External to the router: the browser itself moves the focus, also without script.
                    view! { <li><a href=format!("#{id}") rel="external">{label}</a></li> }
                })
                .collect();
            let links = (!links.is_empty()).then(|| view! { <ul class="notice-links">{links}</ul> });
            view! { <Notice tone=Tone::Danger text=sentence>{links}</Notice> }
        })
    }
}

/// Whether a person can go to the field; the others are not typed by anybody.
fn is_shown(field: Field) -> bool {
    matches!(field, Field::Name | Field::Email | Field::Password | Field::Code)
}

/// Whether a form was refused for one of `codes`: then the sentence on top is about fields that have
/// none of their own. Only the server says so, with the whole page.
pub fn is_refused_for(refusal: RwSignal<Option<AppError>>, codes: &[ErrorCode]) -> bool {
    refusal.get_untracked().is_some_and(|refusal| codes.contains(&refusal.code()))
}

/// The sentence beside one field.
pub fn issue_of(refusal: RwSignal<Option<AppError>>, field: Field) -> Signal<Option<String>> {
    let locale = text::locale();
    Signal::derive(move || {
        refusal.get().and_then(|refusal| refusal.issue(field)).map(|issue| issue_text(locale, issue))
    })
}
