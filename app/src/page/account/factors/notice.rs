//! The notice on every page of somebody's account that its recovery by mail was asked for, with the button that calls
//! it off: whoever is signed in need not wait for a mail.

use auth::flow;
use auth::view::AccountRecovery;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::device_text;
use crate::error::AppError;
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Moment};

/// Calls the recovery of the signed-in person's account off.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "cancel_account_recovery")]
pub async fn cancel_account_recovery() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::cancel_account_recovery(&auth, &caller, &context).await?;
    server::see_other("/account/security?note=recovery_cancelled");
    Ok(())
}

/// The notice of a recovery that runs.
#[component]
pub fn RecoveryNotice(recovery: AccountRecovery) -> impl IntoView {
    let device = device_text(&recovery.device);
    view! {
        <section class="notice notice-danger recovery-notice" aria-label=t("page.recovery.notice_label")>
            <Icon name="alert"/>
            <div>
                <p>
                    <strong>{t("page.recovery.notice")}</strong>" "
                    {device}" · "<Moment at=recovery.asked_at with_time=true/>
                </p>
                <p>{t("page.recovery.notice_text")}" "<Moment at=recovery.ready_at with_time=true/></p>
                <form method="post" action=CancelAccountRecovery::PATH>
                    <button type="submit" class="button button-danger button-small">{t("page.recovery.cancel")}</button>
                </form>
            </div>
        </section>
    }
}
