//! The organizations one is in, on the first page behind the sign-in.

use auth::view::OrganizationView;
use leptos::prelude::*;

use super::{PATH, role_text};
use crate::text::t;
use crate::ui::{Icon, Logo};

/// The card: a line for each, or what one is for.
#[component]
pub(in crate::page) fn OwnOrganizations(organizations: Vec<OrganizationView>) -> impl IntoView {
    let lines = organizations.iter().cloned().map(|organization| {
        let path = format!("{PATH}/{}", organization.slug);
        let (name, role) = (organization.name.to_string(), role_text(&organization.role, &organization.role_name));
        view! {
            <li>
                <Logo organization/>
                <a href=path>{name}</a>
                <span class="badge">{role}</span>
            </li>
        }
    });
    let lines = lines.collect_view();
    let list = if organizations.is_empty() {
        view! {
            <p class="muted">{t("page.organizations.empty")}</p>
            <div class="actions">
                <a class="button button-secondary" href="/orgs/new">{t("page.organizations.first")}</a>
            </div>
        }
        .into_any()
    } else {
        view! {
            <ul class="own-organizations">{lines}</ul>
            <p><a href=PATH>{t("page.switcher.all")}<Icon name="arrow-right"/></a></p>
        }
        .into_any()
    };
    view! { <section class="card"><h2>{t("page.organizations.nav")}</h2>{list}</section> }
}
