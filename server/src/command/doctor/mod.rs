//! `keywright doctor`: says what is wrong before people meet it, and what to do. It changes nothing but what a start
//! would, and may be run beside a running server.

use std::process::ExitCode;

use crate::Settings;
use crate::settings::Mode;
use report::Report;

mod checks;
mod clock;
mod providers;
mod proxies;
mod report;
mod tls;
mod vault;

/// How it is told.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// For a program.
    is_json: bool,
}

impl Options {
    /// Reads the words after `keywright doctor`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self { is_json: false }),
            ["--json"] => Ok(Self { is_json: true }),
            ["--json", other, ..] | [other, ..] => Err(format!("there is no option {other}")),
        }
    }
}

/// Looks at everything and tells it; the exit code is 1 when something is wrong.
///
/// # Errors
/// Never in practice.
pub async fn doctor(options: &Options) -> anyhow::Result<ExitCode> {
    let mut report = Report::new(options.is_json);
    match Settings::load().await {
        Ok(settings) => examine(&settings, &mut report).await,
        Err(why) => report.fault("settings", format!("{why:#}")),
    }
    report.finish()?;
    Ok(if report.faults() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn examine(settings: &Settings, report: &mut Report) {
    let mode = match settings.mode {
        Mode::Development => "development, for this machine alone",
        Mode::Production => "production",
    };
    report.good("settings", format!("They can be used: {mode}, at {}.", settings.public_url));
    vault::vault(settings, report).await;
    tls::tls(settings, report);
    proxies::listed(settings, report);
    if checks::database(settings, report).await {
        clock::clock(settings, report).await;
        checks::keys(settings, report).await;
        proxies::found(settings, report).await;
    }
    checks::mail(settings, report).await;
    providers::providers(settings, report).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_one_option() {
        assert_eq!(Options::parse(&[]), Ok(Options { is_json: false }));
        assert_eq!(Options::parse(&["--json"]), Ok(Options { is_json: true }));
        for words in [vec!["--fix"], vec!["--json", "--fix"], vec!["--fix", "--json"]] {
            assert_eq!(Options::parse(&words), Err("there is no option --fix".to_owned()));
        }
    }
}
