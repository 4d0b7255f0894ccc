//! Creating an account.

use auth::form::SignUpForm;
use auth::password::{self, MIN_LENGTH, Strength};
use auth::{Field as Name, FieldIssue, text::text_with};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::browser;
use crate::error::AppError;
use crate::text::{locale, t, t_with};
use crate::ui::{Entry, Field, PasswordField, PostForm, RefusalNotice, Submit, issue_of, refusal_of};

/// Stores the sign-up and leads to its waiting page: the same for new and known addresses.
///
/// # Errors
/// Fields that cannot be accepted; too many at once.
#[server(prefix = "/rpc", endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    use crate::server;

    let (auth, context) = (server::auth(), server::context());
    server::keep_typed(&email, &name);
    let account = SignUpForm { email, password: password.into(), name }.parse()?;
    let ticket = auth::flow::sign_up(&auth, account, &context).await?;
    use secrecy::ExposeSecret;
    server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), auth.lifetimes().verification);
    server::see_other("/verify-email");
    Ok(())
}

/// The page `/sign-up`.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let refusal = refusal_of(SignUp::PATH);
    // The sentence about a refused password goes with the first change: from then on the strength
    // says what is missing, so that the rule is never said twice.
    let edited = RwSignal::new(false);
    let issue = issue_of(refusal, Name::Password);
    let password_issue = Signal::derive(move || issue.get().filter(|_| !edited.get()));
    let rule_is_said = Signal::derive(move || {
        let issue = refusal.get().and_then(|refusal| refusal.issue(Name::Password));
        !edited.get() && issue == Some(FieldIssue::TooShort)
    });
    // The same rules as on the server, before anything is sent.
    let check = Callback::new(move |event: SubmitEvent| {
        let form = SignUpForm {
            email: browser::form_value(&event, "email"),
            password: browser::form_value(&event, "password").into(),
            name: browser::form_value(&event, "name"),
        };
        let refused = form.parse().err().map(AppError::from);
        if refused.is_some() {
            event.prevent_default();
        }
        edited.set(false);
        refusal.set(refused);
    });
    let typed = RwSignal::new(String::new());
    let (email, name) = typed_before();
    view! {
        <Entry title=t("page.sign_up.title") lead=t("page.sign_up.lead") refusal>
            <RefusalNotice refusal password="new-password"/>
            <PostForm action=SignUp::PATH check>
                <Field
                    id="name" name="name" label=t("ui.name") autocomplete="name" value=name maxlength=200
                    issue=issue_of(refusal, Name::Name)
                />
                <Field
                    id="email" name="email" label=t("ui.email") kind="email" autocomplete="username" inputmode="email"
                    value=email issue=issue_of(refusal, Name::Email)
                />
                <PasswordField
                    id="new-password" autocomplete="new-password" hint=rule() hint_is_said=rule_is_said
                    on_input=Callback::new(move |password| {
                        typed.set(password);
                        edited.set(true);
                    })
                    issue=password_issue
                >
                    <StrengthHint typed issue=password_issue/>
                </PasswordField>
                <Submit label=t("page.sign_up.action")/>
            </PostForm>
            <p class="form-foot">{t("page.sign_up.have_account")} " " <a href="/sign-in">{t("page.sign_in.action")}</a></p>
        </Entry>
    }
}

/// How strong the password is so far, in words; silent while an issue of it is said.
#[component]
fn StrengthHint(typed: RwSignal<String>, issue: Signal<Option<String>>) -> impl IntoView {
    let locale = locale();
    move || {
        let password = typed.get();
        (!password.is_empty() && issue.get().is_none()).then(|| {
            let strength = password::strength(&password, &browser::value_of("email"), &browser::value_of("name"));
            let missing = MIN_LENGTH.saturating_sub(password.chars().count()).to_string();
            let key = match strength {
                Strength::TooShort => "page.sign_up.strength_short",
                Strength::Weak => "page.sign_up.strength_weak",
                Strength::Good => "page.sign_up.strength_good",
                Strength::Strong => "page.sign_up.strength_strong",
            };
            let words = text_with(locale, key, &[("missing", &missing)]);
            view! {
                <p class="strength" data-level=strength.level().to_string() role="status">
                    <span class="strength-bar" aria-hidden="true"></span>
                    <span>{words}</span>
                </p>
            }
        })
    }
}

fn rule() -> String {
    t_with("page.sign_up.password_rule", &[("min", &MIN_LENGTH.to_string())])
}

/// Address and name of a refused post without script.
#[cfg(feature = "ssr")]
pub(super) fn typed_before() -> (String, String) {
    crate::server::typed()
}

/// In the browser the fields are there already, with what is typed in them.
#[cfg(not(feature = "ssr"))]
pub(super) fn typed_before() -> (String, String) {
    (String::new(), String::new())
}
