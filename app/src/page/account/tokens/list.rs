//! The tokens there are, and revoking them.

use auth::Page;
use auth::view::{TokenEnd, TokenItem};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::{address_text, after};
use super::{PATH, RevokeAllTokens, RevokeToken};
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Moment, Paging};

/// Nothing yet: what tokens are for, and how one is used.
#[component]
pub(super) fn Empty() -> impl IntoView {
    // No token of the form that scanners look for.
    let example = format!("curl -H \"Authorization: Bearer kw_pat_…\" \\\n  {}/api/v1/me", server::auth().public_url());
    view! {
        <div class="empty">
            <Icon name="code"/>
            <p>{t("page.tokens.empty")}</p>
            <pre class="example"><code>{example}</code></pre>
        </div>
    }
}

#[component]
pub(super) fn List(page: Page<TokenItem>) -> impl IntoView {
    let is_first = after().is_none();
    let Page { items, next } = page;
    let are_many = !is_first || next.is_some() || items.len() > 1;
    view! {
        <ul class="devices">{items.into_iter().map(|item| view! { <Token item/> }).collect_view()}</ul>
        <Paging list=PATH next is_first/>
        {are_many.then(|| view! {
            <details class="revoke">
                <summary>{t("page.tokens.revoke_all")}</summary>
                <form method="post" action=RevokeAllTokens::PATH>
                    <p>{t("page.tokens.revoke_all_text")}</p>
                    <button type="submit" class="button button-danger button-small">
                        {t("page.tokens.revoke_all_action")}
                    </button>
                </form>
            </details>
        })}
    }
}

#[component]
fn Token(item: TokenItem) -> impl IntoView {
    let badge = badge(item.end(server::auth().now()));
    let TokenItem { id, name, scopes, created_at, expires_at, last_used_at, last_used_address } = item;
    let heading = format!("token-{}", id.as_str());
    let used = match last_used_at {
        Some(at) => {
            let address = address_text(&last_used_address.unwrap_or_default());
            view! { <Moment at with_time=true/>" · "{address} }.into_any()
        }
        None => t("page.tokens.never_used").into_any(),
    };
    let ends = match expires_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.tokens.never_ends").into_any(),
    };
    let facts = [
        (t("page.tokens.made_at"), view! { <Moment at=created_at/> }.into_any()),
        (t("page.tokens.last_used"), used),
        (t("page.tokens.ends"), ends),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    let scopes = scopes.all().iter().map(|scope| view! { <li class="badge">{scope.as_str()}</li> });
    view! {
        <li class="card device">
            <div class="device-head">
                <Icon name="key"/>
                <h2 id=heading.clone()>{name.to_string()}</h2>
                {badge.map(|(class, words)| view! { <span class=class>{words}</span> })}
            </div>
            <ul class="badges" aria-label=t("ui.scopes")>{scopes.collect_view()}</ul>
            <dl class="device-facts">{rows.collect_view()}</dl>
            <details class="revoke">
                <summary aria-describedby=heading.clone()>{t("page.tokens.revoke")}</summary>
                <form method="post" action=RevokeToken::PATH>
                    <p>{t("page.tokens.revoke_text")}</p>
                    <input type="hidden" name="id" value=id.as_str().to_owned()/>
                    <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                        {t("page.tokens.revoke_action")}
                    </button>
                </form>
            </details>
        </li>
    }
}

/// What stands beside the name, where there is something to say about the end.
fn badge(end: TokenEnd) -> Option<(&'static str, String)> {
    match end {
        TokenEnd::Never => Some(("badge badge-warn", t("page.tokens.without_end"))),
        TokenEnd::Soon => Some(("badge badge-warn", t("page.tokens.ends_soon"))),
        TokenEnd::Over => Some(("badge badge-danger", t("page.tokens.over"))),
        TokenEnd::Later => None,
    }
}
