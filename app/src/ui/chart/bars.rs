//! Bars over time, one above the other where there are several series.

use leptos::prelude::*;

use super::frame::{LEFT, RIGHT, axes, ceiling, fill, framed, patterns, x, y};
use super::numbers_table::NumbersTable;
use super::{Mark, Numbers, nothing_yet};

/// A picture of bars, its legend, and its numbers in a table.
#[component]
pub fn BarChart(numbers: Numbers) -> impl IntoView {
    if numbers.is_empty() {
        return nothing_yet();
    }
    let count = numbers.places.len();
    let value = |series: usize, place: usize| numbers.series[series].values.get(place).copied().flatten().unwrap_or(0);
    let heights = (0..count).map(|place| (0..numbers.series.len()).map(|series| value(series, place)).sum::<i64>());
    let high = ceiling(heights.max().unwrap_or_default());
    let wide = ((RIGHT - LEFT) / i64::try_from(count.max(1)).unwrap_or(1) - 6).max(3);
    let bars = (0..count).map(|place| {
        let left = x(place, count) - wide / 2;
        let mut below = 0;
        let parts = numbers.series.iter().enumerate().filter_map(|(index, series)| {
            let value = value(index, place);
            let (floor, top) = (y(below, high), y(below + value, high));
            below += value;
            (value > 0).then(|| bar(numbers.id, series.mark, left, top, (wide, (floor - top).max(1))))
        });
        parts.collect_view()
    });
    let drawn = view! { {patterns(numbers.id)}{axes(&numbers, high)}{bars.collect_view()} }.into_any();
    let legend = (numbers.series.len() > 1).then(|| legend(&numbers));
    let picture = framed(&numbers, drawn);
    view! { {picture}{legend}<NumbersTable numbers/> }.into_any()
}

fn bar(id: &str, mark: Mark, left: i64, top: i64, (wide, high): (i64, i64)) -> AnyView {
    let class = format!("bar-{}", mark.name());
    view! { <rect class=class fill=fill(id, mark) x=left y=top width=wide height=high></rect> }.into_any()
}

/// What each pattern means, with how many there are in all.
fn legend(numbers: &Numbers) -> AnyView {
    let items = numbers.series.iter().map(|series| {
        let total = series.values.iter().flatten().sum::<i64>();
        let drawn = bar(numbers.id, series.mark, 1, 3, (14, 10));
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{drawn}</svg>
                {series.name.clone()}" "<span class="legend-total">{(numbers.said)(total)}</span>
            </li>
        }
    });
    view! { <ul class="legend">{items.collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_the_floor() {
        assert_eq!(y(0, ceiling(7)), FLOOR);
    }
}
