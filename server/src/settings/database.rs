//! The way to the database: that nobody else reads or answers on it (ASVS 5.0, 12.3.1), and who comes to it.

use anyhow::ensure;
use auth::store::{DatabaseSettings, ReplicaSettings};
use std::net::IpAddr;
use url::Url;

use super::source::Values;
use super::{Settings, number};

impl Settings {
    /// How the program comes to the database. `keywright migrate` brings the tables up to date in any case.
    pub fn database(&self) -> DatabaseSettings {
        DatabaseSettings {
            password_file: self.database_password_file.clone(),
            migrates: self.migrate_at_start,
            replica: self.replica.clone(),
            ..DatabaseSettings::at(&self.database_url)
        }
    }
}

/// The copy that lists may be read from, where one is named.
pub(super) fn replica(values: &Values) -> anyhow::Result<Option<ReplicaSettings>> {
    let most_lag = number(values, "replica_lag_seconds", 5)?;
    ensure!((2..=300).contains(&most_lag), "replica_lag_seconds must be 2 to 300");
    let Some(url) = values.get("replica_url").filter(|url| !url.is_empty()) else { return Ok(None) };
    let original = values.get("database_url").map_or("", String::as_str);
    let is_postgres = |url: &str| url.starts_with("postgres:") || url.starts_with("postgresql:");
    ensure!(is_postgres(url) && is_postgres(original), "replica_url is for a replica of a PostgreSQL in database_url");
    Ok(Some(ReplicaSettings { url: url.clone(), most_lag }))
}

/// Refuses a file with a password where there is nobody to prove it to, and where the address has one as well.
pub(super) fn check_password_file(address: &str, has_file: bool) -> anyhow::Result<()> {
    if !has_file {
        return Ok(());
    }
    let url = Url::parse(address).ok().filter(|url| url.scheme() != "sqlite");
    let has_none =
        url.is_some_and(|url| url.password().is_none() && url.query_pairs().all(|(name, _)| name != "password"));
    ensure!(has_none, "database_password_file is for a database_url of PostgreSQL without a password");
    Ok(())
}

/// Whether an address means SQLite, a PostgreSQL on this machine, or one whose certificate is verified. An address that
/// names no host is none of these: the environment may say anything.
pub(crate) fn is_safe(address: &str) -> bool {
    if address.starts_with("sqlite:") {
        return true;
    }
    let Ok(url) = Url::parse(address) else { return false };
    let pairs: Vec<_> = url.query_pairs().collect();
    let named = pairs.iter().filter(|(key, _)| ["host", "hostaddr"].contains(&&**key)).map(|(_, value)| &**value);
    let hosts: Vec<&str> = url.host_str().into_iter().chain(named).filter(|host| !host.is_empty()).collect();
    // As the driver reads it: a socket wins, and else what is named last.
    if hosts.iter().any(|host| is_socket(host)) || hosts.last().is_some_and(|host| is_this_machine(host)) {
        return true;
    }
    let mode = pairs.iter().rfind(|(key, _)| ["sslmode", "ssl-mode"].contains(&&**key));
    mode.is_some_and(|(_, mode)| mode.eq_ignore_ascii_case("verify-full"))
}

/// Whether a host is the folder of a socket.
fn is_socket(host: &str) -> bool {
    host.starts_with('/') || host.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%2f"))
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_in_the_address_or_in_a_file() {
        for address in ["postgres://keywright@db.example.com/keywright", "postgresql:///keywright?host=/run/postgresql"]
        {
            assert!(check_password_file(address, true).is_ok(), "{address}");
        }
        for address in [
            "sqlite://data/keywright.db",
            "postgres://keywright:secret@db.example.com/keywright",
            "postgres://keywright@db.example.com/keywright?password=secret",
        ] {
            assert!(check_password_file(address, true).is_err(), "{address}");
            assert!(check_password_file(address, false).is_ok(), "{address}");
        }
    }

    #[test]
    fn over_a_network_the_certificate_is_verified() {
        for safe in [
            "sqlite://data/keywright.db?mode=rwc",
            "postgres://keywright:secret@localhost/keywright",
            "postgresql://127.0.0.1:5433/keywright",
            "postgres://keywright@[::1]/keywright",
            "postgres://%2Fvar%2Frun%2Fpostgresql/keywright",
            "postgres://postgres@localhost/postgres?host=/var/run/postgresql",
            "postgres://db.example.com/keywright?host=/var/run/postgresql",
            "postgres://db.example.com/keywright?hostaddr=127.0.0.1",
            "postgres://db.example.com/keywright?sslmode=verify-full&sslrootcert=/etc/keywright/db-ca.pem",
            "postgres://10.0.0.5/keywright?ssl-mode=Verify-Full",
            "postgres:///keywright?sslmode=verify-full",
        ] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_one in [
            "postgres://db.example.com/keywright",
            "postgres://keywright:secret@10.0.0.5/keywright?sslmode=require",
            "postgres://db.example.com/keywright?sslmode=verify-ca",
            "postgres://db.example.com/keywright?sslmode=prefer&application_name=verify-full",
            "postgres://db.example.com/keywright?sslmode=verify-full&sslmode=disable",
            "postgres://localhost/keywright?host=db.example.com",
            "postgres://localhost/keywright?hostaddr=10.0.0.5",
            "postgres://localhost.evil.example/keywright",
            "postgres://verify-full:sslmode=verify-full@db.example.com/keywright",
            "postgres:///keywright",
            "postgres:",
        ] {
            assert!(!is_safe(unsafe_one), "{unsafe_one}");
        }
    }
}
