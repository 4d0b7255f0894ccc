//! A database of PostgreSQL that is there for a trial and gone afterwards. Its account must be one that may make databases. It
//! holds everything that the backup does: one that a kill left is dropped by the next trial, a day later.

use anyhow::Context as _;
use std::ffi::OsStr;
use url::Url;

use super::PostgresTools;
use crate::Timestamp;
use crate::random::Random;
use crate::store::{DatabaseSettings, Store};

/// How its name begins; then comes the second in which it was made, and a number.
const BEGINNING: &str = "keywright_trial_";
/// Seconds after which no trial goes on.
const OLD: i64 = 24 * 60 * 60;

/// The database. Without [`TemporaryDatabase::discard`] it stays.
pub struct TemporaryDatabase {
    /// How to come to it.
    pub database: DatabaseSettings,
    beside: DatabaseSettings,
    name: String,
    tools: PostgresTools,
}

impl TemporaryDatabase {
    /// Makes one beside another, on the same server.
    ///
    /// # Errors
    /// When the account may not.
    pub async fn make(
        tools: &PostgresTools,
        beside: &DatabaseSettings,
        random: &dyn Random,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        sweep(tools, beside, now).await?;
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let name = format!("{BEGINNING}{}_{:016x}", now.seconds(), u64::from_be_bytes(bytes));
        let mut url = Url::parse(&beside.url).context("database_url")?;
        url.set_path(&name);
        let others: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(key, _)| key != "dbname").collect();
        url.set_query(None);
        if !others.is_empty() {
            url.query_pairs_mut().extend_pairs(others);
        }
        let arguments = ["--template=template0", "--encoding=UTF8", name.as_str()].map(OsStr::new);
        let made = tools.run("createdb", &arguments, beside).await;
        made.context(
            "a database for the trial cannot be made: the account must be one that may (ALTER ROLE … CREATEDB)",
        )?;
        let database = DatabaseSettings { url: url.into(), ..beside.clone() };
        Ok(Self { database, beside: beside.clone(), name, tools: tools.clone() })
    }

    /// Drops it.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn discard(self) -> anyhow::Result<()> {
        let arguments = ["--if-exists", "--force", self.name.as_str()].map(OsStr::new);
        self.tools.run("dropdb", &arguments, &self.beside).await
    }
}

async fn sweep(tools: &PostgresTools, beside: &DatabaseSettings, now: Timestamp) -> anyhow::Result<()> {
    let names = Store::databases_beside(beside).await.context("the databases of the server cannot be listed")?;
    for name in names.iter().filter(|name| is_left(name, now)) {
        let arguments = ["--if-exists", name.as_str()].map(OsStr::new);
        // It may be that of another account: then that one sees to it.
        if let Err(error) = tools.run("dropdb", &arguments, beside).await {
            tracing::warn!(name, error = format!("{error:#}"), "a database of a trial was left there: drop it");
        }
    }
    Ok(())
}

fn is_left(name: &str, now: Timestamp) -> bool {
    let made_at = name.strip_prefix(BEGINNING).and_then(|rest| rest.split_once('_')).map(|(at, _)| at.parse::<i64>());
    matches!(made_at, Some(Ok(at)) if now.seconds() - at > OLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_old_trial_left_is_dropped() {
        let now = Timestamp(1_800_000_000_000);
        assert!(is_left("keywright_trial_1799900000_0123456789abcdef", now));
        for other in [
            "keywright_trial_1799999000_0123456789abcdef",
            "keywright_trial_1800099999_0123456789abcdef",
            "keywright_trial_0123456789abcdef",
            "keywright_trial_of_alice",
            "keywright",
        ] {
            assert!(!is_left(other, now), "{other}");
        }
    }
}
