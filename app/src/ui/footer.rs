//! The foot of every page: language and theme, both as plain forms.

use auth::Locale;
use leptos::prelude::*;

use super::Icon;
use crate::page::SYSTEM_THEME;
use crate::text::{locale, t};

/// What the switch offers: the choice, its icon, its name.
const THEMES: [(&str, &str, &str); 3] = [
    (SYSTEM_THEME, "display", "ui.theme_system"),
    ("light", "sun", "ui.theme_light"),
    ("dark", "moon", "ui.theme_dark"),
];

/// Language and theme.
#[component]
pub fn PageFoot() -> impl IntoView {
    let (current, chosen) = (locale(), chosen_theme());
    let themes = THEMES.map(|(theme, icon, name)| {
        let is_current = chosen.as_deref().unwrap_or(SYSTEM_THEME) == theme;
        view! {
            <button
                class="quiet-button" name="theme" value=theme aria-label=t(name) title=t(name)
                aria-current=is_current.then_some("true")
            ><Icon name=icon/></button>
        }
    });
    view! {
        <footer class="page-foot">
            <form class="locale-switch" method="post" action="/rpc/choose_locale" aria-label=t("ui.language")>
                {Locale::ALL.map(|locale| view! {
                    <button
                        class="quiet-button" name="locale" value=locale.tag() lang=locale.tag()
                        aria-current=(locale == current).then_some("true")
                    >{locale.own_name()}</button>
                }).collect_view()}
            </form>
            <form class="theme-switch" method="post" action="/rpc/choose_theme" aria-label=t("ui.theme")>
                {themes.collect_view()}
            </form>
        </footer>
    }
}

/// The theme of this document; none when it follows the system.
#[cfg(feature = "ssr")]
fn chosen_theme() -> Option<String> {
    crate::server::preferences().theme.map(|theme| theme.as_str().to_owned())
}

/// The theme of this document; none when it follows the system.
#[cfg(not(feature = "ssr"))]
fn chosen_theme() -> Option<String> {
    document().document_element().and_then(|html| html.get_attribute("data-theme"))
}
