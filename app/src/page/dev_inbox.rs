//! The development inbox: every mail that would have left, newest first. Rendered by a route that
//! exists in development only; it never hydrates.

use auth::store::DevMail;
use auth::view::CivilDay;
use leptos::prelude::*;

use super::plain::plain_page;
use crate::server::Preferences;
use crate::site_files::SiteFile;
use crate::text::t;
use crate::ui::Icon;

/// The page `/dev/inbox` as HTML.
pub fn dev_inbox(mails: Vec<DevMail>, style: &SiteFile, preferences: Preferences) -> String {
    plain_page(style, preferences, "page.dev_inbox.title", "page.dev_inbox.purpose", || {
        if mails.is_empty() {
            view! {
                <div class="empty">
                    <Icon name="mail"/>
                    <p>{t("page.dev_inbox.empty")}</p>
                    <a class="button button-secondary" href="/sign-up">{t("page.sign_up.action")}</a>
                </div>
            }
            .into_any()
        } else {
            view! { <ul class="inbox-list">{mails.into_iter().map(item).collect_view()}</ul> }.into_any()
        }
    })
}

fn item(mail: DevMail) -> impl IntoView {
    let sent = CivilDay::of(mail.sent_at).iso;
    view! {
        <li class="inbox-item"><article>
            <header class="inbox-item-head">
                <h2>{mail.subject}</h2>
                <p class="muted">{mail.to}" · "{mail.kind}" · "<time datetime=sent.clone()>{sent.clone()}</time></p>
            </header>
            {mail.code.map(|code| view! { <p class="inbox-code"><code>{code}</code></p> })}
            {mail.link.map(|link| view! { <a class="button button-secondary" href=link>{t("page.dev_inbox.open")}</a> })}
            <pre class="inbox-text" tabindex="0">{mail.text}</pre>
        </article></li>
    }
}
