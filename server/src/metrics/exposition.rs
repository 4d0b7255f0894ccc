//! The text that Prometheus reads (Text-based exposition format, version 0.0.4).

use auth::meter::{BOUNDS, Durations};
use std::fmt::{Display, Write as _};

/// What is sent as the kind of the text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text that grows by families.
#[derive(Default)]
pub(super) struct Exposition {
    text: String,
    name: &'static str,
}

impl Exposition {
    /// Begins a family of numbers that only grow.
    pub(super) fn counter(&mut self, name: &'static str, help: &str) -> &mut Self {
        self.family(name, "counter", help)
    }

    /// Begins a family of numbers that come and go.
    pub(super) fn gauge(&mut self, name: &'static str, help: &str) -> &mut Self {
        self.family(name, "gauge", help)
    }

    /// Begins a family of durations.
    pub(super) fn histogram(&mut self, name: &'static str, help: &str) -> &mut Self {
        self.family(name, "histogram", help)
    }

    /// Adds a number to the family.
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) -> &mut Self {
        self.line("", labels, value)
    }

    /// Adds durations to the family.
    pub(super) fn durations(&mut self, labels: &[(&str, &str)], durations: &Durations) -> &mut Self {
        for ((bound, _), count) in BOUNDS.iter().zip(durations.within) {
            let labels: Vec<_> = labels.iter().copied().chain([("le", *bound)]).collect();
            self.line("_bucket", &labels, count);
        }
        let all: Vec<_> = labels.iter().copied().chain([("le", "+Inf")]).collect();
        self.line("_bucket", &all, durations.count);
        self.line("_sum", labels, Seconds::of_micros(durations.micros));
        self.line("_count", labels, durations.count)
    }

    /// The whole text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn family(&mut self, name: &'static str, kind: &str, help: &str) -> &mut Self {
        self.name = name;
        // Writing into a text never fails.
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        self
    }

    fn line(&mut self, ending: &str, labels: &[(&str, &str)], value: impl Display) -> &mut Self {
        let _ = write!(self.text, "{}{ending}", self.name);
        for (place, (label, text)) in labels.iter().enumerate() {
            let sign = if place == 0 { '{' } else { ',' };
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.text, "{sign}{label}=\"{text}\"");
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.text, "{end} {value}");
        self
    }
}

/// A duration, written in seconds.
pub(super) struct Seconds(u64);

impl Seconds {
    pub(super) fn of_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// None is less than nothing.
    pub(super) fn of_millis(millis: i64) -> Self {
        Self(u64::try_from(millis).unwrap_or(0).saturating_mul(1000))
    }
}

impl Display for Seconds {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::meter::Histogram;
    use std::time::Duration;

    #[test]
    fn families_are_written_as_prometheus_reads_them() {
        let mut text = Exposition::default();
        text.counter("a_total", "Things.").sample(&[("kind", "x\"\\\n"), ("other", "y")], 3).sample(&[], 4);
        let histogram = Histogram::default();
        histogram.note(Duration::from_micros(1_500));
        text.histogram("b_seconds", "Time.").durations(&[("of", "z")], &histogram.read());
        let text = text.into_text();
        let beginning = "# HELP a_total Things.\n# TYPE a_total counter\n\
                         a_total{kind=\"x\\\"\\\\\\n\",other=\"y\"} 3\na_total 4\n";
        assert!(text.starts_with(beginning), "{text}");
        assert!(
            text.contains("b_seconds_bucket{of=\"z\",le=\"0.001\"} 0\nb_seconds_bucket{of=\"z\",le=\"0.005\"} 1\n")
        );
        let end =
            "b_seconds_bucket{of=\"z\",le=\"+Inf\"} 1\nb_seconds_sum{of=\"z\"} 0.001500\nb_seconds_count{of=\"z\"} 1\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn a_duration_is_never_less_than_nothing() {
        assert_eq!(Seconds::of_millis(1_250).to_string(), "1.250000");
        assert_eq!(Seconds::of_millis(-1).to_string(), "0.000000");
    }
}
