//! Creating an account.

use auth::Field as Name;
use auth::form::SignUpForm;
use auth::limit::bring_solution;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use super::account::query;
use super::attempts::{Work, work_after};
use super::federation::{ProviderButtons, way_to_mark};
use super::passkey_sign_up::{InsteadOfPassword, PasskeySignUp, PasskeySignUpBody};
use crate::error::AppError;
use crate::island::{Field, PasswordField, PostForm, Rules, refusal_of};
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Submit};

/// Stores the sign-up and leads to its waiting page: the same for new and known addresses.
///
/// # Errors
/// Fields that cannot be accepted; too many at once.
#[server(prefix = "/rpc", endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] name: String,
    #[server(default)] solution: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    bring_solution(&solution);
    server::keep_typed(&email, &name);
    let account = SignUpForm { email, password: password.into(), name }.parse()?;
    let ticket = auth::flow::sign_up(&auth, account, &context).await?;
    server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), auth.lifetimes().verification);
    server::see_other("/verify-email");
    Ok(())
}

/// The page `/sign-up`.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let refusal = refusal_of(SignUp::PATH).or_else(|| refusal_of(PasskeySignUp::PATH));
    let (email, name) = server::typed();
    let challenge = work_after(refusal.as_ref());
    view! {
        <Entry title=t("page.sign_up.title") lead=t("page.sign_up.lead") refused=refusal.is_some()>
            <PostForm action=SignUp::PATH refusal rules=Rules::SignUp>
                <Field field=Name::Name label=t("ui.name") autocomplete="name" value=name maxlength=200/>
                <Field
                    field=Name::Email label=t("ui.email") kind="email" autocomplete="username" inputmode="email"
                    value=email
                />
                <PasswordField is_new=true/>
                <Work challenge/>
                <Submit label=t("page.sign_up.action")/>
                <InsteadOfPassword/>
            </PostForm>
            <PasskeySignUpBody/>
            <ProviderButtons next=query("next") last=way_to_mark()/>
            <p class="form-foot">{t("page.sign_up.have_account")} " " <a href="/sign-in">{t("page.sign_in.action")}</a></p>
        </Entry>
    }
}
