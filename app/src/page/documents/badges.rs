//! Where a document stands and how sensitive it is, in a word.

use auth::document::{DocumentState, Sensitivity};
use leptos::prelude::*;

use crate::text::t;

/// Where a document stands.
#[component]
pub(super) fn StateBadge(state: DocumentState) -> impl IntoView {
    let class = match state {
        DocumentState::Draft => "badge badge-warn",
        DocumentState::Published => "badge badge-ok",
        DocumentState::Archived => "badge",
    };
    view! { <span class=class>{state_text(state)}</span> }
}

/// How sensitive it is.
#[component]
pub(super) fn SensitivityBadge(sensitivity: Sensitivity) -> impl IntoView {
    let class = match sensitivity {
        Sensitivity::Public | Sensitivity::Internal => "badge",
        Sensitivity::Confidential => "badge badge-warn",
        Sensitivity::Secret => "badge badge-danger",
    };
    view! { <span class=class>{sensitivity_text(sensitivity)}</span> }
}

/// The state in words.
pub(super) fn state_text(state: DocumentState) -> String {
    t(match state {
        DocumentState::Draft => "page.documents.state_draft",
        DocumentState::Published => "page.documents.state_published",
        DocumentState::Archived => "page.documents.state_archived",
    })
}

/// The sensitivity in words.
pub(super) fn sensitivity_text(sensitivity: Sensitivity) -> String {
    t(match sensitivity {
        Sensitivity::Public => "page.documents.sensitivity_public",
        Sensitivity::Internal => "page.documents.sensitivity_internal",
        Sensitivity::Confidential => "page.documents.sensitivity_confidential",
        Sensitivity::Secret => "page.documents.sensitivity_secret",
    })
}

/// The department in words; none is all of them.
pub(super) fn department_text(department: Option<String>) -> String {
    department.unwrap_or_else(|| t("page.documents.every_department"))
}
