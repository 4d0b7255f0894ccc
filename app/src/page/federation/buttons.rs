//! "Continue with Google": links, because a form would not be let through to another site (CSP, `form-action`).

use auth::flow;
use auth::view::ProviderItem;
use leptos::prelude::*;

use super::{continue_with, icon_of};
use crate::server;
use crate::session::provider_path;
use crate::text::t;
use crate::ui::Icon;

/// Every provider of the settings, below the word that parts them from the way above; nothing where there is none.
/// `next` is where the person goes on, `last` the way to mark.
#[component]
pub(in crate::page) fn ProviderButtons(next: String, #[prop(optional_no_strip)] last: Option<String>) -> impl IntoView {
    let providers = flow::list_providers(&server::auth());
    if providers.is_empty() {
        return None;
    }
    let buttons: Vec<_> = providers
        .into_iter()
        .map(|provider| {
            let is_last = last.as_deref() == Some(provider.id.as_str());
            view! { <ProviderButton provider next=next.clone() is_last/> }
        })
        .collect();
    Some(view! {
        <div class="providers">
            <p class="or">{t("page.federation.or")}</p>
            <ul class="provider-list">{buttons}</ul>
        </div>
    })
}

#[component]
fn ProviderButton(provider: ProviderItem, next: String, is_last: bool) -> impl IntoView {
    let ProviderItem { id, name, icon, .. } = provider;
    view! {
        <li class="way">
            <a class="button button-secondary button-wide" href=provider_path(&id, &next)>
                <Icon name=icon_of(icon) class="icon provider-icon"/>
                <span>{continue_with(&name)}</span>
            </a>
            {is_last.then(|| view! { <LastUsed/> })}
        </li>
    }
}

/// The mark at the corner of the way that was used last on this device.
#[component]
pub(in crate::page) fn LastUsed() -> impl IntoView {
    view! { <span class="badge last-used">{t("page.federation.last_used")}</span> }
}

/// The way to mark: the one last used here, where there is more than one to choose from.
pub(in crate::page) fn way_to_mark() -> Option<String> {
    let auth = server::auth();
    let is_choice = flow::passkeys_are_possible(&auth) || !flow::list_providers(&auth).is_empty();
    server::last_way().filter(|_| is_choice)
}
