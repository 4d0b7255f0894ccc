//! Signing in.

use auth::{ErrorCode, Field as Name, LocalPath};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::sign_up::typed_before;
use crate::error::AppError;
use crate::text::t;
use crate::ui::{Entry, Field, Notice, PasswordField, RefusalNotice, Submit, Tone, issue_of, watch_refusal};
use crate::{browser, session};

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
    let action = ServerAction::<SignIn>::new();
    let refusal = watch_refusal(action, RwSignal::new(None::<AppError>));
    let value = action.value();
    Effect::new(move |_| {
        if let Some(Ok(next)) = value.get() {
            session::announce_sign_in();
            browser::go(&next);
        }
    });
    let query = use_query_map().get_untracked();
    let next = query.get("next").filter(|next| LocalPath::parse(next).is_some()).unwrap_or_default();
    let note = match query.get("note").as_deref() {
        Some("signed_out") => Some((Tone::Info, t("page.sign_in.note_signed_out"))),
        Some("verified") => Some((Tone::Ok, t("page.sign_in.note_verified"))),
        _ => None,
    };
    let (email, _) = typed_before();
    let credentials_issue = Signal::derive(move || {
        refusal.get().filter(|refusal| refusal.code() == ErrorCode::InvalidCredentials).map(|_| String::new())
    });
    let password_issue = issue_of(refusal, Name::Password);
    view! {
        <Entry title=t("page.sign_in.title") lead=t("page.sign_in.lead") refused=Signal::derive(move || refusal.get().is_some())>
            <RefusalNotice refusal/>
            {move || refusal.get().is_none().then(|| note.clone().map(|(tone, text)| view! { <Notice tone text/> }))}
            <ActionForm action attr:class="form" attr:novalidate=true>
                <input type="hidden" name="next" value=next/>
                <Field id="email" name="email" label=t("ui.email") kind="email" autocomplete="username webauthn"
                    inputmode="email" value=email issue=issue_of(refusal, Name::Email)/>
                <PasswordField id="current-password" autocomplete="current-password"
                    issue=Signal::derive(move || password_issue.get().or_else(|| credentials_issue.get()))/>
                <Submit label=t("page.sign_in.action") pending=action.pending().into()/>
            </ActionForm>
            <p class="form-foot">{t("page.sign_in.no_account")}" "<a href="/sign-up">{t("page.sign_up.action")}</a></p>
        </Entry>
    }
}
