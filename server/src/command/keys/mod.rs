//! `keywright keys …`: the keys that sign access tokens, and the master key. It may be run beside running servers; they
//! learn of a change within a second.

use auth::{Auth, ErrorCode, Locale, text};
use std::io::Write as _;

use crate::{Settings, engine};

mod list;
mod revoke;
mod rotate;
mod rotate_master;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    /// Show every key.
    List {
        /// For a program.
        is_json: bool,
    },
    /// Publish the next key.
    Rotate {
        /// Let it sign as soon as every node knows it.
        at_once: bool,
    },
    /// Refuse what a key signed.
    Revoke {
        /// Its name.
        kid: String,
    },
    /// Seal everything anew under the master key.
    RotateMaster,
}

impl Act {
    /// Reads the words after `keywright keys`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        match words {
            ["list"] => Ok(Self::List { is_json: false }),
            ["list", "--json"] => Ok(Self::List { is_json: true }),
            ["rotate"] => Ok(Self::Rotate { at_once: false }),
            ["rotate", "--now"] => Ok(Self::Rotate { at_once: true }),
            ["rotate-master"] => Ok(Self::RotateMaster),
            // A name may begin with a dash.
            ["revoke", kid] => Ok(Self::Revoke { kid: (*kid).to_owned() }),
            ["revoke"] => Err("name the key that leaked; `keywright keys list` shows them".to_owned()),
            ["revoke", _, more, ..] => Err(format!("one key at a time, and {more} is another")),
            ["list" | "rotate" | "rotate-master", other, ..] => Err(format!("there is no option {other}")),
            [other, ..] => Err(format!("say list, rotate or revoke, or rotate-master, not {other}")),
            [] => Err("say list, rotate or revoke, or rotate-master".to_owned()),
        }
    }
}

/// Does it.
///
/// # Errors
/// When the settings are refused, the database cannot be used, or it cannot be done.
pub async fn keys(act: &Act) -> anyhow::Result<()> {
    let settings = Settings::load().await?;
    let auth = engine::open(&settings).await?;
    let outcome = run(&auth, act).await;
    auth.store().close().await;
    say(&outcome?);
    Ok(())
}

/// Does it, and gives the words for it.
async fn run(auth: &Auth, act: &Act) -> anyhow::Result<String> {
    match act {
        Act::List { is_json } => list::list(auth, *is_json).await,
        Act::Rotate { at_once } => rotate::rotate(auth, *at_once).await,
        Act::Revoke { kid } => revoke::revoke(auth, kid).await,
        Act::RotateMaster => rotate_master::rotate_master(auth).await,
    }
}

/// A refusal in words, and a fault with its cause.
fn in_words(error: auth::Error) -> anyhow::Error {
    match error {
        auth::Error::Internal(cause) => cause,
        auth::Error::Refused(refusal) if refusal.code == ErrorCode::ChangedMeanwhile => {
            anyhow::anyhow!("others changed the keys in the same moment; look with `keywright keys list`")
        }
        auth::Error::Refused(refusal) => anyhow::Error::msg(text::error_text(Locale::En, refusal.code)),
    }
}

/// Whoever has stopped reading has seen enough.
fn say(words: &str) {
    let _ = writeln!(std::io::stdout(), "{words}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Act, String> {
        Act::parse(&words.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn each_act_has_its_words() {
        assert_eq!(parsed("list"), Ok(Act::List { is_json: false }));
        assert_eq!(parsed("list --json"), Ok(Act::List { is_json: true }));
        assert_eq!(parsed("rotate"), Ok(Act::Rotate { at_once: false }));
        assert_eq!(parsed("rotate --now"), Ok(Act::Rotate { at_once: true }));
        assert_eq!(parsed("rotate-master"), Ok(Act::RotateMaster));
        assert_eq!(parsed("revoke --kid"), Ok(Act::Revoke { kid: "--kid".to_owned() }));
    }

    #[test]
    fn wrong_words_are_named() {
        for (words, named) in [
            ("", "list, rotate or revoke"),
            ("show", "not show"),
            ("list --csv", "no option --csv"),
            ("list --json --json", "no option --json"),
            ("rotate --soon", "no option --soon"),
            ("rotate-master --now", "no option --now"),
            ("revoke", "name the key"),
            ("revoke one two", "two is another"),
        ] {
            let error = parsed(words).unwrap_err();
            assert!(error.contains(named), "{words}: {error}");
        }
    }
}
