//! How one signs in: the second factors at a glance, what happens when the phone is lost, and the password.

use auth::form::ChangePasswordForm;
use auth::view::{FactorsOverview, Me};
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::ExposeSecret;

use super::factors::SecondFactors;
use super::other_devices::offer_to_end_others;
use super::wanted_act::{WantedAct, or_sign_in};
use super::{query, refused};
use crate::error::AppError;
use crate::island::{PasswordField, PostForm, Rules, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Notice, Shell, Submit, Tone, provide_zone};

/// Replaces the password of the signed-in person, whose own session goes on. A box that is not
/// ticked sends nothing: then the other devices stay.
///
/// # Errors
/// The current password is wrong, the new one cannot be accepted; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current_password: String,
    #[server(default)] new_password: String,
    #[server(default)] end_other_sessions: bool,
) -> Result<(), AppError> {
    server::caller()?;
    server::keep_ticked(end_other_sessions);
    let form = ChangePasswordForm {
        current_password: current_password.into(),
        new_password: new_password.into(),
        end_other_sessions,
    };
    let change = form.parse()?;
    let (current_password, new_password) = (change.current.expose_secret(), change.new.expose_secret());
    let act = WantedAct::SetPassword {
        current_password: current_password.to_owned(),
        new_password: new_password.to_owned(),
        end_other_sessions,
    };
    or_sign_in(act.perform_or_ask().await)
}

async fn load() -> Result<(Me, FactorsOverview), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    Ok((me, flow::factors_overview(&auth, &caller).await?))
}

/// The page `/account/security`.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, overview)) => view! { <Security me overview/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Security(me: Me, overview: FactorsOverview) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(ChangePassword::PATH);
    let is_refused = refusal.is_some();
    let note = note_text(&query("note")).filter(|_| !is_refused);
    let ends_others = !is_refused || server::was_ticked();
    let (heading, action) = if me.has_password {
        (t("page.security.change_title"), t("page.security.change_action"))
    } else {
        (t("page.security.set_title"), t("page.security.set_action"))
    };
    let (email, name, has_password) = (me.email.to_string(), me.name.to_string(), me.has_password);
    view! {
        <Shell
            current=Area::Security title=t("page.security.nav") purpose=t("page.security.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            {offer_to_end_others(&["changed"], is_refused)}
            <SecondFactors overview/>
            <Connections/>
            <section class="card">
                <h2>{heading}</h2>
                <PostForm action=ChangePassword::PATH refusal rules=Rules::ChangePassword class="form account-form">
                    // Not sent: they tell a password manager whose password it is, and the strength what
                    // must not be in it.
                    <input type="email" id="email" autocomplete="username" value=email readonly hidden/>
                    <input type="hidden" id="name" value=name/>
                    {has_password.then(|| view! { <PasswordField field=Name::CurrentPassword is_new=false/> })}
                    <PasswordField field=Name::NewPassword is_new=true/>
                    <label class="check">
                        <input type="checkbox" name="end_other_sessions" value="true" checked=ends_others/>
                        <span>{t("page.security.end_others")}</span>
                    </label>
                    <Submit label=action/>
                </PostForm>
                <p class="hint">
                    {t("page.security.tokens_stay")}" "<a href="/account/tokens">{t("page.tokens.nav")}</a>
                </p>
            </section>
        </Shell>
    }
}

/// The way to the accounts of other services; nothing where there is none to connect.
#[component]
fn Connections() -> impl IntoView {
    let is_offered = !flow::list_providers(&server::auth()).is_empty();
    is_offered.then(|| {
        view! {
            <section class="card">
                <h2>{t("page.connections.nav")}</h2>
                <p>{t("page.connections.security_text")}</p>
                <p class="actions">
                    <a class="button button-secondary button-small" href="/account/connections">
                        {t("page.connections.manage")}
                    </a>
                </p>
            </section>
        }
    })
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "changed" => Some(t("page.security.changed")),
        "recovery_cancelled" => Some(t("page.recovery.cancelled")),
        "changed_everywhere" => Some(t("page.security.changed_everywhere")),
        _ => None,
    }
}
