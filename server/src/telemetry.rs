//! Logs: pretty on a developer's machine, JSON lines in production. Whoever logs names fields;
//! secrets have no `Debug` and cannot be named. Traces are said beside them: see `traces`.

use std::io::IsTerminal as _;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, fmt};

use crate::settings::{Mode, Settings};
use crate::traces::{SpanLayer, Traces};

/// What a library says of answers of passkeys that it refuses: strangers send them, and the engine says why in one line.
/// And steps of traces, which are no lines. A filter that names one of them comes after this one and wins.
const QUIET: &str = "webauthn_rs_core=off,keywright_trace=off";

/// Starts logging, and what sends traces; a second start in the same process changes nothing of the first.
///
/// # Errors
/// When traces are wanted and the system has no certificate authorities.
pub fn start(settings: &Settings) -> anyhow::Result<Traces> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", settings.log))
        .unwrap_or_else(|_| EnvFilter::new(format!("{QUIET},info")));
    let lines = fmt::layer::<Registry>().with_target(false).with_ansi(is_coloured());
    let lines: SpanLayer = match settings.mode {
        Mode::Development => lines.compact().with_filter(filter).boxed(),
        Mode::Production => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let (traces, spans) = Traces::prepare(settings.traces.as_ref())?;
    let layers: Vec<SpanLayer> = std::iter::once(lines).chain(spans).collect();
    let _ = tracing_subscriber::registry().with(layers).try_init();
    Ok(traces)
}

/// Colours are for a terminal, and for people who did not ask for none (<https://no-color.org>).
fn is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_traces_are_no_lines() {
        assert!(QUIET.contains(&format!("{}=off", auth::trace::TARGET)));
    }
}
