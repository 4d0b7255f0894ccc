//! After a factor came or went: the other sessions may end with it (ASVS 5.0, 7.4.3).

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{EndOtherSessions, query};
use crate::text::t;

/// What pages of factors say in their address after a change.
const CHANGED: [&str; 7] = ["added", "removed", "email_on", "email_off", "phone_on", "phone_off", "saved"];

/// The button, on a page that says that something changed.
#[component]
pub(super) fn EndOthers() -> impl IntoView {
    let is_changed = CHANGED.contains(&query("note").as_str());
    is_changed.then(|| {
        view! {
            <section class="card">
                <p>{t("page.devices.after_change")}</p>
                <form method="post" action=EndOtherSessions::PATH class="actions">
                    <button type="submit" class="button button-secondary">{t("page.devices.end_others")}</button>
                </form>
            </section>
        }
    })
}
