//! The ways into an account that is there already, for who came from a provider with its address.

use auth::view::WayIn;
use leptos::prelude::*;

use super::{continue_with, icon_of};
use crate::session::{provider_proof_path, sign_in_path};
use crate::text::t;
use crate::ui::Icon;

/// A button for each way; all of them lead back to the page `next`.
#[component]
pub(super) fn Ways(ways: Vec<WayIn>, next: &'static str) -> impl IntoView {
    let buttons: Vec<_> =
        ways.into_iter().enumerate().map(|(place, way)| view! { <Way way next is_first={place == 0}/> }).collect();
    view! { <div class="providers"><ul class="provider-list">{buttons}</ul></div> }
}

#[component]
fn Way(way: WayIn, next: &'static str, is_first: bool) -> impl IntoView {
    // Pictures in their own colours need the quiet ground.
    let is_loud = is_first && !matches!(way, WayIn::Provider(_));
    let class = if is_loud { "button button-primary button-wide" } else { "button button-secondary button-wide" };
    let (path, icon, words) = match way {
        WayIn::Password => (sign_in_path(next), "lock", t("page.connect_account.by_password")),
        WayIn::Passkey => (sign_in_path(next), "passkey", t("page.connect_account.by_passkey")),
        WayIn::Provider(other) => {
            (provider_proof_path(&other.id, next), icon_of(other.icon), continue_with(&other.name))
        }
        WayIn::Mail => ("/forgot-password".to_owned(), "mail", t("page.connect_account.by_mail")),
    };
    view! {
        <li class="way">
            <a class=class href=path><Icon name=icon class="icon provider-icon"/><span>{words}</span></a>
        </li>
    }
}
