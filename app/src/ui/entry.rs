//! The frame of pages that lead in: one column, the mark above, one primary act.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Icon, PageFoot};
use crate::island::Listener;
use crate::text::t;

/// An entry page. A refusal puts "Error:" in front of the title, as screen readers expect.
#[component]
pub fn Entry(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    #[prop(optional)] refused: bool,
    children: Children,
) -> impl IntoView {
    let prefix = if refused { format!("{} ", t("ui.error_prefix")) } else { String::new() };
    view! {
        <Title text=format!("{prefix}{title} · Keywright")/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="entry">
            <header class="entry-head">
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
            </header>
            <main id="main" tabindex="-1" class="entry-main">
                <div class="card entry-card">
                    <h1 tabindex="-1">{title}</h1>
                    {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
                    {children()}
                </div>
            </main>
            <PageFoot/>
        </div>
        <Listener/>
    }
    .into_any()
}
