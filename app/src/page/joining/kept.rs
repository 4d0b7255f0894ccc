//! The way back to an invitation that this browser keeps: after a sign-in without another wish, and from the first page
//! behind it.

use leptos::prelude::*;

use crate::server;
use crate::text::t;
use crate::ui::Icon;

/// The page of an invitation.
pub const INVITATION: &str = "/invitation";

/// Says that an invitation waits, where one does.
#[component]
pub fn KeptInvitation() -> impl IntoView {
    server::kept_invitation().map(|_| {
        view! {
            <section class="card joining-notice">
                <Icon name="mail"/>
                <p>{t("page.invitation.kept")}</p>
                <a class="button button-primary button-small" href=INVITATION>{t("page.invitation.see")}</a>
            </section>
        }
    })
}
