//! From where to where.

use std::fs;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The address of the source.
    pub from: String,
    /// The address of the target.
    pub to: String,
    /// Whether nodes may work on the source meanwhile, and none may start on the target.
    pub is_rehearsal: bool,
}

impl Options {
    /// Reads the words after `keywright move`. A word is seen by everybody on the machine: so an address with a password
    /// comes in a file.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let (mut from, mut to, mut is_rehearsal) = (None, None, false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let place = match *word {
                "--from" => &mut from,
                "--to" => &mut to,
                "--rehearse" => {
                    is_rehearsal = true;
                    continue;
                }
                other => return Err(format!("there is no option {other}")),
            };
            let text = words.next().ok_or_else(|| format!("{word} needs an address"))?;
            *place = Some(address(word, text)?);
        }
        let from = from.ok_or("say from where, as in --from sqlite://data/keywright.db")?;
        let to = to.ok_or("say where to, as in --to @/run/secrets/database_url")?;
        Ok(Self { from, to, is_rehearsal })
    }
}

fn address(option: &str, text: &str) -> Result<String, String> {
    let url = match text.strip_prefix('@') {
        None => text.to_owned(),
        Some(path) => fs::read_to_string(path)
            .map_err(|error| format!("{option}: {path} cannot be read: {error}"))?
            .trim()
            .to_owned(),
    };
    let known = ["sqlite://", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| url.starts_with(scheme)) {
        return Ok(url);
    }
    // What is no address may be a password.
    Err(format!("{option} must be sqlite://…, postgres://… or @FILE with such an address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "sqlite://data/keywright.db";
    const TO: &str = "postgres://keywright@localhost/keywright";

    #[test]
    fn source_and_target_are_said_in_any_order() {
        let expected = |is_rehearsal| Ok(Options { from: FROM.to_owned(), to: TO.to_owned(), is_rehearsal });
        assert_eq!(Options::parse(&["--from", FROM, "--to", TO]), expected(false));
        assert_eq!(Options::parse(&["--to", TO, "--from", FROM]), expected(false));
        assert_eq!(Options::parse(&["--rehearse", "--to", TO, "--from", FROM]), expected(true));
    }

    #[test]
    fn an_address_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database_url");
        fs::write(&path, format!("{TO}\n")).unwrap();
        let word = format!("@{}", path.display());
        assert_eq!(Options::parse(&["--from", FROM, "--to", &word]).unwrap().to, TO);
        fs::write(&path, "hunter2").unwrap();
        let told = Options::parse(&["--from", FROM, "--to", &word]).unwrap_err();
        assert!(told.contains("@FILE") && !told.contains("hunter2"), "{told}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |words: &[&str], part: &str| {
            let told = Options::parse(words).unwrap_err();
            assert!(told.contains(part), "{part} in {told}");
        };
        wrong(&[], "from where");
        wrong(&["--from", FROM], "where to");
        wrong(&["--from"], "needs an address");
        wrong(&["--from", "mysql://x", "--to", TO], "sqlite://");
        wrong(&["--from", FROM, "--into", TO], "no option --into");
        wrong(&["--from", FROM, "--to", "@/no/such/file"], "cannot be read");
    }
}
