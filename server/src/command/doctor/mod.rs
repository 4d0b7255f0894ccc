//! `keywright doctor`: says what is wrong before people meet it, why it matters, and what to do. It changes nothing but what
//! a start would, and may be run beside a running server.

use auth::clock::{Clock as _, SystemClock};
use auth::store::Store;
use std::process::ExitCode;

use crate::Settings;
use crate::doctor::facts::{KeysOpened, Outside, Reached, Rows, reach};
use crate::doctor::{Facts, examine, examine_refused};
use report::Report;

mod report;

/// How it is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// For a program.
    is_json: bool,
    /// Without asking others.
    is_quick: bool,
}

impl Options {
    /// Reads the words after `keywright doctor`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        for word in words {
            match *word {
                "--json" if !options.is_json => options.is_json = true,
                "--quick" if !options.is_quick => options.is_quick = true,
                "--json" | "--quick" => return Err(format!("{word} stands there twice")),
                other => return Err(format!("there is no option {other}")),
            }
        }
        Ok(options)
    }
}

/// Looks at everything and tells it; the exit code is 1 when something is wrong.
///
/// # Errors
/// Never in practice.
pub async fn doctor(options: &Options) -> anyhow::Result<ExitCode> {
    let found = match Settings::load().await {
        Ok(settings) => examine(&gather(&settings, options).await),
        Err(why) => examine_refused(&format!("{why:#}"), SystemClock.now()),
    };
    let report = Report::of(&found);
    report.tell(options.is_json)?;
    Ok(if report.faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn gather(settings: &Settings, options: &Options) -> Facts {
    if let Some(vault) = &settings.vault {
        // As a running server does.
        vault.look_after().await;
    }
    let now = SystemClock.now();
    let mut facts = Facts::of_this_machine(settings, now);
    facts.reached = reach(settings).await;
    if facts.reached == Reached::Answers(0) {
        match ask(settings, &facts).await {
            Ok(rows) => facts.rows = Some(rows),
            Err(why) => facts.reached = Reached::Refused(format!("{why:#}")),
        }
    }
    if !options.is_quick {
        facts.outside = Some(Outside::ask(settings, now).await);
    }
    facts
}

/// Asks a database whose tables are up to date.
async fn ask(settings: &Settings, facts: &Facts) -> anyhow::Result<Rows> {
    let store = Store::open(&settings.database()).await?;
    let keys = KeysOpened::try_them(settings, &store).await;
    let rows = Rows::ask(&store, facts.now, keys).await;
    store.close().await;
    Ok(rows?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_two_options() {
        let options = |is_json, is_quick| Ok(Options { is_json, is_quick });
        assert_eq!(Options::parse(&[]), options(false, false));
        assert_eq!(Options::parse(&["--json"]), options(true, false));
        assert_eq!(Options::parse(&["--quick", "--json"]), options(true, true));
        for words in [vec!["--fix"], vec!["--json", "--fix"], vec!["--fix", "--json"]] {
            assert_eq!(Options::parse(&words), Err("there is no option --fix".to_owned()));
        }
        assert!(Options::parse(&["--json", "--json"]).is_err());
    }
}
