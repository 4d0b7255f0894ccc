//! Showing why a form was refused: a sentence on top, one beside each field, the right status, and
//! the focus where the person goes on.

use auth::{ErrorCode, Field};
use leptos::prelude::*;

use super::FormState;
use crate::browser;
use crate::error::AppError;
use crate::text::{issue_text, t, t_with};
use crate::ui::{Notice, Tone};

/// The refusal of the form that posts to `action`: what the server answered the last post, carried
/// in the address as a code. Gives the page its status.
#[cfg(feature = "ssr")]
pub fn refusal_of(action: &'static str) -> Option<AppError> {
    use leptos::server::ServerActionError;
    use leptos::server_fn::error::ServerFnUrlError;

    let answered = use_context::<ServerActionError>().filter(|error| error.path() == action)?;
    let refusal = ServerFnUrlError::<AppError>::decode_err(answered.err());
    // The session had ended when the form was sent. Whoever sees its page again has signed in since.
    if matches!(refusal.code(), ErrorCode::SignedOut | ErrorCode::InvalidToken) {
        return None;
    }
    crate::server::set_status(refusal.code());
    if let Some(seconds) = refusal.0.retry_after {
        crate::server::set_retry_after(seconds);
    }
    Some(refusal)
}

pub(super) fn focus_where_to_go_on(refusal: &AppError) {
    match refusal.code() {
        ErrorCode::InvalidCredentials => browser::focus_field("password"),
        ErrorCode::WrongCode | ErrorCode::CodeExhausted => browser::focus("code"),
        _ => match refusal.0.fields.first() {
            Some((field, _)) => browser::focus_field(field.as_str()),
            None => browser::focus("notice"),
        },
    }
}

/// The sentence on top of a refused form, with a link to each field at fault. What is wrong there is
/// said beside the field and nowhere else. `is_new` when the form asks for a new password.
#[component]
pub(super) fn RefusalNotice(refusal: RwSignal<Option<AppError>>, is_new: bool) -> impl IntoView {
    move || {
        refusal.get().map(|refusal| {
            let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
            let minutes = refusal.0.minutes().to_string();
            let values = [("seconds", &*seconds), ("minutes", &*minutes)];
            let sentence = t_with(&format!("error.{}", refusal.code().as_str()), &values);
            let shown = refusal.0.fields.into_iter().map(|(field, _)| field).filter(|field| is_shown(*field));
            let links: Vec<_> = shown
                .map(|field| {
                    let id = id_of(field, is_new);
                    view! { <li><a href=format!("#{id}")>{label_of(field)}</a></li> }
                })
                .collect();
            let links = (!links.is_empty()).then(|| view! { <ul class="notice-links">{links}</ul> });
            view! { <Notice tone=Tone::Danger text=sentence>{links}</Notice> }
        })
    }
}

/// Whether a person can go to the field; the others are not typed by anybody.
fn is_shown(field: Field) -> bool {
    matches!(
        field,
        Field::Name
            | Field::Email
            | Field::Password
            | Field::CurrentPassword
            | Field::NewPassword
            | Field::Code
            | Field::TimeZone
            | Field::Avatar
            | Field::Scopes
            | Field::ExpiresInDays
            | Field::PhoneNumber
            | Field::Title
            | Field::Body
            | Field::Department
            | Field::Sensitivity
            | Field::Owner
            | Field::Domain
            | Field::Reason
            | Field::Url
            | Field::Kinds
            | Field::Slug
            | Field::Logo
            | Field::Permissions
            | Field::Note
            | Field::Until
    )
}

/// The id of a field's input; those of passwords are what password managers look for. `is_new` when
/// the password of the form is a new one.
pub(super) fn id_of(field: Field, is_new: bool) -> &'static str {
    match field {
        Field::NewPassword => "new-password",
        Field::Password if is_new => "new-password",
        Field::Password | Field::CurrentPassword => "current-password",
        _ => field.as_str(),
    }
}

/// What a field is called.
pub(super) fn label_of(field: Field) -> String {
    t(&format!("ui.{}", field.as_str()))
}

/// Whether the sentence on top is about this field, because the field has none of its own.
pub(super) fn is_blamed(code: ErrorCode, field: Field) -> bool {
    match code {
        ErrorCode::InvalidCredentials => matches!(field, Field::Email | Field::Password),
        ErrorCode::WrongCode | ErrorCode::CodeExhausted => field == Field::Code,
        _ => false,
    }
}

/// What the form around says about one field: the sentence beside it, and whether it is blamed.
pub(super) fn said_of(field: Field) -> (Signal<Option<String>>, Signal<bool>) {
    let Some(FormState { refusal }) = use_context::<FormState>() else {
        return (Signal::stored(None), Signal::stored(false));
    };
    let issue = Signal::derive(move || refusal.get()?.issue(field).map(issue_text));
    let blamed = Signal::derive(move || refusal.get().is_some_and(|refusal| is_blamed(refusal.code(), field)));
    (issue, blamed)
}
