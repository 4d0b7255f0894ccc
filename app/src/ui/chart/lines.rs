//! Lines over time. Where nobody counted, a line is broken.

use leptos::prelude::*;

use super::frame::{axes, ceiling, framed, x, y};
use super::numbers_table::NumbersTable;
use super::{Mark, Numbers, Series, nothing_yet};

/// A picture of lines, its legend, and its numbers in a table.
#[component]
pub fn LineChart(numbers: Numbers) -> impl IntoView {
    if numbers.is_empty() {
        return nothing_yet();
    }
    let most = numbers.series.iter().flat_map(|series| series.values.iter().flatten()).max();
    let high = ceiling(most.copied().unwrap_or_default());
    let count = numbers.places.len();
    let lines = numbers.series.iter().map(|series| line(series, count, high)).collect_view();
    let drawn = view! { {axes(&numbers, high)}{lines} }.into_any();
    let legend = (numbers.series.len() > 1).then(|| legend(&numbers));
    let picture = framed(&numbers, drawn);
    view! { {picture}{legend}<NumbersTable numbers/> }.into_any()
}

/// The points of a line, in pieces where nobody counted between them.
fn pieces(series: &Series, count: usize, high: i64) -> Vec<Vec<(i64, i64)>> {
    let mut pieces: Vec<Vec<(i64, i64)>> = vec![Vec::new()];
    for (place, value) in series.values.iter().enumerate() {
        match (value, pieces.last_mut()) {
            (Some(value), Some(piece)) => piece.push((x(place, count), y(*value, high))),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn line(series: &Series, count: usize, high: i64) -> AnyView {
    let (class, dot) = (format!("line-{}", series.mark.name()), format!("point-{}", series.mark.name()));
    let drawn = pieces(series, count, high).into_iter().map(|piece| {
        let points = piece.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
        let dots = piece.iter().map(|(x, y)| point(&dot, series.mark, *x, *y)).collect_view();
        view! { <polyline class=class.clone() points=points></polyline>{dots} }
    });
    drawn.collect_view().into_any()
}

/// A point: round, square or pointed, as its series is.
fn point(class: &str, mark: Mark, x: i64, y: i64) -> AnyView {
    let drawn = match mark {
        Mark::Full => format!("M{} {y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", x - 3),
        Mark::Stripes => format!("M{} {}h6v6h-6z", x - 3, y - 3),
        Mark::Dots => format!("M{} {}l4 7h-8z", x, y - 4),
        Mark::Frame => format!("M{} {}l4 4l-4 4l-4 -4z", x, y - 4),
    };
    view! { <path class=class.to_owned() d=drawn></path> }.into_any()
}

/// What each stroke means.
fn legend(numbers: &Numbers) -> AnyView {
    let items = numbers.series.iter().map(|series| {
        let (class, dot) = (format!("line-{}", series.mark.name()), format!("point-{}", series.mark.name()));
        view! {
            <li>
                <svg class="legend-mark" viewBox="0 0 32 16" width="32" height="16" aria-hidden="true">
                    <polyline class=class points="1,8 31,8"></polyline>
                    {point(&dot, series.mark, 16, 8)}
                </svg>
                {series.name.clone()}
            </li>
        }
    });
    view! { <ul class="legend">{items.collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_where_nobody_counted() {
        let series = |values: &[Option<i64>]| Series { name: String::new(), mark: Mark::Full, values: values.into() };
        let lengths =
            |values: &[Option<i64>]| pieces(&series(values), values.len(), 4).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(&[Some(1), Some(2), None, Some(3)]), [2, 1]);
        assert_eq!(lengths(&[None, None]), Vec::<usize>::new());
    }
}
