//! Logs: pretty on a developer's machine, JSON lines in production. Whoever logs names fields;
//! secrets have no `Debug` and cannot be named.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::settings::Mode;

/// What a library says of answers of passkeys that it refuses: strangers send them, and the engine says why in one line.
/// A filter that names it comes after this one and wins.
const QUIET: &str = "webauthn_rs_core=off";

/// Starts logging; a second start in the same process changes nothing.
pub fn start(mode: Mode, filter: &str) {
    let filter = EnvFilter::try_new(format!("{QUIET},{filter}")).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_ansi(is_coloured());
    let _ = match mode {
        Mode::Development => builder.compact().try_init(),
        Mode::Production => builder.json().flatten_event(true).try_init(),
    };
}

/// Colours are for a terminal, and for people who did not ask for none (<https://no-color.org>).
fn is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
