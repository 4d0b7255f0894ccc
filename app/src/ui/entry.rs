//! The frame of pages that lead in: one column, the mark above, one primary act.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Icon, PageFoot};
use crate::text::t;

/// An entry page. `refused` puts "Error:" in front of the title, as screen readers expect.
#[component]
pub fn Entry(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    #[prop(optional, into)] refused: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let (heading, document_title) = (title.clone(), title);
    let error = t("ui.error_prefix");
    view! {
        <Title text=move || {
            let prefix = if refused.get() { format!("{error} ") } else { String::new() };
            format!("{prefix}{document_title} · Keywright")
        }/>
        <a class="skip-link" href="#main">{t("ui.skip")}</a>
        <div class="entry">
            <header class="entry-head">
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
            </header>
            <main id="main" class="entry-main">
                <div class="card entry-card">
                    <h1 tabindex="-1">{heading}</h1>
                    {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
                    {children()}
                </div>
            </main>
            <PageFoot/>
        </div>
    }
}
