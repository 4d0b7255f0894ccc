//! A sentence that must not be missed.

use leptos::prelude::*;

use super::Icon;

/// How serious a notice is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good news.
    Ok,
    /// Something to know.
    Info,
    /// Something went wrong.
    Danger,
}

/// A notice; bad news is announced at once, other news politely. Its children stand below the sentence.
#[component]
pub fn Notice(tone: Tone, #[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let (class, role, icon) = match tone {
        Tone::Ok => ("notice notice-ok", "status", "check"),
        Tone::Info => ("notice notice-info", "status", "info"),
        Tone::Danger => ("notice notice-danger", "alert", "alert"),
    };
    view! {
        <div class=class role=role id="notice" tabindex="-1">
            <Icon name=icon/>
            <div><p>{text}</p>{children.map(|children| children())}</div>
        </div>
    }
}
