//! The button that lets a browser make or use a passkey, and sends its form with the answer.

use leptos::html::Button;
use leptos::prelude::*;

use super::{PasskeyTask, PasskeyWords, WantedPasskey};
use crate::ui::Icon;

/// What is seen of a button.
#[derive(Clone, Copy)]
struct State {
    button: NodeRef<Button>,
    is_capable: RwSignal<bool>,
    is_busy: RwSignal<bool>,
    said: RwSignal<String>,
}

/// A button for passkeys. Pressing it gets the options, asks the browser, puts `ceremony` and `credential` into the
/// form and sends it.
#[island]
pub fn PasskeyPrompt(wanted: WantedPasskey, words: PasskeyWords) -> impl IntoView {
    let state = State {
        button: NodeRef::new(),
        is_capable: RwSignal::new(true),
        is_busy: RwSignal::new(false),
        said: RwSignal::new(String::new()),
    };
    let class = match wanted.task {
        PasskeyTask::Add => "button button-primary",
        PasskeyTask::Prove => "button button-primary button-wide",
        PasskeyTask::SignIn | PasskeyTask::SignUp => "button button-secondary button-wide",
    };
    let press = real::start(&wanted, &words, state);
    let PasskeyWords { or, label, mark, incapable, .. } = words;
    let is_silent = incapable.is_none();
    let said = move || if state.is_capable.get() { state.said.get() } else { incapable.clone().unwrap_or_default() };
    let is_busy = move || state.is_busy.get().then_some("true");
    view! {
        <div class="passkey" hidden=move || is_silent && !state.is_capable.get()>
            {or.map(|or| view! { <p class="or">{or}</p> })}
            <div class="way" hidden=move || !state.is_capable.get()>
                <button
                    type="button" class=class node_ref=state.button on:click=press
                    hidden=move || !state.is_capable.get() aria-busy=is_busy aria-disabled=is_busy
                ><Icon name="passkey"/>{label}</button>
                {mark.map(|mark| view! { <span class="badge last-used">{mark}</span> })}
            </div>
            <p class="passkey-said" role="status">{said}</p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
pub(super) use real::Prompt;

#[cfg(feature = "hydrate")]
mod real {
    use auth::{Email, ErrorCode, Field, PersonName, Refusal};
    use js_sys::{JSON, Object, Reflect};
    use leptos::ev::MouseEvent;
    use leptos::prelude::*;
    use leptos::wasm_bindgen::JsCast;
    use std::time::Duration;
    use web_sys::{AbortSignal, HtmlFormElement};

    use super::super::web_authn::{Ceremony, Stopped, ask, is_capable, member};
    use super::super::{PasskeyTask, PasskeyWords, WantedPasskey, autofill};
    use super::State;
    use crate::browser;
    use crate::island::FormState;
    use crate::session::{Problem, post};

    /// After this the button may be pressed again: the answer to the form did not come.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// A button with all that it needs.
    #[derive(Clone)]
    pub struct Prompt {
        wanted: WantedPasskey,
        words: PasskeyWords,
        state: State,
        /// The form around, which says what is wrong with its fields.
        around: Option<FormState>,
    }

    /// The ticket of a challenge and what the browser answered to it.
    pub struct Answer {
        ceremony: String,
        credential: String,
    }

    /// Why there is none.
    pub enum Failure {
        Stopped(Stopped),
        Refused(Problem),
    }

    impl From<Stopped> for Failure {
        fn from(stopped: Stopped) -> Self {
            Self::Stopped(stopped)
        }
    }

    impl From<Problem> for Failure {
        fn from(problem: Problem) -> Self {
            Self::Refused(problem)
        }
    }

    /// Looks at what the browser can do, and gives what a press does.
    pub(super) fn start(
        wanted: &WantedPasskey,
        words: &PasskeyWords,
        state: State,
    ) -> impl Fn(MouseEvent) + 'static + use<> {
        let around = use_context::<FormState>();
        let prompt = Prompt { wanted: wanted.clone(), words: words.clone(), state, around };
        let watching = prompt.clone();
        Effect::new(move |_| {
            if !is_capable() {
                state.is_capable.set(false);
            } else if watching.wanted.task == PasskeyTask::SignIn {
                autofill::watch(watching.clone());
            }
        });
        move |_| prompt.press()
    }

    impl Prompt {
        /// Whether a press is being worked on.
        pub fn is_busy(&self) -> bool {
            self.state.is_busy.get_untracked()
        }

        fn press(&self) {
            if self.is_busy() {
                return;
            }
            let Some(person) = self.person() else { return };
            autofill::stop();
            self.state.is_busy.set(true);
            self.state.said.set(self.words.waiting.clone());
            let prompt = self.clone();
            leptos::task::spawn_local(async move {
                match prompt.perform(&person, None).await {
                    Ok(answer) => prompt.send(&person, &answer),
                    Err(failure) => prompt.tell(failure),
                }
            });
        }

        /// Name and address for a sign-up, once both are in order; nobody for all else.
        fn person(&self) -> Option<Vec<(&'static str, String)>> {
            if self.wanted.task != PasskeyTask::SignUp {
                return Some(Vec::new());
            }
            let (name, email) = (browser::value_of("name"), browser::value_of("email"));
            let issues = [(Field::Name, PersonName::parse(&name).err()), (Field::Email, Email::parse(&email).err())];
            let issues: Vec<_> = issues.into_iter().filter_map(|(field, issue)| Some((field, issue?))).collect();
            if issues.is_empty() {
                return Some(vec![("name", name), ("email", email)]);
            }
            if let Some(FormState { refusal }) = self.around {
                refusal.set(Some(Refusal::invalid(issues).into()));
            }
            None
        }

        /// Gets the options and asks the browser.
        pub async fn perform(
            &self,
            person: &[(&'static str, String)],
            watch: Option<&AbortSignal>,
        ) -> Result<Answer, Failure> {
            let body = Object::new();
            for (name, value) in person {
                Reflect::set(&body, &(*name).into(), &value.into()).map_err(Stopped::from)?;
            }
            let body: String = JSON::stringify(&body).map_err(Stopped::from)?.into();
            let asked = post(&self.wanted.options, &body, self.wanted.bearer).await?;
            let ceremony = match self.wanted.task {
                PasskeyTask::Prove | PasskeyTask::SignIn => Ceremony::Get,
                PasskeyTask::Add | PasskeyTask::SignUp => Ceremony::Create,
            };
            let credential = ask(ceremony, member(&asked, "options"), watch).await?;
            Ok(Answer { ceremony: member(&asked, "ceremony").as_string().unwrap_or_default(), credential })
        }

        /// Sends the form with the answer in it. The page that follows says what became of it.
        pub fn send(&self, person: &[(&'static str, String)], answer: &Answer) {
            let Some(form) = self.form() else { return };
            for (name, value) in person {
                put(&form, name, value);
            }
            put(&form, "ceremony", &answer.ceremony);
            put(&form, "credential", &answer.credential);
            let _ = form.request_submit();
            let is_busy = self.state.is_busy;
            set_timeout(move || is_busy.set(false), PATIENCE);
        }

        fn form(&self) -> Option<HtmlFormElement> {
            let form = match &self.wanted.form {
                Some(id) => document().get_element_by_id(id),
                None => self.state.button.get_untracked()?.closest("form").ok()?,
            };
            form?.dyn_into().ok()
        }

        fn tell(&self, failure: Failure) {
            self.state.is_busy.set(false);
            let words = &self.words;
            let said = match failure {
                Failure::Stopped(Stopped::Cancelled) => words.cancelled.clone(),
                Failure::Stopped(Stopped::Known) => words.known.clone(),
                Failure::Refused(problem) if self.confirms_first(&problem) => return,
                Failure::Refused(problem) if !problem.title.is_empty() => problem.title,
                Failure::Stopped(Stopped::Failed) | Failure::Refused(_) => words.failed.clone(),
            };
            self.state.said.set(said);
            if self.wanted.task == PasskeyTask::SignIn {
                autofill::resume(self.clone());
            }
        }

        /// Leads to the page that asks for a fresh proof, where that is what is missing.
        fn confirms_first(&self, problem: &Problem) -> bool {
            let form = self.wanted.confirm_form.as_deref().and_then(|id| document().get_element_by_id(id));
            let form = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
            let is_missing = problem.code == ErrorCode::ReauthenticationRequired.as_str();
            form.is_some_and(|form| is_missing && form.request_submit().is_ok())
        }
    }

    /// Puts a value that nobody types into a form.
    fn put(form: &HtmlFormElement, name: &str, value: &str) {
        let found = form.query_selector(&format!("input[name='{name}']")).ok().flatten();
        let input = found.or_else(|| {
            let made = document().create_element("input").ok()?;
            form.append_child(&made).ok()?;
            Some(made)
        });
        if let Some(input) = input {
            for (attribute, value) in [("type", "hidden"), ("name", name), ("value", value)] {
                let _ = input.set_attribute(attribute, value);
            }
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod real {
    use leptos::ev::MouseEvent;

    use super::super::{PasskeyWords, WantedPasskey};
    use super::State;

    /// Nothing is pressed on a server.
    pub(super) fn start(
        _wanted: &WantedPasskey,
        _words: &PasskeyWords,
        _state: State,
    ) -> impl Fn(MouseEvent) + 'static + use<> {
        |_| ()
    }
}
