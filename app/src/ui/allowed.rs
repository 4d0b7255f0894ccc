//! What is shown to who may do something, and to nobody else. It is decided while the page is rendered: what is not
//! allowed never reaches the browser. The flow behind it decides again.

use auth::id::OrganizationId;
use auth::view::AllowedActs;
use leptos::prelude::*;

/// Makes known what the reader may do on this page, as `flow::allowed_acts` decided it.
pub fn provide_allowed(acts: AllowedActs) {
    provide_context(acts);
}

/// Its children, when the reader may do `act`: on the platform, or in `organization`. On a page that provided nothing
/// nobody may anything.
#[component]
pub fn Allowed(
    act: &'static str,
    #[prop(optional)] organization: Option<OrganizationId>,
    children: Children,
) -> impl IntoView {
    let allowed = use_context::<AllowedActs>().is_some_and(|acts| acts.allow(act, organization.as_ref()));
    allowed.then(children)
}
