//! A refresh token family as a picture (SVG 2, without script and without inline styles): time runs to
//! the right, each place has a lane, a dot is a token, and a line joins each token to the next. A long
//! family has a bar for each slot of time.
//!
//! Dots that would lie upon each other are moved apart. So the times below are those of dots, never those
//! of places between them.

use auth::Timestamp;
use auth::view::{Family, Origin};
use leptos::prelude::*;

use super::family_list::{reuse_text, step_text};
use super::{origin_text, reason_text};
use crate::text::{t, t_with};
use crate::ui::{clock_words, moment_words};

const WIDTH: i64 = 880;
const LEFT: i64 = 16;
const RIGHT: i64 = WIDTH - LEFT;
/// The height of a lane, and where its line runs.
const LANE: i64 = 60;
const LINE: i64 = 46;
/// What stands below the lanes.
const FOOT: i64 = 36;
/// Most distance that dots are moved apart.
const GAP: i64 = 14;
/// Between two times, so that they can be read.
const TIME_GAP: i64 = 200;
const BAR: i64 = 24;
/// Lanes of their own; further places share one.
const MOST_LANES: usize = 6;
/// Below this, the hour says more than the day.
const SHORT_SECONDS: i64 = 36 * 60 * 60;

/// Where everything stands.
struct Drawing {
    lanes: Vec<String>,
    /// The place of each step.
    steps: Vec<(i64, i64)>,
    reuse: Option<(i64, i64)>,
    end: Option<i64>,
    /// Where the times stand, and which.
    times: Vec<(i64, Timestamp)>,
    floor: i64,
}

impl Drawing {
    fn of(family: &Family, now: Timestamp) -> Self {
        let (lanes, lane_of) = lanes(family);
        let moments: Vec<Timestamp> = family.steps.iter().map(|step| step.since).collect();
        let reused_at = family.reuse.as_ref().map(|reuse| reuse.at);
        let ended_at = family.session.end.as_ref().map(|end| end.at);
        let marks: Vec<Timestamp> = moments.iter().copied().chain(reused_at).chain(ended_at).collect();
        let places = spread(&marks, family.session.signed_in_at, ended_at.unwrap_or(now));
        let height_of = |lane: usize| i64::try_from(lane).unwrap_or_default() * LANE + LINE;
        let steps = places.iter().zip(&lane_of).take(moments.len()).map(|(x, lane)| (*x, height_of(*lane))).collect();
        let mut rest = places.iter().skip(moments.len()).copied();
        let reuse = reused_at.and_then(|_| rest.next()).zip(lane_of.last()).map(|(x, lane)| (x, height_of(*lane)));
        let end = ended_at.and_then(|_| rest.next());
        let floor = i64::try_from(lanes.len()).unwrap_or(1) * LANE + 4;
        Self { times: times(&places, &marks), lanes, steps, reuse, end, floor }
    }
}

/// The names of the lanes; then the lane of each step, and of the reuse behind them.
fn lanes(family: &Family) -> (Vec<String>, Vec<usize>) {
    let reused_from = family.reuse.as_ref().map(|reuse| &reuse.origin);
    let origins: Vec<&Origin> = family.steps.iter().map(|step| &step.origin).chain(reused_from).collect();
    let mut own: Vec<&Origin> = reused_from.into_iter().collect();
    for origin in &origins {
        if own.len() < MOST_LANES && !own.contains(origin) {
            own.push(origin);
        }
    }
    // In the order they were seen in.
    own.sort_by_key(|origin| origins.iter().position(|one| one == origin));
    let place = |origin: &&Origin| own.iter().position(|one| one == origin).unwrap_or(own.len());
    let lane_of: Vec<usize> = origins.iter().map(place).collect();
    let others = lane_of.contains(&own.len()).then(|| t("page.admin_session.other_places"));
    (own.iter().map(|origin| origin_text(origin)).chain(others).collect(), lane_of)
}

/// Places from left to right as the time demands, but never upon each other.
fn spread(marks: &[Timestamp], from: Timestamp, to: Timestamp) -> Vec<i64> {
    let span = (to.0 - from.0).max(1);
    let count = i64::try_from(marks.len()).unwrap_or(i64::MAX).max(1);
    let gap = ((RIGHT - LEFT) / count).clamp(1, GAP);
    let mut least = LEFT;
    let mut places: Vec<i64> = Vec::with_capacity(marks.len());
    for mark in marks {
        let wanted = LEFT + (mark.0 - from.0).clamp(0, span) * (RIGHT - LEFT) / span;
        places.push(wanted.max(least));
        least = wanted.max(least) + gap;
    }
    let mut most = RIGHT;
    for place in places.iter_mut().rev() {
        *place = (*place).min(most);
        most = *place - gap;
    }
    places
}

/// The times of as many marks as can be read, the first and the last among them.
fn times(places: &[i64], marks: &[Timestamp]) -> Vec<(i64, Timestamp)> {
    let mut chosen: Vec<(i64, Timestamp)> = Vec::new();
    for mark in places.iter().copied().zip(marks.iter().copied()) {
        if chosen.last().is_none_or(|(before, _)| mark.0 - before >= TIME_GAP) {
            chosen.push(mark);
        }
    }
    if let Some(last) = places.last().copied().zip(marks.last().copied()) {
        while chosen.len() > 1 && chosen.last().is_some_and(|(x, _)| last.0 - x < TIME_GAP) {
            chosen.pop();
        }
        if chosen.last().is_some_and(|(x, _)| last.0 - x >= TIME_GAP) {
            chosen.push(last);
        }
    }
    chosen
}

/// The picture with its legend, in a box of its own that scrolls where the page is narrow.
#[component]
pub(super) fn FamilyPicture(family: Family, now: Timestamp) -> impl IntoView {
    let drawing = Drawing::of(&family, now);
    let height = drawing.floor + FOOT;
    let lanes = drawing.lanes.iter().zip(0_i64..).map(|(name, lane)| {
        let (label, line) = (lane * LANE + 14, lane * LANE + LINE);
        view! {
            <text class="chart-label" x=LEFT y=label>{name.clone()}</text>
            <line class="chart-lane" x1=LEFT y1=line x2=RIGHT y2=line></line>
        }
    });
    let points: Vec<String> = drawing.steps.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let open = family.session.end.is_none().then(|| drawing.steps.last().copied()).flatten();
    let open = open.map(|(x, y)| view! { <line class="family-open" x1=x y1=y x2=RIGHT y2=y></line> });
    let floor = drawing.floor;
    let end = drawing.end.map(|x| view! { <line class="family-end" x1=x y1="4" x2=x y2=floor></line> });
    let view_box = format!("0 0 {WIDTH} {height}");
    view! {
        <div class="chart-box" tabindex="0" role="region" aria-label=t("page.admin_session.family")>
            <svg
                class="chart" role="img" aria-labelledby="family-title family-desc" width=WIDTH height=height
                viewBox=view_box
            >
                <title id="family-title">{t("page.admin_session.family")}</title>
                <desc id="family-desc">{describe(&family)}</desc>
                {lanes.collect_view()}
                <polyline class="family-line" points=points.join(" ")></polyline>
                {open}
                {steps(&family, &drawing)}
                {end}
                {reuse(&family, &drawing)}
                {axis(&family, &drawing)}
            </svg>
        </div>
        <Legend has_reuse=family.reuse.is_some() has_end=family.session.end.is_some() bar_seconds=family.slot_seconds/>
    }
    .into_any()
}

/// The dots, or the bars of a long family.
fn steps(family: &Family, drawing: &Drawing) -> AnyView {
    let most = family.steps.iter().map(|step| step.tokens).max().unwrap_or(1).max(1);
    let marks = family.steps.iter().zip(&drawing.steps).map(|(step, (x, y))| {
        let (x, y) = (*x, *y);
        let words = format!("{} · {}", step_text(step), moment_words(step.since, true));
        if family.slot_seconds.is_some() {
            let high = 4 + (BAR - 4) * step.tokens / most;
            let (left, top) = (x - 3, y - high);
            view! { <rect class="family-bar" x=left y=top width="6" height=high><title>{words}</title></rect> }
                .into_any()
        } else {
            let class = if step.first == 0 { "family-start" } else { "family-dot" };
            view! { <circle class=class cx=x cy=y r="5"><title>{words}</title></circle> }.into_any()
        }
    });
    marks.collect_view().into_any()
}

/// The mark where a token was used again, and the way to it from the token, where that is known.
fn reuse(family: &Family, drawing: &Drawing) -> Option<AnyView> {
    let (reuse, (x, y)) = family.reuse.as_ref().zip(drawing.reuse)?;
    let generation = reuse.generation.unwrap_or(-1);
    let from = family.steps.iter().position(|step| (step.first..=step.last).contains(&generation));
    let way = from.and_then(|at| drawing.steps.get(at)).map(|(from_x, from_y)| {
        let (middle, top) = (i64::midpoint(*from_x, x), (*from_y).min(y) - 26);
        view! { <path class="family-way" d=format!("M{from_x} {from_y}Q{middle} {top} {x} {y}")></path> }
    });
    let (left, right, above, below) = (x - 6, x + 6, y - 6, y + 6);
    let cross = format!("M{left} {above}L{right} {below}M{right} {above}L{left} {below}");
    let mark = view! {
        {way}
        <g class="family-reuse"><title>{reuse_text(reuse)}</title><path d=cross></path></g>
    };
    Some(mark.into_any())
}

/// The times below the lanes.
fn axis(family: &Family, drawing: &Drawing) -> AnyView {
    let last = drawing.times.last().map_or(family.session.signed_in_at, |(_, at)| *at);
    let is_short = last.seconds_since(family.session.signed_in_at) < SHORT_SECONDS;
    let floor = drawing.floor;
    let times = drawing.times.iter().enumerate().map(|(number, (x, at))| {
        let words = match (is_short, number) {
            (true, 0) => moment_words(*at, true),
            (true, _) => clock_words(*at),
            (false, _) => moment_words(*at, false),
        };
        let anchor = match *x {
            x if x < TIME_GAP / 2 => "start",
            x if x > WIDTH - TIME_GAP / 2 => "end",
            _ => "middle",
        };
        let (x, foot, label) = (*x, floor + 6, floor + 22);
        view! {
            <line class="chart-axis" x1=x y1=floor x2=x y2=foot></line>
            <text class="chart-time" x=x y=label text-anchor=anchor>{words}</text>
        }
    });
    view! {
        <line class="chart-axis" x1=LEFT y1=floor x2=RIGHT y2=floor></line>
        {times.collect_view()}
    }
    .into_any()
}

/// The picture in a few sentences, for who does not see it.
fn describe(family: &Family) -> String {
    let (tokens, session) = (family.tokens.to_string(), &family.session);
    let since = moment_words(session.signed_in_at, true);
    let until = moment_words(session.last_seen_at, true);
    let mut sentences =
        vec![t_with("page.admin_session.described", &[("count", &tokens), ("since", &since), ("until", &until)])];
    sentences.extend(family.reuse.as_ref().map(reuse_text));
    sentences.push(match &session.end {
        Some(end) => reason_text(end.reason),
        None => t("page.admin_session.goes_on"),
    });
    sentences.join(" ")
}

/// What the marks mean.
#[component]
fn Legend(has_reuse: bool, has_end: bool, bar_seconds: Option<i64>) -> impl IntoView {
    let token = match bar_seconds {
        Some(seconds) => view! {
            <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <rect class="family-bar" x="5" y="2" width="6" height="12"></rect>
            </svg>
            {t(slot_key(seconds))}
        }
        .into_any(),
        None => view! {
            <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <circle class="family-dot" cx="8" cy="8" r="5"></circle>
            </svg>
            {t("page.admin_session.legend_token")}
        }
        .into_any(),
    };
    let start = bar_seconds.is_none().then(|| {
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <circle class="family-start" cx="8" cy="8" r="5"></circle>
                </svg>
                {t("page.admin_session.legend_start")}
            </li>
        }
    });
    let reuse = has_reuse.then(|| {
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <g class="family-reuse"><path d="M2 2L14 14M14 2L2 14"></path></g>
                </svg>
                {t("page.admin_session.legend_reuse")}
            </li>
        }
    });
    let end = has_end.then(|| {
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                    <line class="family-end" x1="8" y1="1" x2="8" y2="15"></line>
                </svg>
                {t("page.admin_session.legend_end")}
            </li>
        }
    });
    view! {
        <ul class="legend">{start}<li>{token}</li>{reuse}{end}</ul>
        <p class="hint">{t("page.admin_session.legend_lanes")}</p>
    }
}

fn slot_key(seconds: i64) -> &'static str {
    match seconds {
        60 => "page.admin_session.slot_minute",
        600 => "page.admin_session.slot_ten_minutes",
        3_600 => "page.admin_session.slot_hour",
        21_600 => "page.admin_session.slot_six_hours",
        86_400 => "page.admin_session.slot_day",
        _ => "page.admin_session.slot_week",
    }
}
