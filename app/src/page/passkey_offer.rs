//! "Next time with your fingerprint or face": the one offer of a passkey after a sign-in with a password.
//!
//! It is a card on the first page behind the sign-in, below everything else: nothing waits for an answer. The server
//! says whom to ask, the browser whether its device can keep a passkey.

use auth::flow;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{AddPasskey, PASSKEYS_PATH, PreparePasskey};
use crate::error::AppError;
use crate::island::{PasskeyCreate, PostForm, WherePasskeysFit, refusal_of};
use crate::server;
use crate::text::t;
use crate::ui::Icon;

/// The form that leads to a fresh proof when one is missing.
const CONFIRM_FORM: &str = "prepare-passkey";

/// "Not now": the account is not asked again.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "decline_passkey")]
pub async fn decline_passkey() -> Result<(), AppError> {
    flow::decline_passkey_offer(&server::auth(), &server::caller()?).await?;
    server::see_other("/dashboard");
    Ok(())
}

/// "Never on this device": nobody is asked in this browser for a year.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "never_offer_passkey")]
pub async fn never_offer_passkey() -> Result<(), AppError> {
    server::caller()?;
    server::remember_no_passkey_offer();
    server::see_other("/dashboard");
    Ok(())
}

/// Whether to make the offer to whoever asks for this page. Where that cannot be found out, it is not made.
pub(super) async fn is_due() -> bool {
    if server::cookie(server::NO_PASSKEY_OFFER_COOKIE).is_some() {
        return false;
    }
    let Ok(caller) = server::caller() else { return false };
    flow::offers_passkey(&server::auth(), &caller).await.unwrap_or(false)
}

/// The card.
#[component]
pub(super) fn PasskeyOffer() -> impl IntoView {
    let refusal = refusal_of(AddPasskey::PATH);
    view! {
        <WherePasskeysFit>
            <section class="card passkey-offer" aria-labelledby="passkey-offer">
                <div class="passkey-offer-head">
                    <Icon name="passkey"/>
                    <h2 id="passkey-offer">{t("page.passkeys.offer_title")}</h2>
                </div>
                <p class="muted">
                    {t("page.passkeys.offer_text")}" "<a href=PASSKEYS_PATH>{t("page.passkeys.offer_more")}</a>
                </p>
                <div class="passkey-offer-acts">
                    <PostForm action=AddPasskey::PATH refusal class="">
                        <PasskeyCreate confirm_form=CONFIRM_FORM/>
                    </PostForm>
                    <form method="post" action=DeclinePasskey::PATH>
                        <button type="submit" class="button button-secondary">{t("page.passkeys.not_now")}</button>
                    </form>
                    <form method="post" action=NeverOfferPasskey::PATH>
                        <button type="submit" class="quiet-button">{t("page.passkeys.never_here")}</button>
                    </form>
                </div>
                <form method="post" action=PreparePasskey::PATH id=CONFIRM_FORM hidden></form>
            </section>
        </WherePasskeysFit>
    }
    .into_any()
}
