//! The foot of every page: language and theme, both as plain forms.

use auth::Locale;
use leptos::prelude::*;

use super::Icon;
use crate::text::{locale, t};

/// Language and theme.
#[component]
pub fn PageFoot() -> impl IntoView {
    let current = locale();
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
                <button class="quiet-button" name="theme" value="light" aria-label=t("ui.theme_light") title=t("ui.theme_light")>
                    <Icon name="sun"/>
                </button>
                <button class="quiet-button" name="theme" value="dark" aria-label=t("ui.theme_dark") title=t("ui.theme_dark")>
                    <Icon name="moon"/>
                </button>
            </form>
        </footer>
    }
}
