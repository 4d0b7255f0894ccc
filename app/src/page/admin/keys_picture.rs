//! The signing keys as a picture (SVG 2, without script and without inline styles): a bar for each, over
//! the time in which it is published, signs, and still verifies what it signed.

use auth::Timestamp;
use auth::view::KeyView;
use leptos::prelude::*;

use super::keys::state_text;
use crate::text::{t, t_with};
use crate::ui::moment_words;

const WIDTH: i64 = 880;
const LEFT: i64 = 16;
const RIGHT: i64 = WIDTH - LEFT;
/// The height of a row, and where its bar lies.
const ROW: i64 = 52;
const BAR: i64 = 22;
const HIGH: i64 = 16;
/// What stands below the rows.
const FOOT: i64 = 36;
/// The newest keys; of older ones the table tells.
const MOST_KEYS: usize = 12;
/// What is shown beyond the last change: it goes on.
const BEYOND: i64 = 30 * 60 * 1000;

/// The picture's stretch of time.
struct Axis {
    from: i64,
    to: i64,
}

impl Axis {
    fn of(keys: &[KeyView], now: Timestamp) -> Self {
        let from = keys.iter().map(|key| key.created_at.0).min().unwrap_or(now.0).min(now.0);
        let ends = keys.iter().flat_map(|key| [Some(key.signs_from), key.verifies_until, key.revoked_at]);
        let last = ends.flatten().map(|at| at.0).max().unwrap_or(now.0).max(now.0);
        Self { from, to: last + ((last - from) / 12).max(BEYOND) }
    }

    fn x(&self, at: i64) -> i64 {
        LEFT + (at.clamp(self.from, self.to) - self.from) * (RIGHT - LEFT) / (self.to - self.from).max(1)
    }
}

/// A part of a bar.
struct Part {
    class: &'static str,
    from: i64,
    to: i64,
}

/// What a key did and will do, in the order of time. A revocation cuts it off.
fn parts(key: &KeyView, keys: &[KeyView], end_of_time: i64) -> Vec<Part> {
    let over = key.revoked_at.or(key.verifies_until).map_or(end_of_time, |at| at.0);
    // A key that was revoked before its time came never took over.
    let successors = keys.iter().filter(|other| other.revoked_at.is_none_or(|at| at > other.signs_from));
    let later = successors.map(|other| other.signs_from).filter(|from| *from > key.signs_from);
    let replaced = later.min().map_or(end_of_time, |at| at.0).min(over);
    let signs = key.signs_from.0.min(over);
    [("key-published", key.created_at.0, signs), ("key-signs", signs, replaced), ("key-verifies", replaced, over)]
        .into_iter()
        .map(|(class, from, to)| Part { class, from, to })
        .filter(|part| part.to > part.from)
        .collect()
}

/// The picture with its legend, in a box of its own that scrolls where the page is narrow.
#[component]
pub(super) fn KeysPicture(keys: Vec<KeyView>, now: Timestamp) -> impl IntoView {
    let mut keys = keys;
    keys.sort_by_key(|key| (key.signs_from, key.created_at));
    let shown = &keys[keys.len().saturating_sub(MOST_KEYS)..];
    let axis = Axis::of(shown, now);
    let floor = i64::try_from(shown.len()).unwrap_or(1) * ROW + 4;
    let height = floor + FOOT;
    let rows = shown.iter().zip(0_i64..).map(|(key, row)| bar(key, shown, &axis, row * ROW)).collect_view();
    let today = axis.x(now.0);
    let view_box = format!("0 0 {WIDTH} {height}");
    view! {
        <div class="chart-box" tabindex="0" role="region" aria-label=t("page.admin_keys.picture")>
            <svg
                class="chart" role="img" aria-labelledby="keys-title keys-desc" width=WIDTH height=height
                viewBox=view_box
            >
                <title id="keys-title">{t("page.admin_keys.picture")}</title>
                <desc id="keys-desc">{describe(shown)}</desc>
                {rows}
                <line class="key-now" x1=today y1="4" x2=today y2=floor></line>
                {times(&axis, floor)}
            </svg>
        </div>
        <Legend/>
    }
    .into_any()
}

/// The row of a key: its name, what it does now, and its bar.
fn bar(key: &KeyView, keys: &[KeyView], axis: &Axis, top: i64) -> AnyView {
    let name: String = key.id.chars().take(12).collect();
    let label = format!("{name}… · {} · {}", key.algorithm, state_text(key.state));
    let (label_y, y) = (top + 14, top + BAR);
    let parts = parts(key, keys, axis.to).into_iter().map(|part| {
        let from = axis.x(part.from);
        // Also what lasts a moment is seen.
        let width = (axis.x(part.to) - from).max(2);
        view! { <rect class=part.class x=from y=y width=width height=HIGH></rect> }
    });
    let revoked = key.revoked_at.map(|at| {
        let (x, below) = (axis.x(at.0), y + HIGH);
        let (left, right) = (x - 8, x + 8);
        let cross = format!("M{left} {y}L{right} {below}M{right} {y}L{left} {below}");
        view! { <g class="key-revoked"><path d=cross></path></g> }
    });
    view! {
        <text class="chart-label" x=LEFT y=label_y>{label}</text>
        {parts.collect_view()}
        {revoked}
    }
    .into_any()
}

/// Three times below the rows: more would not stand beside each other.
fn times(axis: &Axis, floor: i64) -> AnyView {
    let times = [(0, "start"), (1, "middle"), (2, "end")].map(|(half, anchor)| {
        let x = LEFT + half * (RIGHT - LEFT) / 2;
        let at = Timestamp(axis.from + half * (axis.to - axis.from) / 2);
        let (foot, label) = (floor + 6, floor + 22);
        view! {
            <line class="chart-axis" x1=x y1=floor x2=x y2=foot></line>
            <text class="chart-time" x=x y=label text-anchor=anchor>{moment_words(at, true)}</text>
        }
    });
    view! {
        <line class="chart-axis" x1=LEFT y1=floor x2=RIGHT y2=floor></line>
        {times.collect_view()}
    }
    .into_any()
}

/// The picture in a few sentences, for who does not see it.
fn describe(keys: &[KeyView]) -> String {
    let sentences = keys.iter().map(|key| {
        let (since, state) = (moment_words(key.signs_from, true), state_text(key.state));
        t_with("page.admin_keys.described", &[("key", &key.id), ("since", &since), ("state", &state)])
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// What the parts of a bar mean.
#[component]
fn Legend() -> impl IntoView {
    let parts = [
        ("key-published", "page.admin_keys.legend_published"),
        ("key-signs", "page.admin_keys.legend_signs"),
        ("key-verifies", "page.admin_keys.legend_verifies"),
    ];
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
    view! {
        <ul class="legend">
            {parts.collect_view()}
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <g class="key-revoked"><path d="M2 2L14 14M14 2L2 14"></path></g>
                </svg>
                {t("page.admin_keys.legend_revoked")}
            </li>
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <line class="key-now" x1="8" y1="1" x2="8" y2="15"></line>
                </svg>
                {t("page.admin_keys.legend_now")}
            </li>
        </ul>
    }
}
