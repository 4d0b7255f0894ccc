//! The foot of every page: language and theme, both as plain forms.

use auth::Locale;
use leptos::prelude::*;

use super::Icon;
use crate::page::SYSTEM_THEME;
use crate::server;
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
    let (current, chosen) = (locale(), server::preferences().theme);
    let themes = THEMES.map(|(theme, icon, name)| {
        let is_current = chosen.map_or(SYSTEM_THEME, server::Theme::as_str) == theme;
        view! {
            <button
                class="quiet-button" name="theme" value=theme aria-label=t(name) title=t(name)
                aria-current=is_current.then_some("true")
            ><Icon name=icon/></button>
        }
    });
    view! {
        <footer class="page-foot">
            <form id="language" class="locale-switch" method="post" action="/rpc/choose_locale" aria-label=t("ui.language")>
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
