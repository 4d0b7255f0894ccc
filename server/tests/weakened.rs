//! No program but that of the tests can be told to do without a defence; that the release cannot is tried on the release
//! itself (`production.spec.js`).

use auth::weakened::{Defence, is_off};

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
