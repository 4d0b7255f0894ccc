//! The forms of "Confirm it is you": one for each way, and the links to the others. Codes work without a script; a
//! passkey needs one, and says so.

use auth::view::{ConnectionItem, Me};
use auth::{FactorMethod, Field as Name};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::confirm::{Asked, ConfirmIdentity, SendConfirmCode};
use super::query;
use crate::island::{Field, PasskeyProof, PasswordField, PostForm, refusal_of};
use crate::page::federation::{continue_with, icon_of};
use crate::session::provider_proof_path;
use crate::text::t;
use crate::ui::{Icon, Notice, Submit, Tone};

/// Whether the last post of a form here was refused.
pub(super) fn is_refused() -> bool {
    refusal_of(ConfirmIdentity::PATH).is_some() || refusal_of(SendConfirmCode::PATH).is_some()
}

/// What waits, and by which method, as the forms send it.
#[component]
fn Waiting(asked: Asked, #[prop(optional)] method: Option<FactorMethod>) -> impl IntoView {
    let Asked { act, next } = asked;
    view! {
        <input type="hidden" name="act" value=act/>
        <input type="hidden" name="next" value=next/>
        {method.map(|method| view! { <input type="hidden" name="method" value=method.as_str()/> })}
    }
}

/// A factor of the account.
#[component]
pub(super) fn ByFactor(method: FactorMethod, asked: Asked) -> impl IntoView {
    let refusal = refusal_of(ConfirmIdentity::PATH);
    let note = (query("note") == "sent" && refusal.is_none()).then(|| t("page.confirm_factor.sent"));
    let how = t(match method {
        FactorMethod::Passkey => "page.confirm_factor.how_passkey",
        FactorMethod::Totp => "page.confirm_factor.how_totp",
        FactorMethod::SmsCode | FactorMethod::EmailCode => "page.confirm_factor.how_sms_code",
        FactorMethod::RecoveryCode => "page.confirm_factor.how_recovery_code",
    });
    let waiting = asked.clone();
    view! {
        {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
        <p>{how}</p>
        {(method == FactorMethod::SmsCode).then(|| view! { <Send asked=asked.clone()/> })}
        <PostForm action=ConfirmIdentity::PATH refusal>
            <Waiting asked=waiting method/>
            // Made in here: what the form is refused with reaches the fields that are made within it.
            {if method == FactorMethod::Passkey {
                view! { <PasskeyProof options="/api/v1/reauthenticate/passkey" bearer=true/> }.into_any()
            } else {
                view! { <Code method/> <Submit label=t("page.confirm.action")/> }.into_any()
            }}
        </PostForm>
    }
}

#[component]
fn Code(method: FactorMethod) -> impl IntoView {
    // A recovery code has letters, and is nothing that a phone fills in.
    let (autocomplete, inputmode) =
        if method == FactorMethod::RecoveryCode { ("off", "text") } else { ("one-time-code", "numeric") };
    view! {
        <Field
            field=Name::Code label=t("ui.code") class="input input-code" autocomplete=autocomplete inputmode=inputmode
            maxlength=100
        />
    }
}

/// Asks for a code by SMS.
#[component]
fn Send(asked: Asked) -> impl IntoView {
    let refusal = refusal_of(SendConfirmCode::PATH);
    view! {
        <PostForm action=SendConfirmCode::PATH refusal>
            <Waiting asked method=FactorMethod::SmsCode/>
            <button type="submit" class="button button-secondary button-wide">{t("page.confirm_factor.send")}</button>
        </PostForm>
    }
}

/// The providers of an account without a password and without a strong factor: they ask for a proof there, even of who
/// has a session. A password comes by mail.
#[component]
pub(super) fn ByProvider(connected: Vec<ConnectionItem>, next: String) -> impl IntoView {
    let by_mail =
        if connected.is_empty() { "button button-primary button-wide" } else { "button button-secondary button-wide" };
    let mut providers: Vec<ConnectionItem> = connected;
    providers.dedup_by(|one, other| one.provider == other.provider);
    let buttons: Vec<_> = providers
        .into_iter()
        .map(|ConnectionItem { provider, provider_name, icon, .. }| {
            view! {
                <li class="way">
                    <a class="button button-secondary button-wide" href=provider_proof_path(&provider, &next)>
                        <Icon name=icon_of(icon) class="icon provider-icon"/>
                        <span>{continue_with(&provider_name)}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <ul class="provider-list">
            {buttons}
            <li class="way"><a class=by_mail href="/forgot-password">{t("page.forgot_password.action")}</a></li>
        </ul>
    }
}

/// The password, of an account without a strong factor.
#[component]
pub(super) fn ByPassword(me: Me, asked: Asked) -> impl IntoView {
    let refusal = refusal_of(ConfirmIdentity::PATH);
    view! {
        <PostForm action=ConfirmIdentity::PATH refusal>
            <Waiting asked/>
            <input type="email" id="email" autocomplete="username" value=me.email.to_string() readonly hidden/>
            <PasswordField field=Name::CurrentPassword is_new=false forgot=t("page.sign_in.forgot")/>
            <Submit label=t("page.confirm.action")/>
        </PostForm>
    }
}

/// Links to the other ways, strongest first.
#[component]
pub(super) fn OtherWays(methods: Vec<FactorMethod>, asked: Asked) -> impl IntoView {
    let links: Vec<_> = methods
        .into_iter()
        .map(|method| {
            let name = t(match method {
                FactorMethod::Passkey => "page.confirm_factor.way_passkey",
                FactorMethod::Totp => "page.confirm_factor.way_totp",
                FactorMethod::SmsCode | FactorMethod::EmailCode => "page.confirm_factor.way_sms_code",
                FactorMethod::RecoveryCode => "page.confirm_factor.way_recovery_code",
            });
            view! { <li><a href=asked.address(method)>{name}</a></li> }
        })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section>
                <h2>{t("page.confirm_factor.others")}</h2>
                <ul class="plain-list">{links}</ul>
            </section>
        }
    })
}
