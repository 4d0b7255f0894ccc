//! Pages of an organization: a navigation of their own, with the places that its member may see.

use auth::Timestamp;
use auth::organization::OrganizationPermission;
use auth::view::{Me, OrganizationView};
use leptos::prelude::*;

use super::frame::{Frame, Place};
use super::{Icon, Moment};
use crate::server;
use crate::text::t;

/// A place of an organization.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OrganizationArea {
    /// What it is, and what one may there.
    Overview,
    /// What is written in it.
    Documents,
    /// Who is in it.
    Members,
    /// Who is asked into it.
    Invitations,
    /// Whose mail addresses are its own.
    Domains,
    /// What its roles allow.
    Roles,
    /// Who is told what happens in it.
    Webhooks,
    /// What happened in it.
    Audit,
    /// What it demands of its members.
    Security,
    /// What it is called, and its end.
    Settings,
}

impl OrganizationArea {
    /// In the order of the navigation.
    const ALL: [Self; 10] = [
        Self::Overview,
        Self::Documents,
        Self::Members,
        Self::Invitations,
        Self::Roles,
        Self::Domains,
        Self::Webhooks,
        Self::Audit,
        Self::Security,
        Self::Settings,
    ];

    /// What its address ends in, its icon and the key of its name.
    const fn entry(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Overview => ("", "building", "page.organization.overview"),
            Self::Documents => ("/documents", "file", "page.organization.documents"),
            Self::Members => ("/members", "users", "page.organization.members"),
            Self::Invitations => ("/invitations", "mail", "page.organization.invitations"),
            Self::Domains => ("/domains", "globe", "page.organization.domains"),
            Self::Roles => ("/roles", "shield", "page.organization.roles"),
            Self::Webhooks => ("/webhooks", "bolt", "page.organization.webhooks"),
            Self::Audit => ("/audit", "clock", "page.organization.audit"),
            Self::Security => ("/security", "lock", "page.organization_security.title"),
            Self::Settings => ("/settings", "sliders", "page.organization.settings"),
        }
    }

    /// What it takes to be offered the place.
    const fn permission(self) -> OrganizationPermission {
        match self {
            Self::Overview => OrganizationPermission::ReadOrganization,
            Self::Documents => OrganizationPermission::ReadDocuments,
            Self::Members => OrganizationPermission::ReadMembers,
            Self::Invitations => OrganizationPermission::ReadInvitations,
            Self::Domains => OrganizationPermission::ReadDomains,
            Self::Roles => OrganizationPermission::ReadRoles,
            Self::Webhooks => OrganizationPermission::ReadWebhooks,
            Self::Audit => OrganizationPermission::ReadAudit,
            Self::Security => OrganizationPermission::ReadMembers,
            Self::Settings => OrganizationPermission::UpdateOrganization,
        }
    }
}

/// A page of an organization. A refusal puts "Error:" in front of the title, as screen readers expect.
#[component]
pub fn OrganizationShell(
    current: OrganizationArea,
    #[prop(into)] title: String,
    #[prop(into)] purpose: String,
    me: Me,
    organization: OrganizationView,
    #[prop(optional)] refused: bool,
    children: Children,
) -> impl IntoView {
    let has_domains = server::auth().has_mail_domains();
    let places = OrganizationArea::ALL.into_iter().filter(|area| has_domains || *area != OrganizationArea::Domains);
    let offered = places.filter(|area| organization.may(area.permission()));
    let places = offered.map(|area| {
        let (end, icon, name) = area.entry();
        Place { path: format!("/orgs/{}{end}", organization.slug), icon, name, is_current: area == current }
    });
    let back = Place { path: "/dashboard".to_owned(), icon: "home", name: "page.dashboard.nav", is_current: false };
    let places: Vec<Place> = places.chain([back]).collect();
    let name = current.entry().2;
    let delete_at = organization.delete_at;
    view! {
        <Frame places name title purpose me refused>
            <p class="in-organization">{organization.name.to_string()}</p>
            {delete_at.map(|at| view! { <Going at/> })}
            {children()}
        </Frame>
    }
}

/// It is to go: on every page, so that nobody is surprised.
#[component]
fn Going(at: Timestamp) -> impl IntoView {
    view! {
        <div class="notice notice-info">
            <Icon name="info"/>
            <p>{t("page.organization.going")}" "<strong><Moment at with_time=true/></strong></p>
        </div>
    }
}
