//! One delivery: what is told, and how each attempt went.

use auth::view::{DeliveryTry, DeliveryView};
use leptos::prelude::*;

use super::deliveries::{answer_text, delivery_badge, took_text};
use crate::text::t;
use crate::ui::{Moment, facts};

/// The card of a delivery. `back` leads to the page without it.
#[component]
pub(super) fn Delivery(shown: DeliveryView, back: String) -> impl IntoView {
    let DeliveryView { item, payload, tries } = shown;
    let about = [
        (t("page.webhooks.event").into_any(), view! { <code>{item.kind}</code> }.into_any()),
        (t("page.webhooks.state").into_any(), delivery_badge(item.state)),
        (t("page.webhooks.message_id").into_any(), view! { <code class="key-id">{item.id.0}</code> }.into_any()),
        (t("page.webhooks.event_id").into_any(), view! { <code class="key-id">{item.event_id}</code> }.into_any()),
    ];
    view! {
        <section class="card" aria-labelledby="delivery">
            <h2 id="delivery">{t("page.webhooks.delivery")}</h2>
            {facts(about)}
            <h3>{t("page.webhooks.body")}</h3>
            <pre class="example"><code>{payload}</code></pre>
            <h3>{t("page.webhooks.tries")}</h3>
            <Tries tries/>
            <div class="actions"><a class="button button-secondary" href=back>{t("page.webhooks.close")}</a></div>
        </section>
    }
    .into_any()
}

#[component]
fn Tries(tries: Vec<DeliveryTry>) -> impl IntoView {
    if tries.is_empty() {
        return view! { <p class="muted">{t("page.webhooks.no_try")}</p> }.into_any();
    }
    let rows = tries.into_iter().map(|attempt| {
        let DeliveryTry { at, status, error, duration_ms } = attempt;
        view! {
            <tr>
                <th scope="row"><Moment at with_time=true/></th>
                <td class="webhook-answer">{answer_text(status, error.as_deref())}</td>
                <td>{took_text(Some(duration_ms))}</td>
            </tr>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.webhooks.tries")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.webhooks.when")}</th>
                        <th scope="col">{t("page.webhooks.answer")}</th>
                        <th scope="col">{t("page.webhooks.took")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
