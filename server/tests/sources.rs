//! What the code of the program does not contain, whoever wrote it: nothing that a test of its behaviour would find sooner
//! (ASVS 5.0, 1.2.4, 1.2.5, 1.3.2, 1.3.12, 6.5.3, 11.1.3, 11.4.1, 11.5.1, 12.3.2, 16.2.3).

use crate::support::sources::files_with;
use std::collections::BTreeSet;
use std::path::Path;

const PROGRAM: [&str; 4] = ["auth/src", "app/src", "server/src", "frontend/src"];
/// What begins the use of somebody's cryptography.
const CRYPTOGRAPHY: [&str; 13] = [
    "argon2::",
    "aws_lc_rs::",
    "bcrypt::",
    "chacha20poly1305::",
    "hkdf::",
    "hmac::",
    "jsonwebtoken::",
    "rand::",
    "scrypt::",
    "sha2::",
    "subtle::",
    "totp_rs::",
    "webauthn_rs::",
];

/// Files of the program with one of these words.
fn with(words: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in PROGRAM {
        found.extend(files_with(folder, words).into_iter().map(|file| format!("{folder}/{file}")));
    }
    found
}

fn names<const N: usize>(files: [&str; N]) -> BTreeSet<String> {
    files.map(str::to_owned).into()
}

#[test]
fn words_are_found_where_they_are() {
    assert!(with(&["pubasyncfnsign_in("]).contains("auth/src/flow/sign_in.rs"), "else nothing below means anything");
}

#[test]
fn statements_are_written_in_the_store_and_assembled_nowhere() {
    let outside: Vec<String> = with(&["sqlx::query", "sqlx::raw_sql"])
        .into_iter()
        .filter(|file| !file.starts_with("auth/src/store/"))
        .collect();
    assert_eq!(outside, Vec::<String>::new());
    // sqlx takes a `&'static str` unless one of these is around it.
    assert_eq!(with(&["AssertSqlSafe", "QueryBuilder"]), names([]));
}

#[test]
fn no_other_program_is_started() {
    assert_eq!(with(&["process::Command", "Command::new("]), names([]));
}

#[test]
fn nothing_is_run_that_came_as_text() {
    assert_eq!(with(&["js_sys::eval", "Function::new", "set_inner_html", "insert_adjacent_html"]), names([]));
    // Each of these writes what the program made: the words of islands, a drawing, and a file with its JSON escaped.
    let raw =
        ["app/src/document.rs", "app/src/page/personal_data_file.rs", "app/src/page/what_just_happened/exchange.rs"];
    assert_eq!(with(&["inner_html="]), names(raw));
}

#[test]
fn randomness_comes_from_one_place() {
    // The other one makes keys of providers, in a file of tests.
    let known = names(["auth/src/federation/id_token/tests.rs", "auth/src/random.rs"]);
    assert_eq!(with(&["rand::", "getrandom", "fastrand", "new_v4"]), known);
}

#[test]
fn what_is_drawn_is_the_systems_and_nothing_that_was_seeded() {
    let here = names(["auth/src/random.rs"]);
    assert_eq!(with(&["implRandomfor"]), here, "all sources stand together");
    // The one for tests is named nowhere else in the program.
    assert_eq!(with(&["SeededRandom", "ChaCha20Rng"]), here);
    assert_eq!(with(&["thread_rng", "StdRng", "SmallRng", "OsRng", "Math::random"]), names([]));
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../auth/src/random.rs")).unwrap();
    let system = source.split("impl Random for SystemRandom").nth(1).and_then(|rest| rest.split("\n}\n").next());
    assert!(system.is_some_and(|system| system.contains("SysRng.try_fill_bytes(bytes)")), "{system:?}");
    assert!(with(&["Arc::new(SystemRandom)"]).contains("server/src/engine.rs"), "the engine is given that one");
}

#[test]
fn no_pattern_is_made_of_text() {
    assert_eq!(with(&["Regex::new", "regex::"]), names([]));
}

#[test]
fn certificates_are_checked_everywhere() {
    assert_eq!(with(&["danger_accept_invalid", ".dangerous()", "custom_certificate_verifier"]), names([]));
}

#[test]
fn no_broken_hash_or_cipher_is_used() {
    assert_eq!(with(&["md5::", "Md5", "Md4", "Rc4", "ecb::", "Ecb", "TripleDes"]), names([]));
}

#[test]
fn every_use_of_cryptography_is_in_the_inventory() {
    let inventory =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cryptography.md")).unwrap();
    let used = with(&CRYPTOGRAPHY);
    assert!(used.len() > 20, "uses were found: {used:?}");
    let untold: Vec<String> = used.into_iter().filter(|file| !inventory.contains(&format!("`{file}`"))).collect();
    assert_eq!(untold, Vec::<String>::new(), "name them in docs/cryptography.md");
}

#[test]
fn the_program_writes_two_files_by_itself() {
    // The master key and the database of development. Everything else goes into the database or to standard output.
    let written = with(&["fs::write(", "File::create(", "OpenOptions"]);
    let known = names(["server/src/master_key.rs", "server/src/settings/mod.rs"]);
    // Tests that stand in a file of their own.
    let tests = names(["server/src/settings/providers/tests.rs"]);
    assert_eq!(written.difference(&tests).cloned().collect::<BTreeSet<_>>(), known);
}
