//! Pictures of numbers over time (SVG 2, without script and inline styles). Each series has a pattern or a stroke of its
//! own, so that none is told by its colour alone, and the same numbers stand in a table below.

use leptos::prelude::*;

use crate::text::t;

mod bars;
mod frame;
mod lines;
mod numbers_table;

pub use bars::BarChart;
pub use lines::LineChart;

/// What a picture shows.
#[derive(Clone)]
pub struct Numbers {
    /// Unlike that of every other picture of the page.
    pub id: &'static str,
    /// What it is about.
    pub title: String,
    /// The picture in a sentence, for who does not see it.
    pub described: String,
    /// What stands below each place, such as a day.
    pub places: Vec<String>,
    /// What the places are called, such as "Day".
    pub place_name: String,
    /// What is shown at each place.
    pub series: Vec<Series>,
    /// A number in words.
    pub said: fn(i64) -> String,
}

/// Numbers of one kind, one for each place.
#[derive(Clone)]
pub struct Series {
    /// What they count.
    pub name: String,
    /// How they are drawn.
    pub mark: Mark,
    /// None where nobody counted.
    pub values: Vec<Option<i64>>,
}

/// How a series is told from the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A full bar, a whole line.
    Full,
    /// A hatched bar, a line of dashes.
    Stripes,
    /// A dotted bar, a line of dots.
    Dots,
    /// The frame of a bar, a thin line.
    Frame,
}

impl Mark {
    /// The end of the names of its classes and patterns.
    const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Stripes => "stripes",
            Self::Dots => "dots",
            Self::Frame => "frame",
        }
    }
}

impl Numbers {
    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.values.iter().all(|value| value.unwrap_or_default() == 0))
    }
}

/// A number as it is.
pub fn plain(number: i64) -> String {
    number.to_string()
}

/// Instead of a picture without numbers.
fn nothing_yet() -> AnyView {
    view! { <p class="muted">{t("page.charts.nothing")}</p> }.into_any()
}
