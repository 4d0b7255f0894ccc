//! The frame of pages behind the sign-in: navigation, who is signed in, the way out.

use auth::view::Me;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::switcher::Switcher;
use super::{Avatar, FactorDue, Icon, PageFoot, provide_zone};
use crate::island::{Listener, PostForm, SignedInHere};
use crate::page::{RecoveryNotice, SignOut};
use crate::text::t;

/// A place of the navigation, as it is shown.
pub(super) struct Place {
    /// Its address.
    pub(super) path: String,
    /// Its icon.
    pub(super) icon: &'static str,
    /// The key of its name.
    pub(super) name: &'static str,
    /// Whether one is there.
    pub(super) is_current: bool,
}

/// The frame with its places. `name` is the key of what the page is called in the title of its tab.
#[component]
pub(super) fn Frame(
    places: Vec<Place>,
    name: &'static str,
    title: String,
    purpose: String,
    me: Me,
    refused: bool,
    children: Children,
) -> impl IntoView {
    provide_zone(&me);
    let recovery = me.account_recovery.clone();
    let prefix = if refused { format!("{} ", t("ui.error_prefix")) } else { String::new() };
    let places = places.into_iter().map(|Place { path, icon, name, is_current }| {
        view! {
            <li>
                <a href=path aria-current=is_current.then_some("page")><Icon name=icon/><span>{t(name)}</span></a>
            </li>
        }
    });
    view! {
        // Never a word of a person: the title is written without escaping.
        <Title text=format!("{prefix}{} · Keywright", t(name))/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="shell">
            <nav class="side-nav" aria-label=t("ui.navigation")>
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
                <Switcher organizations=me.organizations.clone()/>
                <ul class="places">{places.collect_view()}</ul>
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
