//! The last deliveries as a picture (SVG 2, without script and without inline styles): a bar for each, as high as its
//! last attempt was long; full when it arrived, a frame while it waits, crossed out when it was given up.

use auth::view::{DeliveryItem, DeliveryState};
use leptos::prelude::*;

use super::deliveries::{answer_text, state_key, took_text};
use crate::text::{t, t_with};
use crate::ui::moment_words;

const WIDTH: i64 = 840;
const LEFT: i64 = 16;
/// From one bar to the next, and how wide one is.
const STEP: i64 = 16;
const BAR: i64 = 10;
const FLOOR: i64 = 96;
const HIGHEST: i64 = 72;
/// Also what took no time is seen.
const LOWEST: i64 = 10;
const HEIGHT: i64 = 124;

/// The picture with its legend. Each bar says what it is to who points at it; the list below says it to everybody.
#[component]
pub(super) fn DeliveryPicture(items: Vec<DeliveryItem>) -> impl IntoView {
    let slowest = items.iter().filter_map(|item| item.last_duration_ms).max().unwrap_or(0);
    let described = describe(&items, slowest);
    // The newest stands at the end, as in every picture of time.
    let (newest, oldest) = (items.first().map(|item| item.created_at), items.last().map(|item| item.created_at));
    let bars = items.iter().rev().zip(0_i64..).map(|(item, place)| bar(item, place, slowest)).collect_view();
    let last = LEFT + (i64::try_from(items.len()).unwrap_or(1) - 1).max(0) * STEP + BAR;
    let times = [(oldest, LEFT, "start"), (newest, last.max(LEFT + 360), "end")].map(|(at, x, anchor)| {
        at.map(|at| view! { <text class="chart-time" x=x y="114" text-anchor=anchor>{moment_words(at, true)}</text> })
    });
    let right = WIDTH - LEFT;
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    view! {
        <div class="chart-box" tabindex="0" role="region" aria-label=t("page.webhooks.picture")>
            <svg
                class="chart" role="img" aria-labelledby="told-title told-desc" width=WIDTH height=HEIGHT
                viewBox=view_box
            >
                <title id="told-title">{t("page.webhooks.picture")}</title>
                <desc id="told-desc">{described}</desc>
                {bars}
                <line class="chart-axis" x1=LEFT y1=FLOOR x2=right y2=FLOOR></line>
                {times.collect_view()}
            </svg>
        </div>
        <Legend/>
    }
    .into_any()
}

fn bar(item: &DeliveryItem, place: i64, slowest: i64) -> AnyView {
    let took = item.last_duration_ms.unwrap_or(0);
    let height = LOWEST + took * (HIGHEST - LOWEST) / slowest.max(1);
    let (x, y) = (LEFT + place * STEP, FLOOR - height);
    let said = [
        item.kind.clone(),
        t(state_key(item.state)),
        answer_text(item.last_status, item.last_error.as_deref()),
        took_text(item.last_duration_ms),
        moment_words(item.created_at, true),
    ];
    let cross = (item.state == DeliveryState::Dead).then(|| {
        let right = x + BAR;
        view! { <path class="told-cross" d=format!("M{x} {y}L{right} {FLOOR}M{right} {y}L{x} {FLOOR}")></path> }
    });
    view! {
        <g>
            <title>{said.join(" · ")}</title>
            <rect class=class_of(item.state) x=x y=y width=BAR height=height></rect>
            {cross}
        </g>
    }
    .into_any()
}

const fn class_of(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Delivered => "told-delivered",
        DeliveryState::Pending => "told-pending",
        DeliveryState::Dead => "told-dead",
    }
}

/// The picture in a sentence, for who does not see it.
fn describe(items: &[DeliveryItem], slowest: i64) -> String {
    let of = |state: DeliveryState| items.iter().filter(|item| item.state == state).count().to_string();
    t_with(
        "page.webhooks.described",
        &[
            ("all", &items.len().to_string()),
            ("delivered", &of(DeliveryState::Delivered)),
            ("pending", &of(DeliveryState::Pending)),
            ("dead", &of(DeliveryState::Dead)),
            ("slowest", &slowest.to_string()),
        ],
    )
}

/// What the bars mean.
#[component]
fn Legend() -> impl IntoView {
    let marks = [DeliveryState::Delivered, DeliveryState::Pending, DeliveryState::Dead].map(|state| {
        let cross =
            (state == DeliveryState::Dead).then(|| view! { <path class="told-cross" d="M3 2L13 14M13 2L3 14"></path> });
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <rect class=class_of(state) x="3" y="2" width="10" height="12"></rect>
                    {cross}
                </svg>
                {t(state_key(state))}
            </li>
        }
    });
    view! { <ul class="legend">{marks.collect_view()}</ul> }
}
