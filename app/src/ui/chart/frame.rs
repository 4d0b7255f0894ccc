//! What all pictures have in common: their measures, the axes, the patterns and the legend.

use leptos::prelude::*;

use super::{Mark, Numbers};

pub(super) const WIDTH: i64 = 880;
pub(super) const HEIGHT: i64 = 232;
pub(super) const LEFT: i64 = 64;
/// The words below the last place reach beyond it.
pub(super) const RIGHT: i64 = 848;
pub(super) const TOP: i64 = 14;
pub(super) const FLOOR: i64 = 196;
/// Words below the picture: more would not stand beside each other.
const MOST_WORDS: usize = 8;
/// Lines above the floor.
const STEPS: i64 = 4;

/// How high a picture is in numbers: a round one that nothing exceeds.
pub(super) fn ceiling(most: i64) -> i64 {
    let mut unit = 1;
    loop {
        for step in [unit, 2 * unit, 5 * unit] {
            if step * STEPS >= most {
                return step * STEPS;
            }
        }
        unit *= 10;
    }
}

/// Where a number lies.
pub(super) fn y(value: i64, ceiling: i64) -> i64 {
    FLOOR - value.clamp(0, ceiling) * (FLOOR - TOP) / ceiling.max(1)
}

/// The middle of a place.
pub(super) fn x(place: usize, places: usize) -> i64 {
    let (place, places) = (i64::try_from(place).unwrap_or(0), i64::try_from(places.max(1)).unwrap_or(1));
    LEFT + (2 * place + 1) * (RIGHT - LEFT) / (2 * places)
}

/// Lines with their numbers at the left, and words below.
pub(super) fn axes(numbers: &Numbers, ceiling: i64) -> AnyView {
    let lines = (0..=STEPS).map(|step| {
        let value = ceiling / STEPS * step;
        let at = y(value, ceiling);
        let (words_x, words_y) = (LEFT - 8, at + 4);
        let class = if step == 0 { "chart-axis" } else { "chart-lane" };
        view! {
            <line class=class x1=LEFT y1=at x2=RIGHT y2=at></line>
            <text class="chart-time" x=words_x y=words_y text-anchor="end">{(numbers.said)(value)}</text>
        }
    });
    let count = numbers.places.len();
    let every = count.div_ceil(MOST_WORDS).max(1);
    // Counted from the end: the newest place has its words.
    let words = numbers.places.iter().enumerate().filter(|(place, _)| (count - 1 - place).is_multiple_of(every));
    let words = words.map(|(place, words)| {
        let (at, below) = (x(place, count), FLOOR + 20);
        view! { <text class="chart-time" x=at y=below text-anchor="middle">{words.clone()}</text> }
    });
    view! { {lines.collect_view()}{words.collect_view()} }.into_any()
}

/// The patterns that bars are filled with.
pub(super) fn patterns(id: &str) -> AnyView {
    let (stripes, dots) = (pattern_id(id, Mark::Stripes), pattern_id(id, Mark::Dots));
    view! {
        <defs>
            <pattern id=stripes width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="pattern-ground" width="6" height="6"></rect>
                <line class="pattern-line" x1="0" y1="0" x2="0" y2="6"></line>
            </pattern>
            <pattern id=dots width="6" height="6" patternUnits="userSpaceOnUse">
                <rect class="pattern-ground" width="6" height="6"></rect>
                <circle class="pattern-dot" cx="3" cy="3" r="1.5"></circle>
            </pattern>
        </defs>
    }
    .into_any()
}

fn pattern_id(id: &str, mark: Mark) -> String {
    format!("{id}-{}", mark.name())
}

/// What fills a bar: a pattern, or nothing where its class fills it.
pub(super) fn fill(id: &str, mark: Mark) -> Option<String> {
    matches!(mark, Mark::Stripes | Mark::Dots).then(|| format!("url(#{})", pattern_id(id, mark)))
}

/// The picture in its box, with its title and its sentence.
pub(super) fn framed(numbers: &Numbers, drawn: AnyView) -> AnyView {
    let (title, described) = (format!("{}-title", numbers.id), format!("{}-desc", numbers.id));
    let labelled = format!("{title} {described}");
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    view! {
        <div class="chart-box chart-box-newest" tabindex="0" role="region" aria-label=numbers.title.clone()>
            <svg class="chart" role="img" aria-labelledby=labelled width=WIDTH height=HEIGHT viewBox=view_box>
                <title id=title>{numbers.title.clone()}</title>
                <desc id=described>{numbers.described.clone()}</desc>
                {drawn}
            </svg>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_is_round_and_nothing_exceeds_it() {
        for (most, high) in [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (41, 80), (81, 200), (1_000_000, 2_000_000)] {
            assert_eq!(ceiling(most), high, "{most}");
        }
        assert_eq!((y(0, 4), y(4, 4), y(9, 4)), (FLOOR, TOP, TOP));
    }

    #[test]
    fn places_stand_beside_each_other() {
        assert!(x(0, 30) > LEFT && x(29, 30) < RIGHT);
        assert!((0..29).all(|place| x(place, 30) < x(place + 1, 30)));
    }
}
