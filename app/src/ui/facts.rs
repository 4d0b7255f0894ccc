//! Names and values, ruled.

use leptos::prelude::*;

/// A list of terms, each with what is to be said about it.
pub fn facts<const N: usize>(facts: [(AnyView, AnyView); N]) -> impl IntoView {
    let rows = facts.into_iter().map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    view! { <dl class="facts">{rows.collect_view()}</dl> }
}
