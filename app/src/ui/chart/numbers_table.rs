//! The numbers of a picture as a table, for who wants to read them.

use leptos::prelude::*;

use super::Numbers;
use crate::text::t;

/// The table, folded; the newest place first.
#[component]
pub(super) fn NumbersTable(numbers: Numbers) -> impl IntoView {
    let Numbers { title, places, place_name, series, said, .. } = numbers;
    // The picture above is a region of the name alone.
    let label = format!("{title}: {}", t("page.charts.as_table"));
    let heads = series.iter().map(|series| view! { <th scope="col">{series.name.clone()}</th> }).collect_view();
    let rows = places.iter().enumerate().rev().map(|(place, name)| {
        let cells = series.iter().map(|series| {
            let value = series.values.get(place).copied().flatten();
            view! { <td class="number">{value.map_or_else(|| "–".to_owned(), said)}</td> }
        });
        view! { <tr><th scope="row">{name.clone()}</th>{cells.collect_view()}</tr> }
    });
    view! {
        <details class="numbers">
            <summary>{t("page.charts.as_table")}<span class="visually-hidden">": "{title}</span></summary>
            <div class="table-wrap" tabindex="0" role="region" aria-label=label>
                <table class="table">
                    <thead><tr><th scope="col">{place_name}</th>{heads}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
