//! Backups in stories: taken into a folder, and restored into an empty database as `keywright restore` does it.

use super::database::Database;
use super::{CHEAP, World, context, settings};
use auth::backup::{
    BackupSettings, Identity, Keep, Manifest, Opened, Place, PostgresTools, Poured, Scratch, Taken, Target,
    open_archive, pour,
};
use auth::crypto::Sealer;
use auth::job::BackupPlan;
use auth::random::SystemRandom;
use auth::settings::{KeySettings, Settings};
use auth::store::{DatabaseSettings, Store};
use auth::{Auth, flow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where backups of a story lie, and the key that opens them.
pub struct Vault {
    pub folder: tempfile::TempDir,
    pub identity: Identity,
}

impl Vault {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), identity: Identity::make(&SystemRandom).unwrap() }
    }

    pub fn place(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    /// A backup a day, of which three are kept.
    pub fn plan(&self, database: &Database) -> BackupPlan {
        let target = Target { place: Place::Folder(self.place()), recipient: self.identity.recipient() };
        BackupPlan {
            settings: BackupSettings {
                target: Some(target),
                every_hours: 24,
                keep: Keep { daily: 3, weekly: 0, monthly: 0 },
                before_migration: true,
                tools: PostgresTools::default(),
                work_folder: self.folder.path().join("work"),
            },
            database: DatabaseSettings::at(&database.url),
            version: "0.1.0",
        }
    }

    /// The names of the backups that are there.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.place()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Opens one.
    pub fn open(&self, name: &str, scratch: &Scratch) -> anyhow::Result<Opened> {
        self.open_as(&Sealer::new(&settings(CHEAP, None).master_keys), name, scratch)
    }

    /// Opens one as the installation with this master key.
    pub fn open_as(&self, sealer: &Sealer, name: &str, scratch: &Scratch) -> anyhow::Result<Opened> {
        open_archive(&self.place().join(name), std::slice::from_ref(&self.identity), sealer, scratch)
    }
}

impl World {
    /// Takes a backup now.
    pub async fn back_up(&self, vault: &Vault) -> Taken {
        let plan = vault.plan(&self.database);
        self.auth.take_backup(&plan, plan.settings.target.as_ref().unwrap()).await.unwrap()
    }

    /// Pours a backup into a new, empty database, and no more.
    pub async fn pour(&self, vault: &Vault, name: &str) -> (Database, Manifest, Poured) {
        let empty = self.database.empty().await;
        let scratch = Scratch::make(&vault.folder.path().join("work"), &SystemRandom, self.auth.now()).unwrap();
        let opened = vault.open(name, &scratch).unwrap();
        let settings = DatabaseSettings::at(&empty.url);
        let file = empty.file();
        let poured = pour(&opened, &settings, file.as_deref(), &PostgresTools::default()).await.unwrap();
        (empty, opened.manifest, poured)
    }

    /// Restores a backup into a new database: the world after it, at the same time.
    pub async fn restore(&self, vault: &Vault, name: &str) -> World {
        self.restore_with(KeySettings::default(), vault, name).await
    }

    /// The same, with other settings of keys.
    pub async fn restore_with(&self, keys: KeySettings, vault: &Vault, name: &str) -> World {
        let (database, manifest, _) = self.pour(vault, name).await;
        let store = Store::open_half_restored(&DatabaseSettings::at(&database.url)).await.unwrap();
        let settings = Settings { keys, ..settings(CHEAP, None) };
        let auth = Auth::open(settings, store, self.clock.clone(), Arc::new(SystemRandom));
        let auth = auth.await.unwrap();
        flow::finish_restore(&auth, name, manifest.taken_at, &context()).await.unwrap();
        World { auth, clock: Arc::clone(&self.clock), database }
    }
}

/// Everything that lies in a folder, as text where it is some.
pub fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}
