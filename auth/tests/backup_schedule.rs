//! Stories of backups by the clock: one node takes each, the newest stay, and one that fails is tried again.

use crate::support::World;
use crate::support::backups::Vault;
use crate::support::master_keys::old_key;
use auth::backup::{Place, Source, Target, take};
use auth::crypto::Sealer;
use auth::random::{Random, SystemRandom};
use std::sync::Arc;
use std::time::Duration;

const HOUR: i64 = 60 * 60;

on_both_databases! {
    async fn a_server_that_takes_none_still_sweeps_away_what_a_kill_left(world: World) {
        let vault = Vault::new();
        let mut plan = vault.plan(&world.database);
        plan.settings.target = None;
        let left = plan.settings.work_folder.join(".keywright-work-0123456789abcdef");
        std::fs::create_dir_all(&left).unwrap();
        std::fs::write(left.join("rows"), "of people").unwrap();
        // The lock that a kill let go of.
        std::fs::write(left.join("lock"), "").unwrap();
        let keeper = tokio::spawn(world.auth.clone().keep_backups(plan));
        for _ in 0..500 {
            if left.exists() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        keeper.abort();
        assert!(!left.exists());
    }

    async fn one_node_takes_the_backup_of_the_day(world: World) {
        let vault = Vault::new();
        let plan = vault.plan(&world.database);
        let other = world.another_node().await;
        let (one, two) = tokio::join!(world.auth.take_due_backup(&plan), other.take_due_backup(&plan));
        let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
        assert_eq!(taken.len(), 1);
        world.clock.advance_seconds(23 * HOUR);
        assert!(world.auth.take_due_backup(&plan).await.unwrap().is_none());
        world.clock.advance_seconds(HOUR);
        assert!(other.take_due_backup(&plan).await.unwrap().is_some());
        assert_eq!(vault.names().len(), 2);
    }

    async fn three_days_are_kept_and_what_is_not_ours_stays(world: World) {
        let vault = Vault::new();
        let plan = vault.plan(&world.database);
        for _ in 0..5 {
            world.auth.take_due_backup(&plan).await.unwrap().expect("one is due");
            world.clock.advance_seconds(24 * HOUR);
            std::fs::write(vault.place().join("notes.txt"), "somebody's").unwrap();
        }
        let names = vault.names();
        assert_eq!(names.len(), 4, "{names:?}");
        assert!(names.contains(&"notes.txt".to_owned()));
    }

    async fn what_was_taken_before_a_change_of_tables_outlives_the_days(world: World) {
        let vault = Vault::new();
        let plan = vault.plan(&world.database);
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let mut before = Vec::new();
        for change in 41..=44 {
            let source = Source {
                settings: &plan.settings,
                database: &plan.database,
                version: plan.version,
                sealer: &Sealer::new(&old_key().into()),
                before_change: Some(change),
            };
            let target = plan.settings.target.as_ref().unwrap();
            let name = take(&source, target, &random, world.auth.now()).await.unwrap().name;
            assert!(name.ends_with(&format!("-before-00{change}.backup")), "{name}");
            before.push(name);
            world.clock.advance_seconds(HOUR);
        }
        let mut days = Vec::new();
        for _ in 0..6 {
            days.push(world.auth.take_due_backup(&plan).await.unwrap().expect("one is due").name);
            world.clock.advance_seconds(24 * HOUR);
        }
        let names = vault.names();
        assert!(before[1..].iter().all(|name| names.contains(name)), "the newest three lead back: {names:?}");
        // The controls: an older one goes, and so do days.
        assert!(!names.contains(&before[0]) && !names.contains(&days[0]), "{names:?}");
        assert_eq!(names.len(), 3 + 3, "{names:?}");
    }

    async fn one_that_fails_leaves_the_last_one_and_is_tried_again(world: World) {
        let vault = Vault::new();
        let plan = vault.plan(&world.database);
        world.auth.take_due_backup(&plan).await.unwrap().expect("one is due");
        world.clock.advance_seconds(24 * HOUR);
        // A file where the folder should be.
        std::fs::write(vault.folder.path().join("file"), "").unwrap();
        let mut broken = plan.clone();
        let place = Place::Folder(vault.folder.path().join("file/backups"));
        broken.settings.target = Some(Target { place, recipient: vault.identity.recipient() });
        assert!(world.auth.take_due_backup(&broken).await.is_err());
        assert_eq!(vault.names().len(), 1);
        let moments = world.auth.store().backup_moments().await.unwrap();
        assert_eq!(moments.backup, Some(world.auth.now().minus_seconds(24 * HOUR)), "it does not count");
        assert!(world.auth.take_due_backup(&plan).await.unwrap().is_none(), "not at once");
        world.clock.advance_seconds(15 * 60);
        assert!(world.auth.take_due_backup(&plan).await.unwrap().is_some());
    }

    async fn a_clock_that_was_years_ahead_stops_no_backup_and_deletes_none(world: World) {
        const TEN_YEARS: i64 = 10 * 365 * 24 * HOUR;
        let vault = Vault::new();
        let plan = vault.plan(&world.database);
        world.auth.take_due_backup(&plan).await.unwrap().expect("one is due");
        world.clock.advance_seconds(TEN_YEARS);
        let ahead = world.auth.take_due_backup(&plan).await.unwrap().expect("so it seems").name;
        world.clock.advance_seconds(-TEN_YEARS);
        // Set back, one is due at once: nobody knows when the last one was.
        world.auth.take_due_backup(&plan).await.unwrap().expect("one is due");
        assert!(world.auth.take_due_backup(&plan).await.unwrap().is_none(), "and then one a day");
        assert_eq!(world.auth.store().backup_moments().await.unwrap().backup, Some(world.auth.now()));
        // Of three days each has its own, whatever came to be called so late.
        for _ in 0..3 {
            world.clock.advance_seconds(24 * HOUR);
            let newest = world.auth.take_due_backup(&plan).await.unwrap().expect("one is due").name;
            assert!(vault.names().contains(&newest), "{newest} is what one would restore");
        }
        assert!(vault.names().contains(&ahead));
        assert_eq!(vault.names().len(), 3 + 1, "{:?}", vault.names());
        // A turn that was taken by a clock that was ahead is over, too.
        world.clock.advance_seconds(TEN_YEARS);
        let now = world.auth.now();
        assert!(world.auth.store().claim_backup(now, now, now.plus_seconds(HOUR)).await.unwrap());
        world.clock.advance_seconds(24 * HOUR - TEN_YEARS);
        assert!(world.auth.take_due_backup(&plan).await.unwrap().is_some());
    }
}
