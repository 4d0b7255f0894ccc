//! The frame of pages behind the sign-in: navigation, who is signed in, the way out.

use auth::view::Me;
use auth::{Permission, Role, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::{Avatar, FactorDue, Icon, PageFoot, provide_zone};
use crate::island::{Listener, PostForm, SignedInHere};
use crate::page::{RecoveryNotice, SignOut};
use crate::server;
use crate::text::t;

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
    /// What is known of one, and leaving.
    Data,
    /// The first page of the administration.
    Administration,
    /// All accounts and their sessions.
    Users,
    /// The keys that sign access tokens.
    Keys,
}

impl Area {
    /// The places of one's own account, in the order of the navigation.
    const ALL: [Self; 8] = [
        Self::Dashboard,
        Self::Profile,
        Self::Security,
        Self::Connections,
        Self::Devices,
        Self::Tokens,
        Self::Activity,
        Self::Data,
    ];

    /// The places of the administration, and the way back.
    const ADMINISTRATION: [Self; 4] = [Self::Administration, Self::Users, Self::Keys, Self::Dashboard];

    /// What the navigation offers here to somebody of this role.
    fn offered(self, role: Role) -> Vec<Self> {
        if matches!(self, Self::Administration | Self::Users | Self::Keys) {
            return Self::ADMINISTRATION.into();
        }
        let administration = role.grants(Permission::ReadUsers).then_some(Self::Administration);
        // Where there is nothing to connect, the place is in nobody's way.
        let connects = self == Self::Connections || !flow::list_providers(&server::auth()).is_empty();
        Self::ALL.into_iter().filter(|area| connects || *area != Self::Connections).chain(administration).collect()
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
            Self::Data => ("/account/data", "download", "page.data.nav"),
            Self::Administration => ("/admin", "sliders", "page.admin.nav"),
            Self::Users => ("/admin/users", "users", "page.admin_users.nav"),
            Self::Keys => ("/admin/keys", "key", "page.admin_keys.nav"),
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
    provide_zone(&me);
    let recovery = me.account_recovery.clone();
    let prefix = if refused { format!("{} ", t("ui.error_prefix")) } else { String::new() };
    let places = current.offered(me.role).into_iter().map(|area| {
        let (path, icon, name) = area.entry();
        view! {
            <li>
                <a href=path aria-current=(area == current).then_some("page")><Icon name=icon/><span>{t(name)}</span></a>
            </li>
        }
    });
    view! {
        // Never a word of a person: the title is written without escaping.
        <Title text=format!("{prefix}{} · Keywright", t(current.entry().2))/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="shell">
            <nav class="side-nav" aria-label=t("ui.navigation")>
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
                <ul>{places.collect_view()}</ul>
                <div class="side-nav-end">
                    <div class="person">
                        <Avatar me=me.clone()/>
                        <p class="person-text">
                            <strong>{me.name.to_string()}</strong>
                            <span class="muted">{me.email.to_string()}</span>
                        </p>
                    </div>
                    <PostForm action=SignOut::PATH class="">
                        <button type="submit" class="quiet-button"><Icon name="sign-out"/>{t("page.sign_out.action")}</button>
                    </PostForm>
                </div>
            </nav>
            <div class="shell-main">
                <main id="main" tabindex="-1">
                    <header class="page-head">
                        <h1 tabindex="-1">{title}</h1>
                        <p class="purpose">{purpose}</p>
                    </header>
                    <FactorDue due=me.second_factor_due/>
                    {recovery.map(|recovery| view! { <RecoveryNotice recovery/> })}
                    {children()}
                </main>
                <PageFoot/>
            </div>
        </div>
        {me.session.map(|session| view! { <SignedInHere session=session.id/> })}
        <Listener/>
    }
    .into_any()
}
