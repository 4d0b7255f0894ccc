//! The form of every page: a plain post that the browser itself sends. Scripts only make it more
//! comfortable: a check before sending, one submission however often the button is pressed.
//!
//! A real navigation is also what password managers wait for before they offer to save.

use auth::form::{ChangePasswordForm, NewPasswordForm, ResetByCodeForm, SignUpForm};
use auth::{Field, Refusal, avatar};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::refusal::{RefusalNotice, focus_where_to_go_on};
use crate::browser;
use crate::error::AppError;
use crate::text::t;

/// After this a form may be sent again: the answer did not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the fields of a form know about it.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Why the form was refused, by the server or before it was sent.
    pub refusal: RwSignal<Option<AppError>>,
}

/// Which rules of the server are tried before anything is sent.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rules {
    /// Those of a sign-up.
    SignUp,
    /// Those of a new password alone.
    NewPassword,
    /// Those of a new password with the mailed code.
    ResetByCode,
    /// Those of a change of password.
    ChangePassword,
    /// Those of a picture: a large file would take long to be sent and refused.
    Picture,
    /// The same of a logo.
    Logo,
}

impl Rules {
    fn refusal(self, event: &SubmitEvent) -> Option<AppError> {
        let value = |name: &str| browser::form_value(event, name);
        let refused = match self {
            Self::SignUp => {
                SignUpForm { email: value("email"), password: value("password").into(), name: value("name") }
                    .parse()
                    .err()
            }
            Self::NewPassword => NewPasswordForm { new_password: value("new_password").into() }.parse().err(),
            Self::ResetByCode => {
                ResetByCodeForm { code: value("code"), new_password: value("new_password").into() }.parse().err()
            }
            Self::ChangePassword => {
                let form = ChangePasswordForm {
                    current_password: value("current_password").into(),
                    new_password: value("new_password").into(),
                    end_other_sessions: true,
                };
                form.parse().err()
            }
            Self::Picture => refused_file(event, Field::Avatar),
            Self::Logo => refused_file(event, Field::Logo),
        };
        refused.map(AppError::from)
    }
}

/// What is wrong with the size of a file, if anything.
fn refused_file(event: &SubmitEvent, field: Field) -> Option<Refusal> {
    let issue = avatar::issue_of_size(browser::file_size(event, field.as_str()));
    issue.map(|issue| Refusal::invalid(vec![(field, issue)]))
}

/// A form that posts to `action`. `refusal` is what the server said to the last post; `enctype` is how
/// the fields are sent, when there is a file among them.
#[island]
pub fn PostForm(
    #[prop(into)] action: String,
    #[prop(optional_no_strip)] refusal: Option<AppError>,
    #[prop(optional)] rules: Option<Rules>,
    #[prop(optional, into)] class: Option<String>,
    #[prop(optional, into)] enctype: Option<String>,
    children: Children,
) -> impl IntoView {
    let class = class.unwrap_or_else(|| "form".to_owned());
    view! { <FormBody action refusal rules class enctype>{children()}</FormBody> }
}

/// The form inside an island. While it is too early, nothing is sent.
#[component]
pub fn FormBody(
    action: String,
    refusal: Option<AppError>,
    #[prop(optional_no_strip)] rules: Option<Rules>,
    #[prop(optional)] too_early: Signal<bool>,
    class: String,
    #[prop(optional_no_strip)] enctype: Option<String>,
    children: Children,
) -> impl IntoView {
    let refusal = RwSignal::new(refusal);
    provide_context(FormState { refusal });
    Effect::new(move |_| {
        if let Some(refusal) = refusal.get() {
            browser::prefix_title(&t("ui.error_prefix"));
            focus_where_to_go_on(&refusal);
        }
    });
    let sending = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        if sending.get_untracked() || too_early.get_untracked() {
            event.prevent_default();
            return;
        }
        if let Some(rules) = rules {
            let refused = rules.refusal(&event);
            let is_refused = refused.is_some();
            refusal.set(refused);
            if is_refused {
                event.prevent_default();
                return;
            }
        }
        sending.set(true);
        browser::mark_busy(&event, true);
        set_timeout(
            move || {
                sending.set(false);
                browser::mark_busy(&event, false);
            },
            PATIENCE,
        );
    };
    let working = t("ui.working");
    view! {
        <form method="post" action=action class=class enctype=enctype novalidate=true on:submit=submit>
            <RefusalNotice refusal is_new=rules.is_some()/>
            {children()}
            <p class="visually-hidden" role="status">{move || sending.get().then(|| working.clone())}</p>
        </form>
    }
}
