//! The frame of pages that lead in: one column, the mark above, one primary act.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Icon, PageFoot};
use crate::error::AppError;
use crate::text::t;

/// An entry page. A refusal puts "Error:" in front of the title, as screen readers expect.
#[component]
pub fn Entry(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    #[prop(optional)] refusal: Option<RwSignal<Option<AppError>>>,
    children: Children,
) -> impl IntoView {
    let (heading, document_title) = (title.clone(), title);
    let error = t("ui.error_prefix");
    view! {
        <Title text=move || {
            let prefix = if refusal.is_some_and(|refusal| refusal.get().is_some()) { format!("{error} ") } else { String::new() };
            format!("{prefix}{document_title} · Keywright")
        }/>
        <a class="skip-link" href="#main" rel="external">{t("ui.skip")}</a>
        <div class="entry">
            <header class="entry-head">
                <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
            </header>
            <main id="main" tabindex="-1" class="entry-main">
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
