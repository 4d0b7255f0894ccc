//! The switcher: in which organization the session works, and the way into another one. Without a script it is a form
//! with a button each.

use auth::view::OrganizationView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Icon, Logo};
use crate::page::{ChooseOrganization, role_text};
use crate::text::t;

/// The organizations somebody is in; nothing for who is in none.
#[component]
pub(super) fn Switcher(organizations: Vec<OrganizationView>) -> impl IntoView {
    if organizations.is_empty() {
        return ().into_any();
    }
    let chosen = organizations.iter().find(|organization| organization.is_chosen).cloned();
    let is_none_chosen = chosen.is_none();
    let now = match chosen {
        Some(chosen) => view! { <Logo organization=chosen.clone()/><span>{chosen.name.to_string()}</span> }.into_any(),
        None => view! { <Icon name="user"/><span>{t("page.switcher.own")}</span> }.into_any(),
    };
    let ways = organizations.into_iter().map(|organization| {
        let (slug, is_chosen) = (organization.slug.to_string(), organization.is_chosen);
        let (name, role) = (organization.name.to_string(), role_text(&organization.role, &organization.role_name));
        view! {
            <li>
                <button
                    type="submit" name="organization" value=slug class="switcher-way"
                    aria-current=is_chosen.then_some("true")
                >
                    <Logo organization/>
                    <span class="switcher-name">{name}</span>
                    <span class="muted">{role}</span>
                </button>
            </li>
        }
    });
    view! {
        <details class="switcher">
            <summary><span class="visually-hidden">{t("page.switcher.label")}" "</span>{now}</summary>
            <form method="post" action=ChooseOrganization::PATH>
                <ul class="switcher-ways">
                    {ways.collect_view()}
                    <li>
                        <button
                            type="submit" name="organization" value="" class="switcher-way"
                            aria-current=is_none_chosen.then_some("true")
                        >
                            <Icon name="user"/>
                            <span class="switcher-name">{t("page.switcher.own")}</span>
                        </button>
                    </li>
                </ul>
                <p class="switcher-foot"><a href="/orgs">{t("page.switcher.all")}</a></p>
            </form>
        </details>
    }
    .into_any()
}
