//! `keywright audit verify [--json] [--expect NUMBER:HASH]`: whether the audit log is whole. It may be run beside running
//! servers, on a copy of the database as well.

use auth::audit::AuditHead;
use auth::view::AuditState;
use auth::{Auth, flow};
use serde_json::json;
use std::io::Write as _;
use std::process::ExitCode;

use crate::{Settings, engine};

mod words;

/// What is to be verified, and for whom it is said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// For a program.
    is_json: bool,
    /// The end of the log at an earlier time.
    expected: Option<AuditHead>,
}

impl Options {
    /// Reads the words after `keywright audit`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let rest = match words {
            ["verify", rest @ ..] => rest,
            [other, ..] => return Err(format!("say verify, not {other}")),
            [] => return Err("say verify".to_owned()),
        };
        let mut options = Self::default();
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            match *word {
                "--json" if !options.is_json => options.is_json = true,
                "--expect" if options.expected.is_none() => {
                    let head = rest.next().ok_or("--expect needs NUMBER:HASH, as an earlier call printed it")?;
                    let parsed = head.parse::<AuditHead>().map_err(|()| format!("{head:?} is not NUMBER:HASH"))?;
                    options.expected = Some(parsed);
                }
                other => return Err(format!("there is no option {other}, or it was given twice")),
            }
        }
        Ok(options)
    }
}

/// Verifies the log and says what was found; fails when it is not whole.
///
/// # Errors
/// When the settings are refused or the database cannot be used.
pub async fn audit(options: &Options) -> anyhow::Result<ExitCode> {
    let settings = Settings::load().await?;
    let auth = engine::open(&settings).await?;
    let outcome = verify(&auth, options).await;
    auth.store().close().await;
    let state = outcome?;
    let said = if options.is_json {
        json!({ "audit": state }).to_string()
    } else {
        words::report(&state, options.expected.as_ref())
    };
    // Whoever has stopped reading has seen enough.
    let _ = writeln!(std::io::stdout(), "{said}");
    Ok(if state.is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn verify(auth: &Auth, options: &Options) -> anyhow::Result<AuditState> {
    // Where no server runs, what the last one wrote waits for its place. That it cannot be sealed is found below.
    if let Err(error) = auth.seal_audit_log().await {
        tracing::warn!(%error, "lines of the audit log cannot be sealed");
    }
    Ok(flow::verify_audit(auth, options.expected.as_ref()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Options, String> {
        Options::parse(&words.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn words_are_read() {
        assert_eq!(parsed("verify"), Ok(Options::default()));
        let head = format!("812:{}", "a".repeat(43));
        let options = parsed(&format!("verify --expect {head} --json")).unwrap();
        assert!(options.is_json);
        assert_eq!(options.expected.unwrap().to_string(), head);
    }

    #[test]
    fn wrong_words_are_named() {
        for (words, named) in [
            ("", "say verify"),
            ("show", "not show"),
            ("verify --csv", "no option --csv"),
            ("verify --json --json", "given twice"),
            ("verify --expect", "--expect needs"),
            ("verify --expect 812", "\"812\""),
            ("verify 812", "no option 812"),
        ] {
            let error = parsed(words).unwrap_err();
            assert!(error.contains(named), "{words}: {error}");
        }
    }
}
