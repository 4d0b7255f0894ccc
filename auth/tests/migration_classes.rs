//! What a change of the tables may be, so that nodes of the version before work on during an upgrade: see
//! `docs/operations/upgrades-of-nodes.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The first one that says what it is.
const FIRST: i64 = 38;

/// Every migration, by its number.
fn migrations() -> BTreeMap<i64, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let number = |path: &Path| path.file_name().unwrap().to_str().unwrap().split_once('_').unwrap().0.parse().unwrap();
    files.map(|path| (number(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// What is wrong with a migration; none when it is as it says.
pub fn fault(number: i64, text: &str) -> Option<String> {
    let (class, rest) = text.split_once('\n').unwrap_or((text, ""));
    let lines = rest.lines().filter(|line| !line.trim_start().starts_with("--"));
    let sql = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").to_uppercase();
    let raises = sql.contains("UPDATE SCHEMA_FLOOR");
    if class == "-- expand" {
        return expansion_fault(&sql).or_else(|| raises.then(|| "an expansion raises no floor".to_owned()));
    }
    let Some(since) = class.strip_prefix("-- contract since ").and_then(|since| since.parse::<i64>().ok()) else {
        return Some(format!("its first line is {class:?}: say -- expand, or -- contract since N"));
    };
    if !(FIRST..number).contains(&since) {
        return Some(format!("programs that know change {since} cannot know what {number} takes away"));
    }
    let floor = format!("UPDATE SCHEMA_FLOOR SET VERSION = {since}");
    (!sql.contains(&floor)).then(|| format!("it must say {floor}"))
}

/// What a program that does not know of it would not survive.
fn expansion_fault(sql: &str) -> Option<String> {
    let taken = ["DROP TABLE", "DROP COLUMN", "RENAME ", "ALTER COLUMN", "ADD CONSTRAINT", "SET NOT NULL"];
    if let Some(words) = taken.into_iter().find(|words| sql.contains(words)) {
        return Some(format!("{words} is a contraction"));
    }
    for statement in sql.split(';') {
        if statement.contains("ADD COLUMN") && statement.contains("NOT NULL") && !statement.contains("DEFAULT") {
            return Some("a program that does not know the column gives it no value: say DEFAULT".to_owned());
        }
        let number_of = |words: &str| statement.matches(words).count();
        if number_of("REFERENCES ") > number_of("ON DELETE CASCADE") + number_of("ON DELETE SET NULL") {
            return Some("a program that does not know of it deletes what it refers to: say ON DELETE".to_owned());
        }
        if let Some((_, index)) = statement.split_once("CREATE UNIQUE INDEX") {
            let table = index.split_once(" ON ").map_or("", |(_, on)| on.split(['(', ' ']).next().unwrap_or_default());
            if !sql.contains(&format!("CREATE TABLE {table} ")) {
                return Some(format!("a program that does not know of it may write what {table} then refuses"));
            }
        }
    }
    None
}

#[test]
fn each_migration_since_the_first_that_says_so_is_as_it_says() {
    let all = migrations();
    assert!(all.contains_key(&FIRST), "there is nothing to look at");
    for (number, text) in all.range(FIRST..) {
        assert_eq!(fault(*number, text), None, "{number:04}");
    }
}

#[test]
fn what_the_version_before_would_not_survive_is_found() {
    for sound in [
        "-- expand\nCREATE TABLE t (id TEXT NOT NULL PRIMARY KEY);\nCREATE UNIQUE INDEX t_by_id ON t (id);",
        "-- expand\n-- Why: DROP TABLE would be wrong.\nALTER TABLE users ADD COLUMN a TEXT;",
        "-- expand\nALTER TABLE users ADD COLUMN a BIGINT NOT NULL DEFAULT 0;\nDROP INDEX x;\nCREATE INDEX x ON users (a);",
        "-- expand\nCREATE TABLE t (id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE);",
        "-- contract since 41\nALTER TABLE users DROP COLUMN a;\nUPDATE schema_floor SET version = 41;",
    ] {
        assert_eq!(fault(50, sound), None, "{sound}");
    }
    for broken in [
        "CREATE TABLE t (id TEXT);",
        "-- expand and contract\nCREATE TABLE t (id TEXT);",
        "-- expand\nDROP TABLE t;",
        "-- expand\nALTER TABLE users DROP COLUMN a;",
        "-- expand\nALTER TABLE users RENAME COLUMN a TO b;",
        "-- expand\nALTER TABLE users ADD COLUMN a TEXT NOT NULL;",
        "-- expand\nCREATE UNIQUE INDEX one_name ON users (name);",
        "-- expand\nCREATE TABLE t (id TEXT NOT NULL REFERENCES users (id));",
        "-- expand\nCREATE TABLE t (a TEXT REFERENCES users (id) ON DELETE SET NULL, b TEXT REFERENCES sessions (id));",
        "-- expand\nUPDATE schema_floor SET version = 49;",
        "-- contract since 41\nALTER TABLE users DROP COLUMN a;",
        "-- contract since 50\nALTER TABLE users DROP COLUMN a;\nUPDATE schema_floor SET version = 50;",
        "-- contract since the last one\nDROP TABLE t;",
    ] {
        assert!(fault(50, broken).is_some(), "{broken}");
    }
}
