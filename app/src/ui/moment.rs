//! A moment in words.

use auth::Timestamp;
use auth::text::{moment_text, text_with};
use auth::view::CivilDay;
use leptos::prelude::*;

use crate::text::{locale, t};

/// A day in words, and with `with_time` its hour; the exact moment in UTC for who asks.
#[component]
pub fn Moment(at: Timestamp, #[prop(optional)] with_time: bool) -> impl IntoView {
    let civil = CivilDay::of(at);
    let words = if with_time { moment_text(locale(), at) } else { day_text(&civil) };
    view! { <time datetime=civil.iso.clone() title=civil.iso>{words}</time> }
}

fn day_text(civil: &CivilDay) -> String {
    let (day, year) = (civil.day.to_string(), civil.year.to_string());
    let month = t(&format!("ui.month_{}", civil.month));
    text_with(locale(), "ui.date", &[("day", &day), ("month", &month), ("year", &year)])
}
