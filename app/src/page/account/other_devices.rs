//! The offer to sign out all other devices, after a factor, a connection or the password was changed (ASVS 5.0, 7.4.3): whoever did it
//! because somebody else got in wants them out as well.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::devices::EndOtherSessions;
use super::query;
use crate::text::t;

/// The offer, on a page that says one of these notes.
pub(super) fn offer_to_end_others(after: &[&str], is_refused: bool) -> Option<AnyView> {
    let is_offered = !is_refused && after.contains(&&*query("note"));
    is_offered.then(|| {
        view! {
            <div class="card">
                <p>{t("page.devices.offer")}</p>
                <form method="post" action=EndOtherSessions::PATH class="actions">
                    <button type="submit" class="button button-secondary button-small">
                        {t("page.devices.offer_action")}
                    </button>
                </form>
            </div>
        }
        .into_any()
    })
}
