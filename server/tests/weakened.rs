//! No program but the one of `bin/attack` can be told to do without a defence.

use crate::support::database_url;
use auth::weakened::{CAN_BE, Defence, is_off};
use std::process::Command;

/// Manifests, each with what it may say of the feature.
const MANIFESTS: [(&str, &[&str]); 7] = [
    (include_str!("../../auth/Cargo.toml"), &["weakened = []"]),
    (include_str!("../Cargo.toml"), &["weakened = [\"auth/weakened\"]"]),
    (include_str!("../../app/Cargo.toml"), &[]),
    (include_str!("../../frontend/Cargo.toml"), &[]),
    (include_str!("../../bench/Cargo.toml"), &[]),
    (include_str!("../../fuzz/Cargo.toml"), &[]),
    (
        include_str!("../../attack/Cargo.toml"),
        &[
            "auth = { workspace = true, features = [\"engine\", \"weakened\"] }",
            "server = { path = \"../server\", features = [\"weakened\"] }",
        ],
    ),
];

#[test]
fn every_defence_stands() {
    assert!(!std::hint::black_box(CAN_BE));
    for defence in Defence::ALL {
        assert!(!is_off(*defence), "{}", defence.name());
    }
}

#[test]
fn only_the_program_that_is_attacked_is_built_with_the_feature() {
    for (manifest, allowed) in MANIFESTS {
        let lines = manifest.lines().filter(|line| line.contains("weakened") && !line.starts_with('#'));
        assert_eq!(lines.collect::<Vec<_>>(), allowed);
    }
    for script in [include_str!("../../bin/build"), include_str!("../../bin/dev"), include_str!("../../bin/bench")] {
        assert!(!script.contains("weakened"));
    }
}

#[test]
fn the_program_does_not_start_when_it_is_asked_to_do_without_a_defence() {
    let folder = tempfile::tempdir().unwrap();
    for name in Defence::ALL.iter().map(|defence| defence.name()) {
        let output = Command::new(env!("CARGO_BIN_EXE_keywright"))
            .current_dir(folder.path())
            .env_clear()
            .env("KEYWRIGHT_DATABASE_URL", database_url(folder.path()))
            .env("KEYWRIGHT_WEAKEN", name)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("KEYWRIGHT_WEAKEN: there is no setting weaken"), "{said}");
    }
}
