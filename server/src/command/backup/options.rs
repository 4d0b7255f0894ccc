//! The words after `keywright backup`.

use std::path::PathBuf;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Act {
    /// A backup is taken.
    Take {
        /// For a program.
        is_json: bool,
    },
    /// Those in the place are listed.
    List {
        /// For a program.
        is_json: bool,
    },
    /// One is restored on trial.
    Verify {
        /// Its path, or its name in the place.
        file: String,
        /// The file with the key that opens it.
        identity: PathBuf,
    },
    /// A key is made.
    Key {
        /// Its file.
        file: PathBuf,
    },
}

impl Act {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self::Take { is_json: false }),
            ["--json"] => Ok(Self::Take { is_json: true }),
            ["list"] => Ok(Self::List { is_json: false }),
            ["list", "--json"] => Ok(Self::List { is_json: true }),
            ["key", file] if !file.starts_with('-') => Ok(Self::Key { file: file.into() }),
            ["key", ..] => Err("say `backup key FILE`: where the key is written".to_owned()),
            ["verify", rest @ ..] => {
                let (file, identity) = file_and_identity(rest)?;
                Ok(Self::Verify { file, identity })
            }
            [other, ..] => Err(format!("say list, verify or key, or nothing to take one; not {other}")),
        }
    }
}

/// `FILE --identity FILE`, in any order.
///
/// # Errors
/// What is missing.
pub fn file_and_identity(words: &[&str]) -> Result<(String, PathBuf), String> {
    match words {
        [file, "--identity", identity] | ["--identity", identity, file] if !file.starts_with('-') => {
            Ok(((*file).to_owned(), identity.into()))
        }
        _ => {
            Err("say the file, or the name in backup_place, and --identity FILE with the key that opens it".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Act, String> {
        Act::parse(&words.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn words_are_read() {
        assert_eq!(parsed(""), Ok(Act::Take { is_json: false }));
        assert_eq!(parsed("list --json"), Ok(Act::List { is_json: true }));
        assert_eq!(parsed("key /safe/key.txt"), Ok(Act::Key { file: "/safe/key.txt".into() }));
        let verify = Act::Verify { file: "one.backup".to_owned(), identity: "key.txt".into() };
        assert_eq!(parsed("verify --identity key.txt one.backup"), Ok(verify));
        for words in ["now", "list --csv", "key", "key --json", "verify one.backup", "verify --identity key.txt"] {
            assert!(parsed(words).is_err(), "{words}");
        }
    }
}
