//! A database of PostgreSQL that is there for a trial and gone afterwards. Its account must be one that may make databases.

use anyhow::Context as _;
use std::ffi::OsStr;
use url::Url;

use super::PostgresTools;
use crate::random::Random;
use crate::store::DatabaseSettings;

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
    pub async fn make(tools: &PostgresTools, beside: &DatabaseSettings, random: &dyn Random) -> anyhow::Result<Self> {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let name = format!("keywright_trial_{:016x}", u64::from_be_bytes(bytes));
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
