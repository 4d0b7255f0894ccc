//! Where backups go, who can open them, and when they are taken.

use anyhow::{Context as _, ensure};
use auth::backup::place::{Bucket, BucketSettings};
use auth::backup::{BackupSettings, Keep, Place, PostgresTools, Recipient, Target};
use auth::job::BackupPlan;
use secrecy::SecretString;
use std::path::PathBuf;
use url::Url;

use super::source::Values;
use super::{Settings, is_local, number, sqlite_file, switch};

/// Years of days are no retention that anybody means.
const MOST: std::ops::RangeInclusive<usize> = 0..=1000;

impl Settings {
    /// What is backed up, and how.
    pub fn backup_plan(&self) -> BackupPlan {
        BackupPlan { settings: self.backup.clone(), database: self.database(), version: env!("CARGO_PKG_VERSION") }
    }
}

/// Parses them.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn parse(values: &Values) -> anyhow::Result<BackupSettings> {
    let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let target = match text("backup_place") {
        None => None,
        Some(place) => {
            let recipient = text("backup_recipient").context(
                "backup_recipient must be set with backup_place: `keywright backup key FILE` makes a key and says it",
            )?;
            let recipient = Recipient::parse(recipient).context("backup_recipient cannot be used")?;
            Some(Target { place: place_of(place, values)?, recipient })
        }
    };
    let every_hours = number(values, "backup_every_hours", 24)?;
    ensure!((0..=8760).contains(&every_hours), "backup_every_hours must be 0 to 8760; 0 means never");
    let keep = Keep {
        daily: number(values, "backup_keep_daily", 7)?,
        weekly: number(values, "backup_keep_weekly", 4)?,
        monthly: number(values, "backup_keep_monthly", 12)?,
    };
    ensure!(
        [keep.daily, keep.weekly, keep.monthly].iter().all(|most| MOST.contains(most)),
        "backup_keep_daily, backup_keep_weekly and backup_keep_monthly must be 0 to 1000"
    );
    let beside = text("database_url").and_then(sqlite_file::folder_of);
    Ok(BackupSettings {
        target,
        every_hours,
        keep,
        before_migration: switch(values, "backup_before_migration", true)?,
        tools: PostgresTools(text("postgres_tools").map(PathBuf::from)),
        work_folder: text("backup_work_folder").map(PathBuf::from).or(beside).unwrap_or_else(|| "data".into()),
    })
}

fn place_of(place: &str, values: &Values) -> anyhow::Result<Place> {
    let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let Some(rest) = place.strip_prefix("s3://") else {
        ensure!(!place.contains("://"), "backup_place must be a folder or s3://bucket/beginning");
        return Ok(Place::Folder(PathBuf::from(place)));
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_name = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || b".-".contains(&letter);
    ensure!(
        !bucket.is_empty() && bucket.bytes().all(is_name),
        "backup_place must name a bucket: s3://bucket/beginning"
    );
    // An address that goes up leads elsewhere than what is signed.
    let goes_up = rest.split('/').any(|part| [".", ".."].contains(&part));
    ensure!(!goes_up, "backup_place must have no . and no .. between its slashes");
    let prefix = prefix.trim_matches('/');
    let region = text("backup_s3_region").unwrap_or("us-east-1");
    let endpoint =
        text("backup_s3_endpoint").map_or_else(|| format!("https://s3.{region}.amazonaws.com"), str::to_owned);
    let endpoint =
        Url::parse(&endpoint).context("backup_s3_endpoint must be an address such as https://s3.example.com")?;
    let origin = endpoint.as_str().trim_end_matches('/');
    ensure!(
        endpoint.scheme() == "https" || (endpoint.scheme() == "http" && is_local(origin)),
        "backup_s3_endpoint must be https, or http on this machine"
    );
    let is_bare = endpoint.path() == "/" && endpoint.query().is_none() && endpoint.username().is_empty();
    ensure!(is_bare, "backup_s3_endpoint must be scheme, host and port alone");
    let bucket = Bucket::new(BucketSettings {
        endpoint,
        bucket: bucket.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
        region: region.to_owned(),
        key_id: text("backup_s3_key_id").context("backup_s3_key_id must be set for a bucket")?.to_owned(),
        secret: SecretString::from(text("backup_s3_secret").context("backup_s3_secret must be set for a bucket")?),
    })?;
    Ok(Place::Bucket(Box::new(bucket)))
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    fn parsed(toml: &str) -> anyhow::Result<BackupSettings> {
        parse(&from_toml(&toml.replace("RECIPIENT", RECIPIENT))?)
    }

    #[test]
    fn a_place_and_a_recipient_are_enough() {
        assert!(parsed("").unwrap().target.is_none());
        let settings = parsed("backup_place = '/backup'\nbackup_recipient = 'RECIPIENT'").unwrap();
        assert_eq!(settings.target.unwrap().place.to_string(), "the folder /backup");
        assert_eq!((settings.every_hours, settings.before_migration), (24, true));
        let bucket = "backup_place = 's3://backups/id'\nbackup_recipient = 'RECIPIENT'\nbackup_s3_region = 'eu-central-1'\n\
                      backup_s3_key_id = 'me'\nbackup_s3_secret = 'hunter2'";
        let place = parsed(bucket).unwrap().target.unwrap().place.to_string();
        assert_eq!(place, "the bucket backups at s3.eu-central-1.amazonaws.com");
        let beside = parsed("database_url = 'sqlite:///var/lib/keywright/keywright.db'").unwrap();
        assert_eq!(beside.work_folder, PathBuf::from("/var/lib/keywright"));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_what_to_do() {
        for (toml, words) in [
            ("backup_place = '/backup'", "keywright backup key"),
            ("backup_place = '/backup'\nbackup_recipient = 'age1hunter2'", "backup_recipient cannot be used"),
            ("backup_place = 'ftp://backup'\nbackup_recipient = 'RECIPIENT'", "a folder or s3://"),
            ("backup_place = 's3://'\nbackup_recipient = 'RECIPIENT'", "must name a bucket"),
            ("backup_place = 's3://b'\nbackup_recipient = 'RECIPIENT'", "backup_s3_key_id"),
            ("backup_place = 's3://b/../c'\nbackup_recipient = 'RECIPIENT'", "no .."),
            ("backup_place = 's3://..'\nbackup_recipient = 'RECIPIENT'", "no .."),
            (
                "backup_place = 's3://b'\nbackup_recipient = 'RECIPIENT'\nbackup_s3_endpoint = 'http://s3.example.com'",
                "must be https",
            ),
            ("backup_every_hours = -1", "backup_every_hours"),
            ("backup_keep_daily = 1001", "backup_keep_daily"),
            ("backup_before_migration = 'perhaps'", "backup_before_migration"),
        ] {
            let error = format!("{:#}", parsed(toml).err().unwrap());
            assert!(error.contains(words), "{toml}: {error}");
        }
    }
}
