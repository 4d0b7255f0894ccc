//! What a webhook was told in the last 30 days, as a picture and as a list.

use auth::Page;
use auth::id::WebhookId;
use auth::view::{DeliveryItem, DeliveryState};
use auth::webhook::HOST_NOT_ALLOWED;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::picture::DeliveryPicture;
use super::{Place, ReplayWebhookDelivery};
use crate::error::AppError;
use crate::page::account::{NoList, after, query};
use crate::text::{t, t_with};
use crate::ui::{Icon, Moment, Paging};

/// The picture of the last ones, the filters, and a page of the list. `path` is the address of the webhook.
#[component]
pub(super) fn Deliveries(
    place: Place,
    webhook: WebhookId,
    list: Result<Page<DeliveryItem>, AppError>,
    path: String,
    replayable: bool,
) -> impl IntoView {
    let chosen = query("state");
    let is_whole = chosen.is_empty() && after().is_none();
    let picture = match &list {
        Ok(page) if is_whole && !page.items.is_empty() => Some(page.items.clone()),
        _ => None,
    };
    let filters = std::iter::once(("", "page.webhooks.all"))
        .chain(DeliveryState::ALL.map(|state| (state.as_str(), state_key(state))))
        .map(|(name, words)| {
            let is_chosen = name == chosen;
            let address = if name.is_empty() { path.clone() } else { format!("{path}?state={name}") };
            view! { <li><a href=address aria-current=is_chosen.then_some("true")>{t(words)}</a></li> }
        })
        .collect_view();
    let first = if chosen.is_empty() { path.clone() } else { format!("{path}?state={chosen}") };
    let list = match list {
        Ok(page) if page.items.is_empty() => {
            let words = if chosen.is_empty() { "page.webhooks.nothing_told" } else { "page.webhooks.none_of_state" };
            view! { <div class="empty"><Icon name="bolt"/><p>{t(words)}</p></div> }.into_any()
        }
        Ok(page) => view! { <List place webhook page path=path.clone() first replayable/> }.into_any(),
        Err(error) => view! { <NoList error list=path.clone()/> }.into_any(),
    };
    view! {
        <section class="deliveries">
            <h2>{t("page.webhooks.deliveries")}</h2>
            {picture.map(|items| view! { <DeliveryPicture items/> })}
            <nav class="filters" aria-label=t("page.webhooks.filters")><ul>{filters}</ul></nav>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn List(
    place: Place,
    webhook: WebhookId,
    page: Page<DeliveryItem>,
    path: String,
    first: String,
    replayable: bool,
) -> impl IntoView {
    let Page { items, next } = page;
    let organization = place.organization();
    let rows = items.into_iter().map(|item| row(item, &path, &organization, &webhook, replayable)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.webhooks.deliveries")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.webhooks.event")}</th>
                        <th scope="col">{t("page.webhooks.when")}</th>
                        <th scope="col">{t("page.webhooks.state")}</th>
                        <th scope="col">{t("page.webhooks.attempts")}</th>
                        <th scope="col">{t("page.webhooks.answer")}</th>
                        <th scope="col">{t("page.webhooks.took")}</th>
                        <th scope="col"><span class="visually-hidden">{t("page.webhooks.acts")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list=first next is_first=after().is_none()/>
    }
    .into_any()
}

fn row(item: DeliveryItem, path: &str, organization: &str, webhook: &WebhookId, replayable: bool) -> AnyView {
    let id = item.id.as_str().to_owned();
    let address = format!("{path}?delivery={id}");
    let heading = format!("delivery-{id}");
    let next = item.next_at.filter(|_| item.attempts > 0).map(|at| {
        view! { <span class="muted next-attempt">{t("page.webhooks.next_at")}" "<Moment at with_time=true/></span> }
    });
    let replay = (replayable && item.state != DeliveryState::Pending).then(|| {
        view! {
            <form method="post" action=ReplayWebhookDelivery::PATH>
                <input type="hidden" name="organization" value=organization.to_owned()/>
                <input type="hidden" name="webhook" value=webhook.as_str().to_owned()/>
                <input type="hidden" name="delivery" value=id.clone()/>
                <button type="submit" class="button button-secondary button-small" aria-describedby=heading.clone()>
                    {t("page.webhooks.replay")}
                </button>
            </form>
        }
    });
    let (answer, took) = (answer_text(item.last_status, item.last_error.as_deref()), took_text(item.last_duration_ms));
    view! {
        <tr>
            <th scope="row" id=heading.clone()><a href=address><code>{item.kind}</code></a></th>
            <td><Moment at=item.created_at with_time=true/></td>
            <td>{delivery_badge(item.state)}{next}</td>
            <td>{item.attempts}</td>
            <td class="webhook-answer">{answer}</td>
            <td>{took}</td>
            <td>{replay}</td>
        </tr>
    }
    .into_any()
}

/// What becomes of a delivery, in words.
pub(super) fn delivery_badge(state: DeliveryState) -> AnyView {
    let class = match state {
        DeliveryState::Pending => "badge badge-warn",
        DeliveryState::Delivered => "badge badge-ok",
        DeliveryState::Dead => "badge badge-danger",
    };
    view! { <span class=class>{t(state_key(state))}</span> }.into_any()
}

pub(super) const fn state_key(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Pending => "page.webhooks.delivery_pending",
        DeliveryState::Delivered => "page.webhooks.delivery_delivered",
        DeliveryState::Dead => "page.webhooks.delivery_dead",
    }
}

/// The answer of an attempt, or why there was none.
pub(super) fn answer_text(status: Option<i64>, error: Option<&str>) -> String {
    match (status, error) {
        (Some(status), Some(error)) => format!("{status} · {error}"),
        (Some(status), None) => status.to_string(),
        (None, Some(HOST_NOT_ALLOWED)) => t("page.webhooks.host_not_allowed"),
        (None, Some(error)) => error.to_owned(),
        (None, None) => t("page.webhooks.none"),
    }
}

/// How long an attempt took.
pub(super) fn took_text(milliseconds: Option<i64>) -> String {
    match milliseconds {
        Some(milliseconds) => t_with("page.webhooks.milliseconds", &[("count", &milliseconds.to_string())]),
        None => t("page.webhooks.none"),
    }
}
