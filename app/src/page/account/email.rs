//! The address of the account: another one is asked for here, proves itself here, and is called off
//! here.
//!
//! Opening the mailed link changes nothing: only its button posts.

use auth::form::{ConfirmEmailForm, EmailChangeForm};
use auth::view::{EmailChangeStatus, Me, UndoableEmail, WaitingEmail};
use auth::{Email, ErrorCode, Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::wanted_act::WantedAct;
use super::{query, refused};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Moment, Notice, Shell, Submit, Tone, provide_zone};

/// Asks for another address.
///
/// # Errors
/// An address that cannot be accepted; too many changes within an hour; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_email")]
pub async fn change_email(#[server(default)] email: String) -> Result<(), AppError> {
    server::caller()?;
    server::keep_typed(&email, "");
    // What cannot be an address is said before anybody is asked for a password.
    EmailChangeForm { email: email.clone() }.parse()?;
    WantedAct::ChangeEmail { email }.perform_or_ask().await
}

/// Proves the new address with what was mailed to it.
///
/// # Errors
/// A wrong code, or too many of them; the link was used or is too old; the address has an account.
#[server(prefix = "/rpc", endpoint = "confirm_email_change")]
pub async fn confirm_email_change(
    #[server(default)] token: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let proof = ConfirmEmailForm { token: token.into(), code }.parse()?;
    flow::confirm_email_change(&auth, &caller, &proof, &context).await?;
    server::see_other("/account/email?note=changed");
    Ok(())
}

/// Calls off the change that waits.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "cancel_email_change")]
pub async fn cancel_email_change() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::cancel_email_change(&auth, &caller, &context).await?;
    server::see_other("/account/email?note=cancelled");
    Ok(())
}

/// The address behind a mailed link: none without a link, an error for one that is dead.
type Linked = Option<Result<Email, AppError>>;

async fn load(token: Option<String>) -> Result<(Me, EmailChangeStatus, Linked), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let status = flow::email_change_status(&auth, &caller).await?;
    let linked = match token {
        Some(token) => Some(flow::email_change_of_link(&auth, &caller, &token.into()).await.map_err(AppError::from)),
        None => None,
    };
    Ok((me, status, linked))
}

/// The page `/account/email`.
#[component]
pub fn EmailPage() -> impl IntoView {
    let token = Some(query("token")).filter(|token| !token.is_empty());
    let asked = token.clone();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let token = token.clone().unwrap_or_default();
                Suspend::new(async move {
                    match loaded.await {
                        Ok((me, status, linked)) => view! { <Address me status linked token/> }.into_any(),
                        Err(error) => refused(&error),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Address(me: Me, status: EmailChangeStatus, linked: Linked, token: String) -> impl IntoView {
    provide_zone(&me);
    let (change, confirm) = (refusal_of(ChangeEmail::PATH), refusal_of(ConfirmEmailChange::PATH));
    let is_dead = matches!(linked, Some(Err(_)));
    let is_refused = change.is_some() || confirm.is_some() || is_dead;
    let note = note_text(&query("note")).filter(|_| !is_refused);
    let typed = if change.is_some() { server::typed().0 } else { String::new() };
    let EmailChangeStatus { waiting, undoable } = status;
    // A refusal of a link or code whose change is gone has no form to stand on.
    let orphan = confirm.clone().filter(|_| waiting.is_none());
    let address = me.email.to_string();
    let cards = match linked {
        Some(Ok(email)) => view! { <ByLink email token refusal=confirm/> }.into_any(),
        _ => view! {
            {waiting.map(|waiting| view! { <Waiting waiting refusal=confirm/> })}
            <section class="card">
                <h2>{t("page.email.change_title")}</h2>
                <PostForm action=ChangeEmail::PATH refusal=change class="form account-form">
                    <Field
                        field=Name::Email label=t("page.email.new_email") kind="email" autocomplete="email"
                        inputmode="email" value=typed hint=t("page.email.hint")
                    />
                    <Submit label=t("page.email.action")/>
                </PostForm>
            </section>
        }
        .into_any(),
    };
    view! {
        <Shell
            current=Area::Profile title=t("page.email.title") purpose=t("page.email.purpose") me refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            {is_dead.then(dead_link)}
            {orphan.map(|refusal| {
                let text = t(&format!("error.{}", refusal.code().as_str()));
                view! { <Notice tone=Tone::Danger text/> }
            })}
            <section class="card">
                <h2>{t("page.email.current")}</h2>
                <p class="address">{address}</p>
                {undoable.map(|undoable| view! { <Undoable undoable/> })}
            </section>
            {cards}
        </Shell>
    }
}

/// Behind the mailed link: one button.
#[component]
fn ByLink(email: Email, token: String, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.email.confirm_title")}</h2>
            <p class="address">{email.to_string()}</p>
            <PostForm action=ConfirmEmailChange::PATH refusal class="form account-form">
                <input type="hidden" name="token" value=token/>
                <Submit label=t("page.email.confirm_action")/>
            </PostForm>
            <p class="form-foot"><a href="/account/email">{t("page.confirm.cancel")}</a></p>
        </section>
    }
}

/// The address that must prove itself: by the code, or by the link in its mailbox.
#[component]
fn Waiting(waiting: WaitingEmail, refusal: Option<AppError>) -> impl IntoView {
    let WaitingEmail { email, expires_at, tries_left } = waiting;
    let code = if tries_left == 0 {
        view! { <Notice tone=Tone::Danger text=t("error.code_exhausted")/> }.into_any()
    } else {
        view! {
            <PostForm action=ConfirmEmailChange::PATH refusal class="form account-form">
                <Field
                    field=Name::Code label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                    inputmode="numeric" maxlength=40 hint=t("page.email.code_hint")
                />
                <Submit label=t("page.verify_email.action")/>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t("page.email.waiting_title")}</h2>
                <span class="badge badge-warn">{t("page.email.waiting")}</span>
            </div>
            <p class="address">{email.to_string()}</p>
            <p class="muted">{t("page.email.works_until")}" "<Moment at=expires_at with_time=true/></p>
            {code}
            <form method="post" action=CancelEmailChange::PATH class="actions">
                <button type="submit" class="button button-secondary">{t("page.email.cancel")}</button>
            </form>
        </section>
    }
}

/// The address before, which may still be taken back.
#[component]
fn Undoable(undoable: UndoableEmail) -> impl IntoView {
    view! {
        <p class="muted">
            {t("page.email.undoable")}" "<strong>{undoable.email.to_string()}</strong>" · "{t("page.email.until")}" "
            <Moment at=undoable.until with_time=true/>
        </p>
    }
}

fn dead_link() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! { <Notice tone=Tone::Danger text=t("page.email.dead_link")/> }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "asked" => Some(t("page.email.asked")),
        "changed" => Some(t("page.email.changed")),
        "cancelled" => Some(t("page.email.cancelled")),
        _ => None,
    }
}
