//! What others say: the mail server, the DNS, the providers to sign in with, the public address, and the programs of
//! PostgreSQL. It takes seconds and never more than half a minute, so nobody waits for it but `keywright doctor`.

use auth::Timestamp;
use auth::dns::{DnsResolver, DomainResolver};
use auth::federation::{Provider, Providers};
use auth::random::SystemRandom;
use futures::future::join_all;
use std::sync::Arc;
use std::time::Duration;

use super::{MailRecords, Seen};
use crate::settings::{Mode, Settings};

/// How long one provider may take for all its answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// What others said.
#[derive(Clone)]
pub struct Outside {
    /// Whether the mail server lets us in, or why not; none without one.
    pub mail: Option<Result<(), String>>,
    /// What the DNS says of the domain that mails come from; none without a mail server.
    pub records: Option<MailRecords>,
    /// Each provider; or why none can be asked.
    pub providers: Result<Vec<AskedProvider>, String>,
    /// What people meet at the public address; none in development.
    pub seen: Option<Result<Seen, String>>,
    /// The programs of PostgreSQL that backups are taken and restored with; empty where none is needed.
    pub programs: Vec<AskedProgram>,
}

/// A program of PostgreSQL that was asked for its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedProgram {
    /// Its name.
    pub name: &'static str,
    /// Its version, such as 15; or why it did not tell.
    pub version: Result<i64, String>,
}

/// A provider that was asked about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedProvider {
    /// Its id.
    pub id: String,
    /// What was found: whether it is wrong, and what it is; none when it did not answer in time.
    pub findings: Option<Vec<(bool, String)>>,
}

impl Outside {
    /// Asks everybody at once.
    pub async fn ask(settings: &Settings, now: Timestamp) -> Self {
        let (mail, records, providers, seen, programs) = tokio::join!(
            mail(settings),
            records(settings),
            providers(settings, now),
            seen(settings),
            programs(settings)
        );
        Self { mail, records, providers, seen, programs }
    }
}

async fn mail(settings: &Settings) -> Option<Result<(), String>> {
    let smtp = settings.smtp.as_ref()?;
    Some(smtp.check().await.map_err(|why| format!("{why:#}")))
}

async fn records(settings: &Settings) -> Option<MailRecords> {
    let smtp = settings.smtp.as_ref()?;
    let dns: Arc<dyn DomainResolver> =
        Arc::new(DnsResolver::new(settings.domains.dns_server.clone(), Arc::new(SystemRandom)));
    // Where development sends its mails from is a name that nobody has.
    let is_asked = settings.mode == Mode::Production;
    if is_asked { MailRecords::ask(&*dns, &smtp.from, settings.dkim_selector.as_deref()).await } else { None }
}

async fn providers(settings: &Settings, now: Timestamp) -> Result<Vec<AskedProvider>, String> {
    let providers = Providers::new(settings.federation.clone()).map_err(|why| format!("{why:#}"))?;
    let mut asked = Vec::new();
    for provider in providers.iter() {
        asked.push(ask(provider, now));
    }
    Ok(join_all(asked).await)
}

async fn ask(provider: &Provider, now: Timestamp) -> AskedProvider {
    let told = tokio::time::timeout(PATIENCE, provider.check(now)).await.ok();
    AskedProvider {
        id: provider.settings().id.as_str().to_owned(),
        findings: told.map(|found| found.into_iter().map(|finding| (finding.is_fault, finding.text)).collect()),
    }
}

async fn seen(settings: &Settings) -> Option<Result<Seen, String>> {
    let is_asked = settings.mode == Mode::Production;
    if is_asked { Some(Seen::look(&settings.public_url).await.map_err(|why| format!("{why:#}"))) } else { None }
}

async fn programs(settings: &Settings) -> Vec<AskedProgram> {
    let is_needed = settings.backup.target.is_some() && !settings.database().is_sqlite();
    if !is_needed {
        return Vec::new();
    }
    join_all(["pg_dump", "pg_restore"].map(|name| program(settings, name))).await
}

async fn program(settings: &Settings, name: &'static str) -> AskedProgram {
    let version = settings.backup.tools.version(name, &settings.database()).await;
    AskedProgram { name, version: version.map_err(|why| format!("{why:#}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::source::from_toml;

    const TARGET: &str = "postgres_tools = '/nowhere'\nbackup_place = '/backup'
backup_recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'";

    async fn asked(toml: &str) -> Vec<AskedProgram> {
        programs(&Settings::parse(&from_toml(toml).unwrap()).unwrap()).await
    }

    #[tokio::test]
    async fn programs_are_asked_where_backups_of_postgresql_are_taken() {
        let postgres = "database_url = 'postgres://localhost/keywright'";
        let told = asked(&format!("{postgres}\n{TARGET}")).await;
        assert_eq!(told.iter().map(|program| program.name).collect::<Vec<_>>(), ["pg_dump", "pg_restore"]);
        for program in told {
            assert!(program.version.unwrap_err().contains("set postgres_tools"), "{}", program.name);
        }
        assert!(asked(postgres).await.is_empty(), "no backups are taken");
        assert!(asked(TARGET).await.is_empty(), "SQLite copies itself");
    }
}
