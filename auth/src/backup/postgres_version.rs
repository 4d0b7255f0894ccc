//! Which version a program of PostgreSQL is: one that is older than the server refuses to dump it.

use anyhow::Context as _;
use std::time::Duration;

use super::PostgresTools;
use super::postgres_tools::missing;
use crate::store::DatabaseSettings;

/// Longest time that it may take to say so.
const PATIENCE: Duration = Duration::from_secs(10);

impl PostgresTools {
    /// The version of a program, such as 15. It is told of the database, because Debian chooses among several by it.
    ///
    /// # Errors
    /// When it cannot be started, or is no program of PostgreSQL.
    pub async fn version(&self, program: &str, database: &DatabaseSettings) -> anyhow::Result<i64> {
        let mut command = self.command(program, database)?;
        let asked = tokio::time::timeout(PATIENCE, command.arg("--version").output()).await;
        let output = asked.with_context(|| format!("{program} took too long"))?.with_context(|| missing(program))?;
        let said = String::from_utf8_lossy(&output.stdout);
        version_in(&said).with_context(|| format!("{program} does not say which version of PostgreSQL it is"))
    }
}

/// The first number after the name: `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is 15, and `18beta1` is 18.
fn version_in(said: &str) -> Option<i64> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_as_the_programs_say_it() {
        for (said, version) in [
            ("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", Some(15)),
            ("pg_restore (PostgreSQL) 9.6.24\n", Some(9)),
            ("pg_dump (PostgreSQL) 18beta1\n", Some(18)),
            ("pg_dump (PostgreSQL) devel\n", None),
            ("cat (GNU coreutils) 9.1\n", None),
            ("", None),
        ] {
            assert_eq!(version_in(said), version, "{said}");
        }
    }

    #[tokio::test]
    async fn a_program_that_is_missing_or_another_one_has_none() {
        let why = async |folder: &str, program: &str| {
            let (tools, database) =
                (PostgresTools(Some(folder.into())), DatabaseSettings::at("postgres://localhost/k"));
            format!("{:#}", tools.version(program, &database).await.unwrap_err())
        };
        assert!(why("/nowhere", "pg_dump").await.contains("set postgres_tools"));
        assert!(why("/bin", "cat").await.contains("does not say which version"));
    }
}
