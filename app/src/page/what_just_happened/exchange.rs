//! The exchange: drawn, in words, and as it went over the wire.

use auth::Locale;
use auth::explain::{Exchange, Step};
use leptos::prelude::*;

use super::drawing::drawing;
use crate::text::{locale, t, t_with};
use crate::ui::Moment;

/// The drawing beside the steps in words.
#[component]
pub(super) fn ExchangeCard(exchange: Exchange) -> impl IntoView {
    let took = t_with("page.what_just_happened.took", &[("time", &duration(exchange.micros))]);
    let is_second_half = exchange.steps.iter().any(|timed| timed.step == Step::SecondFactorAsked);
    let asked =
        if is_second_half { "page.what_just_happened.asked_second_factor" } else { "page.what_just_happened.asked" };
    let asked = t_with(asked, &[("line", &exchange.request.line)]);
    let answered = t_with("page.what_just_happened.answered", &[("line", &exchange.answer.line)]);
    let steps = exchange.steps.iter().map(|timed| {
        let values = timed.step.values();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sentence = t_with(&format!("page.what_just_happened.step_{}", timed.step.as_str()), &values);
        view! { <li>{sentence}" "<span class="muted">{duration(timed.micros)}</span></li> }
    });
    view! {
        <section class="card">
            <h2>{t("page.what_just_happened.exchange")}</h2>
            <p class="muted"><Moment at=exchange.at with_time=true/>" · "{took}</p>
            <div class="explained">
                <div inner_html=drawing(&exchange)></div>
                <ol class="exchange-steps"><li>{asked}</li>{steps.collect_view()}<li>{answered}</li></ol>
            </div>
        </section>
    }
}

/// Both messages, without what nobody may see.
#[component]
pub(super) fn MessagesCard(exchange: Exchange) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.what_just_happened.messages")}</h2>
            <p>{t("page.what_just_happened.messages_text")}</p>
            <h3>{t("page.what_just_happened.request")}</h3>
            <pre class="message">{exchange.request.to_text()}</pre>
            <h3>{t("page.what_just_happened.answer")}</h3>
            <pre class="message">{exchange.answer.to_text()}</pre>
        </section>
    }
}

/// A time such as `850 µs`, `1.9 ms` or `42 ms`, as the language writes numbers.
pub(super) fn duration(micros: u64) -> String {
    let (whole, tenths) = (micros / 1000, micros % 1000 / 100);
    let comma = if locale() == Locale::Fr { ',' } else { '.' };
    match micros {
        0..1000 => format!("{micros}\u{a0}µs"),
        1000..10_000 => format!("{whole}{comma}{tenths}\u{a0}ms"),
        _ => format!("{whole}\u{a0}ms"),
    }
}
