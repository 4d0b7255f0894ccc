//! The last mails to the person of an account, so that support can tell whether one got through. What is in them is
//! never shown.

use auth::view::MailItem;
use leptos::prelude::*;

use super::mails::{kind_text, standing};
use crate::text::t;
use crate::ui::Moment;

/// What each was for, what became of it, and when it was promised.
#[component]
pub(super) fn Mails(list: Vec<MailItem>) -> impl IntoView {
    let list =
        if list.is_empty() { view! { <p class="muted">{t("page.mails.none")}</p> }.into_any() } else { table(&list) };
    view! { <h2>{t("page.mails.nav")}</h2>{list} }.into_any()
}

fn table(list: &[MailItem]) -> AnyView {
    let rows = list.iter().map(|item| {
        view! {
            <tr>
                <th scope="row">{kind_text(item.kind.as_deref())}</th>
                <td>{standing(item)}</td>
                <td><Moment at=item.created_at with_time=true/></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.mails.nav")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.mails.kind")}</th>
                        <th scope="col">{t("page.mails.state")}</th>
                        <th scope="col">{t("page.mails.promised")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
