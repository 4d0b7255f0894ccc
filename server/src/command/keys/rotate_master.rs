//! `keywright keys rotate-master`
//!
//! It may be broken off at any moment, also by a kill, and begun again: what is done stays.

use anyhow::bail;
use auth::flow::{self, MasterKeyRotation};
use auth::master_key::QUIET_SECONDS;
use auth::view::CivilDay;
use auth::{Auth, Context, Locale, Timestamp};

use super::in_words;
use crate::command::progress::Progress;

/// Seals everything anew, and says which master keys may be dropped. Fails while one of them is still needed.
pub(super) async fn rotate_master(auth: &Auth) -> anyhow::Result<String> {
    let progress = Progress::begin();
    let outcome = flow::rotate_master_key(auth, &context(), |table, done, all| progress.tell(table, done, all)).await;
    let done = outcome.map_err(in_words)?;
    let told = words(&done);
    match done.needed.as_slice() {
        [] => Ok(told),
        needed => bail!("{told}\n{}", still_needed(needed)),
    }
}

/// What was done, and what may be done now.
fn words(done: &MasterKeyRotation) -> String {
    let mut lines = Vec::new();
    for table in &done.tables {
        if table.resealed > 0 {
            lines.push(format!("{}: {} sealed anew", table.table, table.resealed));
        }
        if table.unreadable > 0 {
            lines.push(format!("{}: {} that no key opens, left as they are", table.table, table.unreadable));
        }
    }
    if done.tables.iter().all(|table| table.resealed == 0) {
        lines.push("There was nothing to seal anew.".to_owned());
    }
    for key in &done.retired {
        lines.push(format!("Nothing is sealed under the master key {key} any more: take it out of other_master_keys."));
    }
    if !done.retired.is_empty() {
        lines.push("Backups of before need it: keep it as long as them, apart from them, then destroy it.".to_owned());
    }
    if done.needed.is_empty() {
        lines.push(format!("Everything is sealed under the master key {}.", done.current));
    }
    lines.join("\n")
}

/// What keeps a key from being dropped.
fn still_needed(needed: &[(String, Timestamp)]) -> String {
    let keys = needed.iter().map(|(key, at)| {
        format!("The master key {key} is still needed: a node sealed with it at {}.", CivilDay::of(*at).iso)
    });
    let keys = keys.collect::<Vec<_>>().join("\n");
    format!(
        "{keys}\nGive every node the new master_key, wait for {QUIET_SECONDS} seconds, and run `keywright keys rotate-master` \
         once more."
    )
}

/// Who does it: what the audit log says.
fn context() -> Context {
    Context {
        address: String::new(),
        device: "keywright keys rotate-master".to_owned(),
        locale: Locale::default(),
        request_id: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::flow::TableRotation;

    fn rotation() -> MasterKeyRotation {
        let table = |table, resealed, unreadable| TableRotation { table, resealed, unreadable };
        MasterKeyRotation {
            current: "new-name".to_owned(),
            tables: vec![table("jobs", 12, 0), table("webhooks", 0, 1)],
            retired: vec!["old-name".to_owned()],
            needed: Vec::new(),
        }
    }

    #[test]
    fn what_was_done_is_told_by_table() {
        let told = words(&rotation());
        for part in [
            "jobs: 12 sealed anew",
            "webhooks: 1 that no key opens",
            "old-name any more",
            "under the master key new-name",
        ] {
            assert!(told.contains(part), "{part} in {told}");
        }
        let nothing = words(&MasterKeyRotation { tables: Vec::new(), retired: Vec::new(), ..rotation() });
        assert_eq!(nothing, "There was nothing to seal anew.\nEverything is sealed under the master key new-name.");
    }

    #[test]
    fn a_key_that_a_node_seals_with_is_named_with_what_to_do() {
        let needed = vec![("old-name".to_owned(), Timestamp(1_800_000_000_000))];
        let told = words(&MasterKeyRotation { retired: Vec::new(), needed: needed.clone(), ..rotation() });
        assert!(!told.contains("Everything is sealed"), "{told}");
        let told = still_needed(&needed);
        assert!(told.contains("old-name is still needed") && told.contains("2027-01-15T08:00:00Z"), "{told}");
        assert!(told.contains("wait for 120 seconds"), "{told}");
    }
}
