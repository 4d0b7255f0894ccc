//! What is shown when a provider led nowhere: what happened, and how to go on. No word of the provider is in it, and
//! its address says a code of ours or nothing.

use auth::{ErrorCode, ProviderId, flow};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::server;
use crate::session::provider_path;
use crate::text::t;
use crate::ui::{Entry, Notice, Tone};

/// Refusals that have a sentence here. The others say nothing to somebody who comes from a provider.
const SAID: [ErrorCode; 9] = [
    ErrorCode::ProviderUnavailable,
    ErrorCode::ProviderRefused,
    ErrorCode::ProviderAnswerInvalid,
    ErrorCode::FederationExpired,
    ErrorCode::ConnectionTaken,
    ErrorCode::AccountClosed,
    ErrorCode::Busy,
    ErrorCode::Unavailable,
    ErrorCode::ChangedMeanwhile,
];

/// The refusal of a name in an address.
fn said(code: &str) -> Option<ErrorCode> {
    SAID.into_iter().find(|said| said.as_str() == code)
}

/// What happened and what to do; of an unknown code in general words.
pub(in crate::page) fn refusal_sentence(code: &str) -> String {
    match said(code) {
        Some(code) => t(&format!("error.{}", code.as_str())),
        None => t("page.federation.refused_other"),
    }
}

/// Whether trying once more can end otherwise.
fn may_try_again(code: &str) -> bool {
    !matches!(said(code), Some(ErrorCode::ConnectionTaken | ErrorCode::AccountClosed))
}

/// The page `/sign-in/with/{provider}/refused`.
#[component]
pub fn ProviderRefusedPage() -> impl IntoView {
    let code = use_query_map().get_untracked().get("code").unwrap_or_default();
    let name = use_params_map().get_untracked().get("provider").unwrap_or_default();
    // Only what the settings know is led to.
    let provider = ProviderId::parse(&name)
        .and_then(|id| flow::list_providers(&server::auth()).into_iter().find(|provider| provider.id == id));
    // Somebody else's way, or one that is over, ends here for whoever is signed in, too, and leaves them so.
    if server::caller().is_ok() {
        return view! {
            <Entry title=t("page.federation.refused_signed_in") refused=true>
                <Notice tone=Tone::Danger text=refusal_sentence(&code)/>
                <div class="actions">
                    <a class="button button-primary" href="/account/connections">{t("page.connections.manage")}</a>
                    <a class="button button-secondary" href="/dashboard">{t("page.front.open_dashboard")}</a>
                </div>
            </Entry>
        }
        .into_any();
    }
    let again = provider.filter(|_| may_try_again(&code)).map(|provider| {
        let path = provider_path(&provider.id, "");
        view! { <a class="button button-primary" href=path>{t("page.federation.try_again")}</a> }
    });
    view! {
        <Entry title=t("page.federation.refused_title") refused=true>
            <Notice tone=Tone::Danger text=refusal_sentence(&code)/>
            <div class="actions">
                {again}
                <a class="button button-secondary" href="/sign-in">{t("page.federation.other_ways")}</a>
            </div>
            <p class="form-foot">{t("page.sign_in.no_account")} " " <a href="/sign-up">{t("page.sign_up.action")}</a></p>
        </Entry>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_refusals_of_this_way_are_told_by_their_name() {
        assert_eq!(said("provider_refused"), Some(ErrorCode::ProviderRefused));
        for other in ["", "wrong_code", "access_denied", "<script>"] {
            assert!(said(other).is_none(), "{other}");
        }
    }

    #[test]
    fn what_cannot_end_otherwise_is_not_tried_again() {
        for code in SAID {
            let is_final = [ErrorCode::ConnectionTaken, ErrorCode::AccountClosed].contains(&code);
            assert_eq!(may_try_again(code.as_str()), !is_final, "{code:?}");
        }
        assert!(may_try_again("anything"));
    }
}
