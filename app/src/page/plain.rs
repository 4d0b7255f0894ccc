//! The document around pages that need no script and never hydrate.

use leptos::prelude::*;

use crate::server::{Preferences, Theme};
use crate::site_files::{SiteFile, SiteStyle};
use crate::text::{provide_locale, t};
use crate::ui::{Icon, PageFoot};

/// A whole document: title and purpose by their keys, and what `content` renders.
pub fn plain_page(
    style: &SiteFile,
    preferences: Preferences,
    title: &str,
    purpose: &str,
    content: impl FnOnce() -> AnyView,
) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(preferences);
        provide_context(preferences.locale);
        provide_locale();
        let document = view! {
            <html lang=preferences.locale.tag() data-theme=preferences.theme.map(Theme::as_str)>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                    <SiteStyle file=style.clone()/>
                    <title>{t(title)}" · Keywright"</title>
                </head>
                <body>
                    <div class="inbox">
                        <header>
                            <a class="brand" href="/"><Icon name="keywright" class="icon brand-mark"/><span>"Keywright"</span></a>
                        </header>
                        <main id="main">
                            <header class="page-head"><h1>{t(title)}</h1><p class="purpose">{t(purpose)}</p></header>
                            {content()}
                        </main>
                        <PageFoot/>
                    </div>
                </body>
            </html>
        };
        format!("<!DOCTYPE html>{}", document.to_html())
    })
}
