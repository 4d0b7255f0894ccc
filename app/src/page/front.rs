//! The front page: what this is, and the way in.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::island::Listener;
use crate::text::t;
use crate::ui::{Icon, PageFoot};

const FEATURES: [(&str, &str); 6] = [
    ("shield", "secure"),
    ("bolt", "fast"),
    ("lock", "stays"),
    ("code", "plain"),
    ("devices", "everywhere"),
    ("globe", "languages"),
];

/// The page `/`.
#[component]
pub fn Front() -> impl IntoView {
    let features = FEATURES.map(|(icon, key)| {
        let (title, text) = (t(&format!("page.front.{key}_title")), t(&format!("page.front.{key}_text")));
        view! { <li class="feature"><Icon name=icon/><h2>{title}</h2><p>{text}</p></li> }
    });
    view! {
        <Title text=t("page.front.document_title")/>
        <Meta name="description" content=t("page.front.lead")/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="front">
            <header class="front-head">
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
                <nav class="front-nav" aria-label=t("ui.navigation")>
                    <a class="quiet-link" href="/sign-in">{t("page.sign_in.action")}</a>
                    <a class="button button-secondary button-small" href="/sign-up">{t("page.sign_up.action")}</a>
                </nav>
            </header>
            <main id="main" tabindex="-1" class="front-main">
                <section class="hero">
                    <Icon name="keywright" class="icon hero-mark"/>
                    <h1 tabindex="-1">{t("page.front.title")}</h1>
                    <p class="lead">{t("page.front.lead")}</p>
                    <div class="actions">
                        <a class="button button-primary" href="/sign-up">{t("page.sign_up.action")}</a>
                        <a class="button button-secondary" href="/dashboard">{t("page.front.open_dashboard")}</a>
                    </div>
                </section>
                <ul class="features">{features.collect_view()}</ul>
            </main>
            <PageFoot/>
        </div>
        <Listener/>
    }
}
