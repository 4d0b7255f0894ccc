//! What a restore and its trial have in common: a backup is found and opened, poured into an empty database, looked at, and made
//! safe to use.

use anyhow::{Context as _, bail, ensure};
use auth::audit::AuditHead;
use auth::backup::{BackupName, Identity, Manifest, Opened, Scratch, differences, open_archive, pour};
use auth::clock::{Clock as _, SystemClock};
use auth::crypto::Sealer;
use auth::store::{DatabaseSettings, Store};
use auth::view::CivilDay;
use auth::{Auth, Context, Locale, flow};
use std::path::{Path, PathBuf};

use crate::{Settings, engine, master_key};

/// A backup in an empty database, with the tables of this version, and not to be used before [`flow::finish_restore`].
pub struct Restored {
    /// The engine on it.
    pub auth: Auth,
    /// What is not as it should be, in words.
    pub faults: Vec<String>,
    /// What was looked at, in words.
    pub seen: String,
}

/// Finds a backup, by its path or by its name in `backup_place`, and opens it. All of it is read and compared with its manifest, and
/// not one row is taken out unless an installation with one of the master keys of the settings wrote it: what is restored runs in
/// the database, and whoever may write into the place might have put it there.
///
/// # Errors
/// When it is not there, is for another key, was changed, is of another moment than its name says, or of others.
pub async fn open(settings: &Settings, file: &str, identity: &Path, scratch: &Scratch) -> anyhow::Result<Opened> {
    let identities = Identity::read(identity)?;
    let path = match (Path::new(file).is_file(), file.parse::<BackupName>(), &settings.backup.target) {
        (true, _, _) => PathBuf::from(file),
        (false, Ok(name), Some(target)) => {
            let path = scratch.file("backup");
            target
                .place
                .get(&name, &path, SystemClock.now())
                .await
                .with_context(|| format!("{file} in {}", target.place))?;
            path
        }
        _ => bail!("there is no file {file}, and no backup of this name in backup_place"),
    };
    let words = || format!("{file} cannot be restored");
    let sealer = Sealer::new(&master_key::load(settings)?);
    let opened = open_archive(&path, &identities, &sealer, scratch).with_context(words)?;
    let named = Path::new(file).file_name().and_then(|name| name.to_str()?.parse::<BackupName>().ok());
    let Manifest { taken_at, database, .. } = opened.manifest;
    if named.is_some_and(|name| !name.is_of(taken_at, database)) {
        // An old one under the name of a new one would bring back what ended in between.
        let is = BackupName::of(taken_at, database);
        bail!("{file} cannot be restored: it was renamed, and is {is}");
    }
    Ok(opened)
}

/// Pours it into an empty database (of SQLite: a file that is not there yet), brings its tables up to date, and looks at everything.
///
/// # Errors
/// When the database is not empty, or the master key is another one.
pub async fn restore(
    settings: &Settings,
    opened: &Opened,
    database: &DatabaseSettings,
    sqlite_file: Option<&Path>,
) -> anyhow::Result<Restored> {
    let poured = pour(opened, database, sqlite_file, &settings.backup.tools).await?;
    let mut faults = differences(&opened.manifest, &poured);
    ensure!(faults.is_empty(), "what was restored is not what the backup says of itself: {}", faults.join("; "));
    let store = Store::open_half_restored(&DatabaseSettings { migrates: true, ..database.clone() }).await?;
    let auth = engine::open_on(settings, store).await.context("the master keys are not those of the backup's time")?;
    let sealed = flow::check_sealed_values(&auth).await?;
    faults.extend(sealed.closed.iter().map(|(column, values)| format!("{values} values of {column} do not open")));
    let head = opened.manifest.audit_head.as_deref().and_then(|head| head.parse::<AuditHead>().ok());
    let audit = flow::verify_audit(&auth, head.as_ref()).await?;
    if !audit.is_whole {
        faults.push(format!("the audit log is not whole: {} faults, see `keywright audit verify`", audit.faults.len()));
    }
    let rows: i64 = opened.manifest.counts.values().sum();
    let tables = opened.manifest.counts.len();
    let seen = format!(
        "{rows} rows of {tables} tables, all references, {} lines of the audit log and {} sealed values",
        audit.count, sealed.open
    );
    Ok(Restored { auth, faults, seen })
}

/// What a backup is, in words.
pub fn in_words(manifest: &Manifest) -> String {
    let moment = CivilDay::of(manifest.taken_at).iso;
    format!(
        "taken at {moment} of {} by version {}, migration {}",
        manifest.database.as_str(),
        manifest.version,
        manifest.schema
    )
}

/// Who does it: what the audit log says.
pub fn context(command: &str) -> Context {
    Context { address: String::new(), device: command.to_owned(), locale: Locale::default(), request_id: String::new() }
}
