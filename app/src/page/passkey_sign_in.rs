//! Signing in with a passkey: by the button below the password, or from what the browser fills in.

use auth::ErrorCode;
use auth::flow::{self, Entered, PasskeySignIn as Outcome};
use auth::form::PasskeyForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use crate::error::AppError;
use crate::island::{PasskeySignIn as Button, PasskeySignals, PostForm};
use crate::server;
use crate::session::two_step_path;

/// Verifies the passkey, sets the cookie and says where to go.
///
/// # Errors
/// The answer is not accepted.
#[server(prefix = "/rpc", endpoint = "passkey_sign_in")]
pub async fn passkey_sign_in(
    #[server(default)] ceremony: String,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let lifetimes = *auth.lifetimes();
    let credential = server::passkey_credential(&credential);
    let (answer, _) = PasskeyForm { ceremony: ceremony.into(), credential, name: None }.parse()?;
    let next = match flow::passkey_sign_in(&auth, &answer, &context).await? {
        Outcome::Entered(Entered::SignedIn(signed_in)) => {
            server::remember_way(server::PASSKEY_WAY);
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = server::cookie(server::REFRESH_COOKIE) {
                flow::sign_out(&auth, &old, &context).await?;
            }
            // Another person's half of a sign-in may wait in this browser.
            server::clear_cookie(server::SECOND_FACTOR_COOKIE);
            server::set_cookie(server::REFRESH_COOKIE, signed_in.refresh_token.expose_secret(), lifetimes.session);
            server::way_on(&next)
        }
        Outcome::Entered(Entered::NeedsSecondFactor(pending)) => {
            server::remember_way(server::PASSKEY_WAY);
            let ticket = pending.ticket.expose_secret();
            server::set_cookie(server::SECOND_FACTOR_COOKIE, ticket, flow::SECOND_FACTOR_SECONDS);
            two_step_path(None, &next)
        }
        Outcome::NeedsVerification(ticket) => {
            server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), lifetimes.verification);
            "/verify-email".to_owned()
        }
        Outcome::Unknown(unknown) => {
            server::keep_unknown_passkey(&unknown);
            return Err(ErrorCode::PasskeyRefused.into());
        }
    };
    server::see_other(&next);
    Ok(())
}

/// The other way in, below the password. After a passkey that nobody has, the browser's keeper of passkeys is told so.
#[component]
pub(super) fn OtherWay(next: String, is_last: bool) -> impl IntoView {
    let unknown = server::take_unknown_passkey();
    flow::passkeys_are_possible(&server::auth()).then(|| {
        view! {
            <PostForm action=PasskeySignIn::PATH class="">
                <input type="hidden" name="next" value=next/>
                <Button is_last/>
            </PostForm>
            {unknown.map(|signal| view! { <PasskeySignals signals=vec![signal]/> })}
        }
    })
}
