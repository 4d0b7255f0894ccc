//! Creating an account with a passkey and no password.

use auth::flow;
use auth::form::PasskeySignUpForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use crate::error::AppError;
use crate::island::PasskeySignUp as Button;
use crate::server;

/// The form that is sent with the passkey, beside the one with the fields: a password typed there stays there.
const FORM: &str = "passkey-sign-up";

/// Stores the sign-up and leads to its waiting page: the same for new and known addresses.
///
/// # Errors
/// Fields that cannot be accepted; the answer of the browser is not accepted; too many at once.
#[server(prefix = "/rpc", endpoint = "passkey_sign_up")]
pub async fn passkey_sign_up(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] ceremony: String,
    #[server(default)] credential: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    server::keep_typed(&email, &name);
    let credential = server::passkey_credential(&credential);
    let form = PasskeySignUpForm { email, name, ceremony: ceremony.into(), credential };
    let (account, answer) = form.parse()?;
    let ticket = flow::passkey_sign_up(&auth, account, &answer, &context).await?;
    server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), auth.lifetimes().verification);
    server::see_other("/verify-email");
    Ok(())
}

/// The button among the fields of a sign-up. It takes name and address from them.
#[component]
pub(super) fn InsteadOfPassword() -> impl IntoView {
    flow::passkeys_are_possible(&server::auth()).then(|| view! { <Button form=FORM/> })
}

/// The form it sends.
#[component]
pub(super) fn PasskeySignUpBody() -> impl IntoView {
    view! { <form method="post" action=PasskeySignUp::PATH id=FORM hidden></form> }
}
