//! Pages behind the sign-in: those of one's own account, and those of the administration.

use auth::view::Me;
use auth::{Permission, Role, flow};
use leptos::prelude::*;

use super::frame::{Frame, Place};
use crate::server;

/// A place of the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The first page behind the sign-in.
    Dashboard,
    /// Who one is.
    Profile,
    /// How one signs in.
    Security,
    /// Whose accounts open this one.
    Connections,
    /// Where one is signed in.
    Devices,
    /// What acts for one.
    Tokens,
    /// What happened.
    Activity,
    /// The organizations one is in.
    MyOrganizations,
    /// What is known of one, and leaving.
    Data,
    /// The first page of the administration.
    Administration,
    /// All accounts and their sessions.
    Users,
    /// The keys that sign access tokens.
    Keys,
    /// All organizations.
    Organizations,
    /// The settings in effect.
    Settings,
    /// How the program is.
    Health,
    /// Mails on their way, and those that were given up.
    Mails,
    /// Who is told what happens.
    Webhooks,
    /// The audit log.
    Audit,
    /// Sign-ins that looked unusual.
    Anomalies,
    /// What is allowed to whom.
    Policies,
}

impl Area {
    /// The places of one's own account, in the order of the navigation.
    const ALL: [Self; 9] = [
        Self::Dashboard,
        Self::MyOrganizations,
        Self::Profile,
        Self::Security,
        Self::Connections,
        Self::Devices,
        Self::Tokens,
        Self::Activity,
        Self::Data,
    ];

    /// The places of the administration, and the way back.
    const ADMINISTRATION: [Self; 12] = [
        Self::Administration,
        Self::Users,
        Self::Organizations,
        Self::Policies,
        Self::Audit,
        Self::Anomalies,
        Self::Mails,
        Self::Webhooks,
        Self::Keys,
        Self::Settings,
        Self::Health,
        Self::Dashboard,
    ];

    /// What the navigation offers here to somebody of this role.
    fn offered(self, role: Role) -> Vec<Self> {
        if self != Self::Dashboard && Self::ADMINISTRATION.contains(&self) {
            let may_see = |area: &Self| area.permission().is_none_or(|permission| role.grants(permission));
            return Self::ADMINISTRATION.into_iter().filter(may_see).collect();
        }
        let administration = role.administers().then_some(Self::Administration);
        // Where there is nothing to connect, the place is in nobody's way.
        let connects = self == Self::Connections || !flow::list_providers(&server::auth()).is_empty();
        Self::ALL.into_iter().filter(|area| connects || *area != Self::Connections).chain(administration).collect()
    }

    /// What somebody needs to see it, where not everybody may.
    const fn permission(self) -> Option<Permission> {
        match self {
            Self::Users => Some(Permission::ReadUsers),
            Self::Keys => Some(Permission::ReadKeys),
            Self::Organizations => Some(Permission::ReadOrganizations),
            Self::Mails => Some(Permission::ReadMails),
            Self::Webhooks => Some(Permission::ReadWebhooks),
            Self::Audit | Self::Anomalies => Some(Permission::ReadAudit),
            Self::Policies => Some(Permission::ReadPolicies),
            Self::Settings => Some(Permission::ReadSettings),
            Self::Health => Some(Permission::ReadHealth),
            _ => None,
        }
    }

    /// Its address, its icon and the key of its name.
    const fn entry(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Dashboard => ("/dashboard", "home", "page.dashboard.nav"),
            Self::Profile => ("/account", "user", "page.profile.nav"),
            Self::Security => ("/account/security", "shield", "page.security.nav"),
            Self::Connections => ("/account/connections", "link", "page.connections.nav"),
            Self::Devices => ("/account/sessions", "devices", "page.devices.nav"),
            Self::Tokens => ("/account/tokens", "key", "page.tokens.nav"),
            Self::Activity => ("/account/activity", "clock", "page.activity.nav"),
            Self::MyOrganizations => ("/orgs", "building", "page.organizations.nav"),
            Self::Data => ("/account/data", "download", "page.data.nav"),
            Self::Administration => ("/admin", "sliders", "page.admin.nav"),
            Self::Users => ("/admin/users", "users", "page.admin_users.nav"),
            Self::Keys => ("/admin/keys", "key", "page.admin_keys.nav"),
            Self::Organizations => ("/admin/organizations", "building", "page.admin_organizations.nav"),
            Self::Settings => ("/admin/settings", "code", "page.admin_settings.nav"),
            Self::Health => ("/admin/health", "pulse", "page.admin_health.nav"),
            Self::Mails => ("/admin/mails", "mail", "page.mails.nav"),
            Self::Webhooks => ("/admin/webhooks", "bolt", "page.webhooks.nav"),
            Self::Audit => ("/admin/audit", "clock", "page.audit.nav"),
            Self::Anomalies => ("/admin/anomalies", "globe", "page.admin_anomalies.nav"),
            Self::Policies => ("/admin/policies", "shield", "page.policies.nav"),
        }
    }
}

/// An application page for a signed-in person. A refusal puts "Error:" in front of the title, as
/// screen readers expect.
#[component]
pub fn Shell(
    current: Area,
    #[prop(into)] title: String,
    #[prop(into)] purpose: String,
    me: Me,
    #[prop(optional)] refused: bool,
    children: Children,
) -> impl IntoView {
    // In somebody else's place there is no administration, whatever they are.
    let role = if server::impersonated().is_some() { Role::User } else { me.role };
    let places = current.offered(role).into_iter().map(|area| {
        let (path, icon, name) = area.entry();
        Place { path: path.to_owned(), icon, name, is_current: area == current }
    });
    let places: Vec<Place> = places.collect();
    let name = current.entry().2;
    view! { <Frame places name title purpose me refused>{children()}</Frame> }
}
