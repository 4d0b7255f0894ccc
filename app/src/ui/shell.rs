//! The frame of pages behind the sign-in: navigation, who is signed in, the way out.

use auth::view::Me;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::{Icon, PageFoot};
use crate::island::{Listener, PostForm, SignedInHere};
use crate::page::SignOut;
use crate::text::t;

/// An application page for a signed-in person.
#[component]
pub fn Shell(#[prop(into)] title: String, #[prop(into)] purpose: String, me: Me, children: Children) -> impl IntoView {
    let initials: String = me.name.as_str().split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    view! {
        // Never a word of a person: the title is written without escaping.
        <Title text=format!("{} · Keywright", t("page.dashboard.nav"))/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="shell">
            <nav class="side-nav" aria-label=t("ui.navigation")>
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
                <ul>
                    <li><a href="/dashboard" aria-current="page"><Icon name="home"/>{t("page.dashboard.nav")}</a></li>
                </ul>
                <div class="side-nav-end">
                    <div class="person">
                        <span class="avatar" aria-hidden="true">{initials}</span>
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
                    {children()}
                </main>
                <PageFoot/>
            </div>
        </div>
        <SignedInHere session=me.session.id/>
        <Listener/>
    }
    .into_any()
}
