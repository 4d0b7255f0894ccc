//! What a backup says of itself. It lies within what is encrypted, and its digest covers the rest: nobody puts another one before
//! other rows. Whoever knows the recipient can encrypt for it, though, and it is no secret: that an installation with this
//! master key wrote the manifest is proved by a value that only it can seal.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

use super::archive::hex;
use crate::Timestamp;
use crate::crypto::Sealer;
use crate::random::Random;

/// Which program wrote the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    /// A file of SQLite.
    Sqlite,
    /// What `pg_dump` writes in its own format.
    Postgres,
}

impl DatabaseKind {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// The kind of a name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Sqlite, Self::Postgres].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of Keywright that took it.
    pub version: String,
    /// The number of the newest migration.
    pub schema: i64,
    /// Which database it is of.
    pub database: DatabaseKind,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Rows of each table.
    pub counts: BTreeMap<String, i64>,
    /// The end of the audit log as `NUMBER:HASH`; none as long as nothing is sealed.
    pub audit_head: Option<String>,
    /// Bytes of what the database wrote.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
    /// Proves all of the above under the master key.
    pub proof: String,
}

impl Manifest {
    /// The same, with the proof.
    ///
    /// # Errors
    /// Never in practice.
    pub(super) fn proved(mut self, sealer: &Sealer, random: &dyn Random) -> anyhow::Result<Self> {
        self.proof = sealer.seal(random, &self.place()?, &[]);
        Ok(self)
    }

    /// Makes sure that an installation with one of these master keys wrote it.
    ///
    /// # Errors
    /// When none of them did, or it was changed since.
    pub(super) fn prove(&self, sealer: &Sealer) -> anyhow::Result<()> {
        sealer.open(&self.place()?, &self.proof).map(drop).context(
            "it was not made under one of the master keys of the settings: it is of another installation, or forged",
        )
    }

    /// What the proof is sealed for: it opens for these very words, and says nothing itself. No table is called so.
    fn place(&self) -> anyhow::Result<String> {
        let unproved = Self { proof: String::new(), ..self.clone() };
        Ok(format!("backup.manifest.{}", hex(&Sha256::digest(serde_json::to_vec(&unproved)?)[..])))
    }

    /// The line that stands before what is encrypted, for people and for who looks for the right file. It proves nothing.
    pub fn line(&self) -> String {
        let moment = super::BackupName::of(self.taken_at, self.database).taken_at;
        format!(
            "keywright-backup 1 {moment}Z {} schema={} version={}\n",
            self.database.as_str(),
            self.schema,
            self.version
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{MasterKey, MasterKeys};
    use crate::random::SystemRandom;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&MasterKey::from_bytes([byte; 32]).into())
    }

    #[test]
    fn what_another_master_key_or_nobody_proved_is_refused() {
        let manifest = Manifest {
            version: "0.1.0".to_owned(),
            schema: 40,
            database: DatabaseKind::Sqlite,
            taken_at: Timestamp(1_800_000_000_000),
            counts: BTreeMap::from([("users".to_owned(), 2)]),
            audit_head: None,
            bytes: 1,
            sha256: "ab".to_owned(),
            proof: String::new(),
        };
        assert!(manifest.prove(&sealer(1)).is_err());
        let proved = manifest.proved(&sealer(1), &SystemRandom).unwrap();
        proved.prove(&sealer(1)).unwrap();
        let read: Manifest = serde_json::from_str(&serde_json::to_string(&proved).unwrap()).unwrap();
        read.prove(&sealer(1)).unwrap();
        // Rotated since: the old key only opens.
        proved
            .prove(&Sealer::new(&MasterKeys::new(MasterKey::from_bytes([2; 32]), vec![MasterKey::from_bytes([1; 32])])))
            .unwrap();
        assert!(proved.prove(&sealer(2)).is_err());
        for changed in [
            Manifest { sha256: "cd".to_owned(), ..proved.clone() },
            Manifest { audit_head: Some("1:ab".to_owned()), ..proved.clone() },
            Manifest { taken_at: Timestamp(1_800_000_000_001), ..proved.clone() },
            Manifest { counts: BTreeMap::new(), ..proved.clone() },
        ] {
            assert!(changed.prove(&sealer(1)).is_err(), "{changed:?}");
        }
    }
}
