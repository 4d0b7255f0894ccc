//! Signing in.

use auth::{ErrorCode, Field as Name, LocalPath};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::sign_up::typed_before;
use crate::error::AppError;
use crate::session;
use crate::text::t;
use crate::ui::{
    Entry, Field, Notice, PasswordField, PostForm, RefusalNotice, Submit, Tone, is_refused_for, issue_of, refusal_of,
};

/// Verifies the password, sets the cookie and says where to go.
///
/// # Errors
/// Wrong address or password (never which), or too many at once.
#[server(prefix = "/rpc", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<String, AppError> {
    use crate::server;
    use auth::flow::{self, SignIn as Outcome};
    use auth::form::SignInForm;
    use secrecy::ExposeSecret;

    let (auth, context) = (server::auth(), server::context());
    server::keep_typed(&email, "");
    let credentials = SignInForm { email, password: password.into() }.parse()?;
    let lifetimes = *auth.lifetimes();
    let next = match flow::sign_in(&auth, credentials, &context).await? {
        Outcome::SignedIn(signed_in) => {
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = server::cookie(server::REFRESH_COOKIE) {
                flow::sign_out(&auth, &old, &context).await?;
            }
            server::set_cookie(server::REFRESH_COOKIE, signed_in.refresh_token.expose_secret(), lifetimes.session);
            after_sign_in(&next)
        }
        Outcome::NeedsVerification(ticket) => {
            server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), lifetimes.verification);
            "/verify-email".to_owned()
        }
    };
    server::see_other(&next);
    Ok(next)
}

/// The page asked for before the sign-in, if it is one of ours.
pub fn after_sign_in(next: &str) -> String {
    LocalPath::parse(next).map_or_else(|| "/dashboard".to_owned(), |path| path.as_str().to_owned())
}

/// The page `/sign-in`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let refusal = refusal_of(SignIn::PATH);
    let query = use_query_map().get_untracked();
    let next = query.get("next").filter(|next| LocalPath::parse(next).is_some()).unwrap_or_default();
    let note = query.get("note").unwrap_or_default();
    if note == "signed_out" {
        session::announce_sign_out();
    }
    let (email, _) = typed_before();
    // Both, because it is never said which of the two is wrong.
    let blamed = is_refused_for(refusal, &[ErrorCode::InvalidCredentials]);
    view! {
        <Entry title=t("page.sign_in.title") lead=t("page.sign_in.lead") refusal>
            <RefusalNotice refusal/>
            {refusal.get_untracked().is_none().then(|| view! { <Note note/> })}
            <PostForm action=SignIn::PATH>
                <input type="hidden" id="next" name="next" value=next/>
                <Field
                    id="email" name="email" label=t("ui.email") kind="email" autocomplete="username webauthn"
                    inputmode="email" value=email issue=issue_of(refusal, Name::Email) blamed
                />
                <PasswordField
                    id="current-password" autocomplete="current-password" issue=issue_of(refusal, Name::Password)
                    blamed
                />
                <Submit label=t("page.sign_in.action")/>
            </PostForm>
            <p class="form-foot">{t("page.sign_in.no_account")} " " <a href="/sign-up">{t("page.sign_up.action")}</a></p>
        </Entry>
    }
}

/// What led here, when it was something worth saying.
#[component]
fn Note(note: String) -> impl IntoView {
    match &*note {
        "signed_out" => Some(view! { <Notice tone=Tone::Info text=t("page.sign_in.note_signed_out")/> }),
        "verified" => Some(view! { <Notice tone=Tone::Ok text=t("page.sign_in.note_verified")/> }),
        _ => None,
    }
}
