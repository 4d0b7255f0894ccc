//! PostgreSQL's own programs: `pg_dump`, `pg_restore`, `createdb` and `dropdb`. The one place where another program is started.
//! Nothing of the address stands in its arguments, where everybody on the machine reads it, and it is given none of our own secrets.

use anyhow::{Context as _, bail, ensure};
use secrecy::{ExposeSecret as _, SecretString};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::{ChildStderr, Command};
use url::{Url, form_urlencoded};

use crate::secret_file::read_secret;
use crate::store::DatabaseSettings;

/// Where they are found without a setting.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// Longest time that one may take.
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);
/// Bytes of what one says that are told.
const MOST: usize = 4096;

/// The folder of the programs; none: where programs are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostgresTools(pub Option<PathBuf>);

impl PostgresTools {
    /// Runs a program on a database.
    pub(super) async fn run(
        &self,
        program: &str,
        arguments: &[&OsStr],
        database: &DatabaseSettings,
    ) -> anyhow::Result<()> {
        let mut command = self.command(program, database)?;
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| missing(program))?;
        let errors = child.stderr.take();
        let running = async {
            let said = match errors {
                Some(errors) => beginning(errors).await?,
                None => String::new(),
            };
            Ok::<_, std::io::Error>((child.wait().await?, said))
        };
        let Ok(ended) = tokio::time::timeout(PATIENCE, running).await else { bail!("{program} took too long") };
        let (status, said) = ended?;
        ensure!(status.success(), "{program} failed ({status}): {}", said.trim());
        Ok(())
    }

    /// A program that is told of the database and nothing else, and goes when nobody waits for it any more.
    pub(super) fn command(&self, program: &str, database: &DatabaseSettings) -> anyhow::Result<Command> {
        let path = self.0.as_ref().map_or_else(|| PathBuf::from(program), |folder| folder.join(program));
        let mut command = Command::new(path);
        command.env_clear().env("PATH", PATH).env("LC_ALL", "C").envs(environment(database)?);
        command.stdin(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }
}

/// What is said when a program cannot be started.
pub(super) fn missing(program: &str) -> String {
    format!("{program} cannot be started: install the programs of PostgreSQL, or set postgres_tools")
}

/// The beginning of what a program says; the rest is read all the same, or it would wait for ever.
async fn beginning(mut errors: ChildStderr) -> std::io::Result<String> {
    let (mut said, mut part) = (Vec::new(), [0; 1024]);
    loop {
        let count = errors.read(&mut part).await?;
        if count == 0 {
            return Ok(String::from_utf8_lossy(&said).into_owned());
        }
        if said.len() < MOST {
            said.extend_from_slice(&part[..count]);
        }
    }
}

/// What libpq is told: the address as sqlx reads it, in variables.
fn environment(database: &DatabaseSettings) -> anyhow::Result<Vec<(&'static str, String)>> {
    let url = Url::parse(&database.url).context("database_url")?;
    let mut told: Vec<(&'static str, String)> = vec![("PGCONNECT_TIMEOUT", "10".to_owned())];
    let mut tell = |name: &'static str, value: String| {
        // What stands later wins.
        told.retain(|(known, _)| *known != name);
        told.push((name, value));
    };
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        tell("PGHOST", decoded(host).trim_start_matches('[').trim_end_matches(']').to_owned());
    }
    if let Some(port) = url.port() {
        tell("PGPORT", port.to_string());
    }
    if !url.username().is_empty() {
        tell("PGUSER", decoded(url.username()));
    }
    if let Some(password) = url.password() {
        tell("PGPASSWORD", decoded(password));
    }
    let name = url.path().trim_start_matches('/');
    if !name.is_empty() {
        tell("PGDATABASE", decoded(name));
    }
    let mut has_socket = false;
    for (key, value) in url.query_pairs() {
        let name = match &*key {
            // A socket wins over whatever else is named.
            "host" | "hostaddr" if has_socket && !value.starts_with('/') => continue,
            "host" | "hostaddr" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        has_socket |= name == "PGHOST" && value.starts_with('/');
        tell(name, value.into_owned());
    }
    if let Some(path) = &database.password_file {
        let password: SecretString = read_secret(path)?;
        tell("PGPASSWORD", password.expose_secret().to_owned());
    }
    Ok(told)
}

/// The name of the database in an address.
pub(super) fn database_name(database: &DatabaseSettings) -> anyhow::Result<Option<String>> {
    Ok(environment(database)?.into_iter().find(|(name, _)| *name == "PGDATABASE").map(|(_, value)| value))
}

/// Without the encoding of addresses.
fn decoded(text: &str) -> String {
    let escaped = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    form_urlencoded::parse(escaped.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> Vec<(&'static str, String)> {
        environment(&DatabaseSettings::at(url)).unwrap()
    }

    fn has(told: &[(&'static str, String)], name: &str, value: &str) -> bool {
        told.iter().any(|(known, said)| *known == name && said == value)
    }

    #[test]
    fn libpq_is_told_what_the_address_says() {
        let said = told(
            "postgres://ada:p%40ss+w%26rd@db.example.com:5433/keywright?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        );
        for (name, value) in [
            ("PGHOST", "db.example.com"),
            ("PGPORT", "5433"),
            ("PGUSER", "ada"),
            ("PGPASSWORD", "p@ss+w&rd"),
            ("PGDATABASE", "keywright"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/etc/ca.pem"),
        ] {
            assert!(has(&said, name, value), "{name}={value} in {said:?}");
        }
        for socket in
            ["postgres://postgres@localhost/postgres?host=/run/pg", "postgres://postgres@%2Frun%2Fpg/postgres"]
        {
            assert!(has(&told(socket), "PGHOST", "/run/pg"), "{socket}");
        }
        assert!(has(&told("postgres://[::1]/keywright"), "PGHOST", "::1"));
    }

    #[tokio::test]
    async fn a_program_that_is_missing_or_fails_is_told() {
        let database = DatabaseSettings::at("postgres://ada:hunter2@127.0.0.1:1/keywright");
        let nowhere = PostgresTools(Some("/nowhere".into()));
        let error = format!("{:#}", nowhere.run("pg_dump", &[], &database).await.unwrap_err());
        assert!(error.contains("install the programs of PostgreSQL") && !error.contains("hunter2"), "{error}");
        let tools = PostgresTools(Some("/bin".into()));
        let fails = [OsStr::new("-c"), OsStr::new("echo \"$PGUSER is refused\" >&2; exit 3")];
        let error = format!("{:#}", tools.run("sh", &fails, &database).await.unwrap_err());
        assert!(error.contains("sh failed") && error.contains("ada is refused"), "{error}");
    }
}
