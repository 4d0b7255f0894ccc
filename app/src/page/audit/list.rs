//! The lines that fit, or why there are none.

use auth::form::AuditForm;
use auth::view::AuditItem;
use auth::{ErrorCode, Page};
use leptos::prelude::*;

use super::asked::{Scope, is_filtered, list_path};
use super::line::Line;
use crate::error::AppError;
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Notice, Paging, Tone};

/// A page of lines; instead of one what was wrong, and the way to the first.
#[component]
pub(super) fn Lines(scope: Scope, form: AuditForm, list: Result<Page<AuditItem>, AppError>) -> impl IntoView {
    let Page { items, next } = match list {
        Ok(page) => page,
        Err(error) => return not_found(&scope, &error),
    };
    let is_first = form.after.is_none();
    let shown = if items.is_empty() {
        let text = match (next.is_some(), is_filtered(&form) || !is_first) {
            // What fits may be older than what was looked through.
            (true, _) => "page.audit.none_yet",
            (false, true) => "page.audit.none",
            (false, false) => "page.audit.empty",
        };
        view! { <div class="empty"><Icon name="clock"/><p>{t(text)}</p></div> }.into_any()
    } else {
        view! { <Table scope=scope.clone() items/> }.into_any()
    };
    view! {
        {shown}
        <Paging list=list_path(&scope, &form) next is_first/>
    }
    .into_any()
}

fn not_found(scope: &Scope, error: &AppError) -> AnyView {
    server::set_status(error.code());
    let sentence = match error.code() {
        ErrorCode::MalformedRequest => t("ui.no_such_list"),
        code => t(&format!("error.{}", code.as_str())),
    };
    view! {
        <Notice tone=Tone::Danger text=sentence/>
        <div class="actions"><a class="button button-secondary" href=scope.path()>{t("ui.whole_list")}</a></div>
    }
    .into_any()
}

#[component]
fn Table(scope: Scope, items: Vec<AuditItem>) -> impl IntoView {
    let rows = items.into_iter().map(|item| view! { <Line scope=scope.clone() item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.audit.table")>
            <table class="table audit-table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.audit.when")}</th>
                        <th scope="col">{t("page.audit.what")}</th>
                        <th scope="col">{t("page.audit.who")}</th>
                        <th scope="col">{t("page.audit.where")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
