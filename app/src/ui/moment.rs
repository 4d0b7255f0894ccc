//! A moment in words, as the clocks of its reader show it.

use auth::text::{moment_text_in, text_with};
use auth::view::{CivilDay, Me};
use auth::{TimeZone, Timestamp};
use leptos::prelude::*;

use crate::text::{locale, t};

/// The zone that the moments of a page are shown in.
#[derive(Clone)]
struct Zone(Option<TimeZone>);

/// Shows the moments of this page as the person chose. A page calls it before it makes any.
pub fn provide_zone(me: &Me) {
    provide_context(Zone(me.time_zone.clone()));
}

/// A day in words, and with `with_time` its hour; the exact moment in UTC for who asks.
#[component]
pub fn Moment(at: Timestamp, #[prop(optional)] with_time: bool) -> impl IntoView {
    let iso = CivilDay::of(at).iso;
    view! { <time datetime=iso.clone() title=iso>{moment_words(at, with_time)}</time> }
}

/// The same words where no element may stand, as in a picture.
pub fn moment_words(at: Timestamp, with_time: bool) -> String {
    let zone = zone();
    if with_time {
        moment_text_in(locale(), at, zone.as_ref())
    } else {
        day_text(&CivilDay::in_zone(at, zone.as_ref()))
    }
}

/// A day without its year, where it is clear which one is meant.
pub fn short_day_words(at: Timestamp) -> String {
    let civil = CivilDay::in_zone(at, zone().as_ref());
    let month = t(&format!("ui.month_{}", civil.month));
    text_with(locale(), "ui.date_in_year", &[("day", &civil.day.to_string()), ("month", &month)])
}

/// What the clocks show at a moment, such as `08:05`.
pub fn clock_words(at: Timestamp) -> String {
    CivilDay::in_zone(at, zone().as_ref()).time
}

fn zone() -> Option<TimeZone> {
    use_context::<Zone>().and_then(|Zone(zone)| zone)
}

fn day_text(civil: &CivilDay) -> String {
    let (day, year) = (civil.day.to_string(), civil.year.to_string());
    let month = t(&format!("ui.month_{}", civil.month));
    text_with(locale(), "ui.date", &[("day", &day), ("month", &month), ("year", &year)])
}
