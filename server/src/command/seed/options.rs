//! How much is made.

use auth::flow::SeedPlan;

/// Most accounts, and most lines for each: the numbers of rows have twelve digits, and nobody needs more.
const MOST_USERS: i64 = 10_000_000;
const MOST_AUDIT_LINES: i64 = 100_000_000;
/// Accounts of an organization, where nothing else is said.
const USERS_OF_ORGANIZATION: i64 = 100;
/// Lines of an account, where nothing else is said.
const LINES_OF_USER: i64 = 5;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// How much is made.
    pub plan: SeedPlan,
    /// Whether it may stand beside accounts of people.
    pub even_beside_people: bool,
}

impl Options {
    /// Reads the words after `keywright seed`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let (mut users, mut organizations, mut audit_lines, mut seed) = (None, None, None, None);
        let mut even_beside_people = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let number = match *word {
                "--yes" => {
                    even_beside_people = true;
                    continue;
                }
                "--users" => &mut users,
                "--organizations" => &mut organizations,
                "--audit-lines" => &mut audit_lines,
                "--seed" => &mut seed,
                other => return Err(format!("there is no option {other}")),
            };
            let text = words.next().ok_or_else(|| format!("{word} needs a number"))?;
            *number = Some(
                text.parse::<i64>()
                    .ok()
                    .filter(|number| *number >= 0)
                    .ok_or_else(|| format!("{word} is {text}; it must be a number such as 1000"))?,
            );
        }
        let users = users.ok_or("say how many accounts, as in --users 1000")?;
        let plan = SeedPlan {
            users,
            organizations: organizations.unwrap_or(users / USERS_OF_ORGANIZATION),
            audit_lines: audit_lines.unwrap_or(users * LINES_OF_USER),
            seed: seed.unwrap_or(1),
        };
        if !(1..=MOST_USERS).contains(&plan.users) {
            return Err(format!("--users must be 1 to {MOST_USERS}"));
        }
        if plan.organizations > plan.users {
            return Err("--organizations must be at most as many as --users: each has an owner".to_owned());
        }
        if plan.audit_lines > MOST_AUDIT_LINES {
            return Err(format!("--audit-lines must be 0 to {MOST_AUDIT_LINES}"));
        }
        if plan.seed > 999_999 {
            return Err("--seed must be 0 to 999999".to_owned());
        }
        Ok(Self { plan, even_beside_people })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Options, String> {
        Options::parse(&words.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn what_is_not_said_follows_from_the_accounts() {
        let plan = SeedPlan { users: 1000, organizations: 10, audit_lines: 5000, seed: 1 };
        assert_eq!(parse("--users 1000"), Ok(Options { plan, even_beside_people: false }));
        let plan = SeedPlan { users: 7, organizations: 2, audit_lines: 0, seed: 42 };
        let all = "--seed 42 --audit-lines 0 --yes --organizations 2 --users 7";
        assert_eq!(parse(all), Ok(Options { plan, even_beside_people: true }));
    }

    #[test]
    fn wrong_words_are_named() {
        for (words, named) in [
            ("", "how many accounts"),
            ("--users", "--users needs a number"),
            ("--users many", "many"),
            ("--users -1", "-1"),
            ("--users 0", "1 to"),
            ("--users 99999999", "1 to"),
            ("--users 5 --organizations 6", "each has an owner"),
            ("--users 5 --audit-lines 100000001", "--audit-lines"),
            ("--users 5 --seed 1000000", "--seed"),
            ("--users 5 --people 5", "--people"),
        ] {
            let error = parse(words).unwrap_err();
            assert!(error.contains(named), "{words}: {error}");
        }
    }
}
