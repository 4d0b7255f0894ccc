//! What is known of an installation when it is judged: plain values, so that a test makes any of them wrong in a line.

use auth::Timestamp;
use auth::password::leaked_passwords;
use auth::view::VaultHealth;
use url::Url;

mod certified;
mod data_file;
mod database;
mod machine;
mod mail_records;
mod outside;
mod seen;
mod share;

pub use certified::Certified;
pub use data_file::DataFile;
pub use database::{KeysOpened, Reached, Rows, Times, reach};
pub use machine::{Disk, DiskKind, Machine};
pub use mail_records::MailRecords;
pub use outside::{AskedProgram, AskedProvider, Outside};
pub use seen::{Plain, Seen};
pub use share::{Look, Unusable};

use crate::settings::{KeyPlace, SecretFile, Settings};
use crate::vault::Vault;

/// Everything that is judged.
#[derive(Clone)]
pub struct Facts {
    /// When.
    pub now: Timestamp,
    /// What the operator set.
    pub settings: Settings,
    /// The machine.
    pub machine: Machine,
    /// Files with secrets.
    pub secret_files: Vec<SecretFile>,
    /// Where the master key came from.
    pub master_key_place: KeyPlace,
    /// The file of SQLite; none on PostgreSQL, and before the first start.
    pub data_file: Option<DataFile>,
    /// The certificate that is served.
    pub tls: Option<Certified>,
    /// The vault that secrets came from.
    pub vault: Option<VaultHealth>,
    /// When the database of places was made.
    pub places_built_at: Option<Timestamp>,
    /// How many leaked passwords the program knows.
    pub leaked_passwords: usize,
    /// Whether the database answers.
    pub reached: Reached,
    /// What the database says; none when it cannot be asked.
    pub rows: Option<Rows>,
    /// What others say; none when nobody was asked.
    pub outside: Option<Outside>,
}

impl Facts {
    /// What this machine alone knows: files are looked at, nobody is asked.
    pub fn of_this_machine(settings: &Settings, now: Timestamp) -> Self {
        Self {
            now,
            machine: Machine::look(settings),
            secret_files: settings.secret_files(),
            master_key_place: settings.master_key_place(),
            data_file: DataFile::look(settings),
            tls: settings.tls.as_ref().map(|tls| Certified::look(tls, &host(&settings.public_url), now)),
            vault: settings.vault.as_ref().map(Vault::health),
            places_built_at: settings.anomalies.places.as_ref().map(|places| places.built_at()),
            leaked_passwords: leaked_passwords::count(),
            reached: Reached::NotAsked,
            rows: None,
            outside: None,
            settings: settings.clone(),
        }
    }
}

/// The host of an address as certificates name it.
pub(super) fn host(address: &str) -> String {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_written_as_certificates_name_them() {
        assert_eq!(host("https://id.example.com:8443"), "id.example.com");
        assert_eq!(host("https://[::1]:3000"), "::1");
        assert_eq!(host("nowhere"), "");
    }
}
