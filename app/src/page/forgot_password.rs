//! Asking for a new password. A known and an unknown address lead to the same page: only the mail
//! says which it is.

use auth::form::ForgotPasswordForm;
use auth::limit::bring_solution;
use auth::view::ResetStatus;
use auth::{Email, Field as Name};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use super::attempts::{Work, work_after};
use super::reset_password::reset_status;
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Submit};

/// Promises a mail and leads to the page that waits for its code.
///
/// # Errors
/// Not an address.
#[server(prefix = "/rpc", endpoint = "forgot_password")]
pub async fn forgot_password(
    #[server(default)] email: String,
    #[server(default)] solution: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    bring_solution(&solution);
    server::keep_typed(&email, "");
    let email = ForgotPasswordForm { email }.parse()?;
    let again = waits_for(&email).await;
    let ticket = auth::flow::forgot_password(&auth, &email, &context).await?;
    // Beyond the limit of mails the older one stays good, and its code goes with the older ticket.
    if !again || !waits_for(&email).await {
        server::set_cookie(server::RESET_COOKIE, ticket.expose_secret(), auth.lifetimes().password_reset);
    }
    server::see_other(if again { "/reset-password?note=sent" } else { "/reset-password" });
    Ok(())
}

/// Whether this browser waits for the code of a mail to this address.
async fn waits_for(email: &Email) -> bool {
    matches!(reset_status().await, ResetStatus::Waiting { email: waiting, .. } if waiting == *email)
}

/// The page `/forgot-password`.
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let refusal = refusal_of(ForgotPassword::PATH);
    let (email, _) = server::typed();
    let challenge = work_after(refusal.as_ref());
    view! {
        <Entry title=t("page.forgot_password.title") lead=t("page.forgot_password.lead") refused=refusal.is_some()>
            <PostForm action=ForgotPassword::PATH refusal>
                <Field
                    field=Name::Email label=t("ui.email") kind="email" autocomplete="username" inputmode="email"
                    value=email
                />
                <Work challenge/>
                <Submit label=t("page.forgot_password.action")/>
            </PostForm>
            <p class="form-foot">{t("page.forgot_password.remembered")} " " <a href="/sign-in">{t("page.sign_in.action")}</a></p>
        </Entry>
    }
}
