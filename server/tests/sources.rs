//! What the code of the program does not contain, whoever wrote it: nothing that a test of its behaviour would find sooner
//! (ASVS 5.0, 1.2.4, 1.2.5, 1.3.2, 1.3.12, 6.5.3, 11.1.3, 11.4.1, 11.5.1, 12.3.2, 16.2.3).

use crate::support::sources::{files_with, sources};
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

/// Words of names that stand for something whoever asks must not learn by trying.
const SECRETS: [&str; 7] = ["mac", "digest", "secret", "ticket", "verifier", "nonce", "signature"];
/// Who compares one of them as any text. None of it can be steered by whoever asks, letter by letter.
const COMPARED_AS_TEXT: [&str; 13] = [
    // The word `no` of a box that was not ticked.
    "app/src/server/cookies.rs",
    // Of the log: what the database holds is compared with what follows from it, for an operator.
    "auth/src/audit/chain.rs",
    "auth/src/audit/proof.rs",
    "auth/src/audit/verify.rs",
    // A digest of our own name, which everybody knows.
    "auth/src/factor/passkey/authenticator_data.rs",
    // A word that stands within a signed token.
    "auth/src/federation/id_token.rs",
    // A digest of what is sent; the challenge was sent openly (RFC 7636).
    "auth/src/flow/native_federation.rs",
    // Both come from the database.
    "auth/src/flow/pending_sign_in.rs",
    // Which line of a list is this browser's own.
    "auth/src/flow/trusted_device.rs",
    // What was sealed before and what is sealed now, both ours.
    "auth/src/job/provider_tokens.rs",
    // A file of the operator before and now.
    "auth/src/store/password_file.rs",
    // Names of keys, made of secrets that the settings hold.
    "auth/src/token/vault.rs",
    // One setting with another.
    "server/src/settings/codes.rs",
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
fn no_other_program_is_started_but_those_of_postgresql() {
    // Its arguments come from us alone, and it is given none of our secrets.
    let known = names(["auth/src/backup/postgres_tools.rs"]);
    assert_eq!(with(&["process::Command", "Command::new("]), known);
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

/// Whether a comparison that stops at the first difference has something secret on one of its sides.
fn compares_secrets(code: &str) -> bool {
    let lines =
        code.lines().map(|line| if line.contains("://") { line } else { line.split("//").next().unwrap_or(line) });
    let code: String = lines.flat_map(str::split_whitespace).collect();
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || "_.:()?".contains(letter);
    let is_length = |side: &str| ["len(", "count("].iter().any(|end| side.trim_end_matches(')').ends_with(end));
    let is_secret =
        |side: &str| side.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| SECRETS.contains(&word));
    code.match_indices("==").chain(code.match_indices("!=")).any(|(at, sign)| {
        let left = code[..at].rsplit(|letter: char| !is_inside(letter)).next().unwrap_or_default();
        let right = code[at + sign.len()..].trim_start_matches(['*', '&']);
        let right = right.split(|letter: char| !is_inside(letter)).next().unwrap_or_default();
        let sides = [left, right];
        !sides.iter().any(|side| is_length(side)) && sides.iter().any(|side| is_secret(side))
    })
}

#[test]
fn codes_and_secrets_are_compared_in_constant_time() {
    // The control: what it is to find, and what it is to leave alone.
    assert!(compares_secrets("if expected == tried.code_mac {"));
    assert!(compares_secrets("let is_own = *link.ticket_digest != digest;"));
    assert!(!compares_secrets("if bool::from(expected.as_bytes().ct_eq(tried.code_mac.as_bytes())) {"));
    assert!(!compares_secrets("ticket.len() == LENGTH // a digest == a digest"));

    let compared = names([
        "auth/src/crypto/limit_mac.rs",
        "auth/src/factor/code_enrolment.rs",
        "auth/src/flow/accept_invitation.rs",
        "auth/src/flow/confirm_email_change.rs",
        "auth/src/flow/reset_password.rs",
        "auth/src/flow/sign_up_status.rs",
        "auth/src/flow/verify_email.rs",
        "auth/src/password/hash.rs",
        "auth/src/password/imported_hash/mod.rs",
    ]);
    assert_eq!(with(&[".ct_eq("]), compared, "whoever compares a code or a hash does it so");
    // Statements find what they look for by a digest of it, so the store compares nothing.
    let all =
        PROGRAM.iter().flat_map(|folder| sources(folder).into_iter().map(move |(file, code)| (folder, file, code)));
    let careless: BTreeSet<String> =
        all.filter(|(_, _, code)| compares_secrets(code)).map(|(folder, file, _)| format!("{folder}/{file}")).collect();
    assert_eq!(careless, names(COMPARED_AS_TEXT), "compare it with ct_eq, or say why not");
}

#[test]
fn no_archive_is_unfolded() {
    // Pictures are the one thing that is (`picture_bomb`), by their own bounds.
    assert_eq!(
        with(&["usezip::", "ZipArchive", "usetar::", "tar::Archive", "GzDecoder", "ZlibDecoder", "BrotliDecoder"]),
        names([])
    );
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
fn the_program_writes_few_files_by_itself() {
    // The master key and the database of development; backups, the folders that they are made in, and a key for them; the lock of
    // who changes the tables. Everything else goes into the database or to standard output.
    let written = with(&["fs::write(", "File::create(", "OpenOptions"]);
    // With the feature `acme` also what an authority gave.
    let known = names([
        "auth/src/backup/archive.rs",
        "auth/src/backup/scratch.rs",
        "auth/src/store/migration_turn.rs",
        "server/src/acme/files.rs",
        "server/src/command/backup/key.rs",
        "server/src/master_key.rs",
        "server/src/settings/sqlite_file.rs",
    ]);
    // Tests that stand in a file of their own.
    let tests = names(["server/src/settings/providers/tests.rs"]);
    assert_eq!(written.difference(&tests).cloned().collect::<BTreeSet<_>>(), known);
}
