//! Lines of each day as a picture (SVG 2, without script and without inline styles): a bar for each day; the full part
//! of it are lines of what was refused, so nobody needs to see colours.

use auth::view::AuditDay;
use leptos::prelude::*;

use crate::text::{t, t_with};
use crate::ui::moment_words;

const WIDTH: i64 = 880;
const LEFT: i64 = 56;
const RIGHT: i64 = WIDTH - 16;
const TOP: i64 = 16;
const FLOOR: i64 = 132;
const HEIGHT: i64 = FLOOR + 32;

/// The picture with its legend, in a box of its own that scrolls where the page is narrow.
#[component]
pub(super) fn DaysPicture(days: Vec<AuditDay>) -> impl IntoView {
    let most = days.iter().map(|day| day.lines).max().unwrap_or(0).max(1);
    let count = i64::try_from(days.len()).unwrap_or(1).max(1);
    let bars = days.iter().zip(0_i64..).map(|(day, place)| bar(day, (place, count), most)).collect_view();
    let ends = days.first().zip(days.last()).map(|(first, last)| {
        let label = FLOOR + 22;
        view! {
            <text class="chart-time" x=LEFT y=label>{moment_words(first.at, false)}</text>
            <text class="chart-time" x=RIGHT y=label text-anchor="end">{moment_words(last.at, false)}</text>
        }
    });
    let (before, high) = (LEFT - 8, TOP + 4);
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    view! {
        <div class="chart-box chart-box-newest" tabindex="0" role="region" aria-label=t("page.audit.days")>
            <svg
                class="chart" role="img" aria-labelledby="days-title days-desc" width=WIDTH height=HEIGHT
                viewBox=view_box
            >
                <title id="days-title">{t("page.audit.days")}</title>
                <desc id="days-desc">{describe(&days)}</desc>
                <line class="chart-lane" x1=LEFT y1=TOP x2=RIGHT y2=TOP></line>
                <text class="chart-time" x=before y=high text-anchor="end">{most}</text>
                <text class="chart-time" x=before y=FLOOR text-anchor="end">"0"</text>
                {bars}
                <line class="chart-axis" x1=LEFT y1=FLOOR x2=RIGHT y2=FLOOR></line>
                {ends}
            </svg>
        </div>
        <Legend/>
    }
    .into_any()
}

/// The bar of a day: what was refused at its foot.
fn bar(day: &AuditDay, (place, count): (i64, i64), most: i64) -> Option<AnyView> {
    if day.lines == 0 {
        return None;
    }
    let step = (RIGHT - LEFT) / count;
    let (left, wide) = (LEFT + place * step + 3, (step - 6).max(2));
    // Also what is little is seen.
    let high = |lines: i64| if lines == 0 { 0 } else { ((FLOOR - TOP) * lines / most).max(2) };
    let (all, refused) = (high(day.lines), high(day.refused).min(high(day.lines)));
    let (top, refused_top) = (FLOOR - all, FLOOR - refused);
    let part = (refused > 0).then(|| {
        view! { <rect class="audit-refused" x=left y=refused_top width=wide height=refused></rect> }
    });
    let drawn = view! {
        <g>
            <title>{words(day)}</title>
            <rect class="audit-done" x=left y=top width=wide height=all></rect>
            {part}
        </g>
    };
    Some(drawn.into_any())
}

/// What a day had, in words.
fn words(day: &AuditDay) -> String {
    let (lines, refused) = (day.lines.to_string(), day.refused.to_string());
    let date = moment_words(day.at, false);
    t_with("page.audit.day", &[("date", &date), ("lines", &lines), ("refused", &refused)])
}

/// The picture in a sentence, for who does not see it.
fn describe(days: &[AuditDay]) -> String {
    let (lines, refused) = days.iter().fold((0, 0), |sum, day| (sum.0 + day.lines, sum.1 + day.refused));
    let busiest = days.iter().max_by_key(|day| day.lines).filter(|day| day.lines > 0);
    let busiest = busiest.map(|day| format!(" {}", words(day))).unwrap_or_default();
    let (lines, refused) = (lines.to_string(), refused.to_string());
    format!("{}{busiest}", t_with("page.audit.described", &[("lines", &lines), ("refused", &refused)]))
}

/// What the parts of a bar mean.
#[component]
fn Legend() -> impl IntoView {
    let parts = [("audit-done", "page.audit.legend_done"), ("audit-refused", "page.audit.legend_refused")];
    let parts = parts.map(|(class, key)| {
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <rect class=class x="1" y="3" width="14" height="10"></rect>
                </svg>
                {t(key)}
            </li>
        }
    });
    view! { <ul class="legend">{parts.collect_view()}</ul> }
}
