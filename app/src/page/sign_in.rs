//! Signing in.

use auth::flow::{self, SignIn as Outcome};
use auth::form::SignInForm;
use auth::limit::bring_solution;
use auth::{Field as Name, LocalPath};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use secrecy::ExposeSecret;

use super::attempts::{Work, work_after};
use super::federation::{LastUsed, ProviderButtons, way_to_mark};
use super::joining::INVITATION;
use super::passkey_sign_in::{OtherWay, PasskeySignIn};
use crate::error::AppError;
use crate::island::{Field, PasswordField, PostForm, SignedOutHere, refusal_of};
use crate::page::fedcm_sign_in::FedCmSignIn;
use crate::server;
use crate::session::two_step_path;
use crate::text::t;
use crate::ui::{Entry, Notice, Submit, Tone};

/// Verifies the password, sets the cookie and says where to go.
///
/// # Errors
/// Wrong address or password (never which), or too many at once.
#[server(prefix = "/rpc", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
    #[server(default)] solution: String,
) -> Result<String, AppError> {
    let (auth, context) = (server::auth(), server::context());
    bring_solution(&solution);
    server::keep_typed(&email, "");
    let credentials = SignInForm { email, password: password.into() }.parse()?;
    let lifetimes = *auth.lifetimes();
    let trusted = server::cookie(server::TRUSTED_DEVICE_COOKIE);
    let next = match flow::sign_in(&auth, credentials, trusted.as_ref(), &context).await? {
        Outcome::SignedIn(signed_in) => {
            server::remember_way(server::PASSWORD_WAY);
            // The cookie is about to be replaced: the session it holds would live on unseen.
            if let Some(old) = server::cookie(server::REFRESH_COOKIE) {
                flow::sign_out(&auth, &old, &context).await?;
            }
            // Another person's half of a sign-in may wait in this browser.
            server::clear_cookie(server::SECOND_FACTOR_COOKIE);
            server::set_cookie(server::REFRESH_COOKIE, signed_in.refresh_token.expose_secret(), lifetimes.session);
            server::way_on(&next)
        }
        Outcome::NeedsSecondFactor(pending) => {
            server::remember_way(server::PASSWORD_WAY);
            server::set_cookie(
                server::SECOND_FACTOR_COOKIE,
                pending.ticket.expose_secret(),
                flow::SECOND_FACTOR_SECONDS,
            );
            two_step_path(None, &next)
        }
        Outcome::NeedsVerification(ticket) => {
            server::set_cookie(server::SIGN_UP_COOKIE, ticket.expose_secret(), lifetimes.verification);
            "/verify-email".to_owned()
        }
    };
    server::see_other(&next);
    Ok(next)
}

/// The page `/sign-in`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let refusal = refusal_of(SignIn::PATH).or_else(|| refusal_of(PasskeySignIn::PATH));
    let query = use_query_map().get_untracked();
    let next = query.get("next").filter(|next| LocalPath::parse(next).is_some());
    // Whoever signed up by an invitation comes here without a wish, and goes back to it.
    let next = next.or_else(|| server::kept_invitation().map(|_| INVITATION.to_owned())).unwrap_or_default();
    let note = query.get("note").unwrap_or_default();
    let (email, _) = server::typed();
    let (passkey_next, provider_next) = (next.clone(), next.clone());
    let last = way_to_mark();
    let by_password = last.as_deref() == Some(server::PASSWORD_WAY);
    let challenge = work_after(refusal.as_ref());
    let by_passkey = last.as_deref() == Some(server::PASSKEY_WAY);
    view! {
        <Entry title=t("page.sign_in.title") lead=t("page.sign_in.lead") refused=refusal.is_some()>
            {["signed_out", "password_reset", "email_restored", "account_recovered", "too_many_tries"].contains(&&*note).then(|| view! { <SignedOutHere/> })}
            {refusal.is_none().then(|| view! { <Note note/> })}
            <PostForm action=SignIn::PATH refusal>
                <input type="hidden" id="next" name="next" value=next/>
                <Field
                    field=Name::Email label=t("ui.email") kind="email" autocomplete="username webauthn"
                    inputmode="email" value=email
                />
                <PasswordField is_new=false forgot=t("page.sign_in.forgot")/>
                <Work challenge/>
                <div class="way">
                    <Submit label=t("page.sign_in.action")/>
                    {by_password.then(|| view! { <LastUsed/> })}
                </div>
            </PostForm>
            <ProviderButtons next=provider_next last/>
            <OtherWay next=passkey_next is_last=by_passkey/>
            <p class="form-foot">{t("page.sign_in.no_account")} " " <a href="/sign-up">{t("page.sign_up.action")}</a></p>
            <FedCmSignIn/>
        </Entry>
    }
}

/// What led here, when it was something worth saying.
#[component]
fn Note(note: String) -> impl IntoView {
    match &*note {
        "email_restored" => Some(view! { <Notice tone=Tone::Ok text=t("page.sign_in.note_email_restored")/> }),
        "account_recovered" => Some(view! { <Notice tone=Tone::Ok text=t("page.recovery.note_recovered")/> }),
        "account_kept" => Some(view! { <Notice tone=Tone::Ok text=t("page.sign_in.note_account_kept")/> }),
        "too_many_tries" => Some(view! { <Notice tone=Tone::Danger text=t("error.too_many_tries")/> }),
        "signed_out" => Some(view! { <Notice tone=Tone::Info text=t("page.sign_in.note_signed_out")/> }),
        "password_reset" => Some(view! { <Notice tone=Tone::Ok text=t("page.sign_in.note_password_reset")/> }),
        "verified" => Some(view! { <Notice tone=Tone::Ok text=t("page.sign_in.note_verified")/> }),
        _ => None,
    }
}
