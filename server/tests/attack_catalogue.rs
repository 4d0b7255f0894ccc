//! `docs/attacks.md` is whole: each attack has a section, whatever a section names is there, and what it is compared with
//! is what the code compares it with.

use crate::support::sources::every_file;
use auth::weakened::Defence;
use std::path::{Path, PathBuf};

const CATALOGUE: &str = include_str!("../../docs/attacks.md");
const ATTACKS: &str = include_str!("../../attack/src/attacks/mod.rs");
/// What every section says, in this order.
const PARTS: [&str; 4] = ["```mermaid\nsequenceDiagram\n", "**Stopped by.** ", "**Run by.** ", "**Control.** "];

/// Files of tests that stand for themselves, beside the tests that are named with them: 600 tokens, one a line.
const WHOLE_FILES: [&str; 1] = ["auth/tests/forged_tokens/mod.rs"];

/// Every attack that Keywright speaks of.
const WANTED: [&str; 45] = [
    "SQL injection, first order",
    "SQL injection, second order",
    "Stored and reflected XSS",
    "Injected script and DOM XSS",
    "CSRF",
    "Scripts with a cookie alone",
    "Clickjacking",
    "CORS abuse",
    "Session fixation",
    "Cookie tossing",
    "Brute force on a password",
    "Password spraying",
    "Credential stuffing",
    "Brute force on codes",
    "Enumeration by words",
    "Enumeration by time",
    "Open redirect",
    "Host-header poisoning",
    "Header and CRLF injection",
    "Mail injection",
    "SSRF",
    "Mass assignment",
    "IDOR",
    "Escalation",
    "JWT forgeries",
    "Token replay",
    "Token theft",
    "OAuth mix-up",
    "OAuth login CSRF",
    "Pre-account hijacking",
    "Race on one-time values",
    "Race on invitations",
    "Path traversal",
    "Picture bombs",
    "Decompression bombs",
    "Oversized bodies",
    "Deeply nested bodies",
    "ReDoS",
    "Slow requests",
    "Cache deception",
    "Cache poisoning",
    "Log injection",
    "Timing of comparisons",
    "Web sockets",
    "Mail scanners and prefetch",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text between a heading and the next one.
fn section(title: &str) -> &'static str {
    let (_, rest) = CATALOGUE.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    rest.split("\n## ").next().unwrap()
}

/// What a section says behind one of its beginnings, without the full stop.
fn said(title: &str, beginning: &str) -> &'static str {
    let line = section(title).lines().find_map(|line| line.strip_prefix(beginning));
    line.and_then(|line| line.strip_suffix('.')).unwrap_or_else(|| panic!("{title}: {beginning}"))
}

/// The cells of an attack's row: its name, what runs it, and its control.
fn row(title: &str) -> Vec<&'static str> {
    let beginning = format!("| [{title}](#");
    let line = CATALOGUE.lines().find(|line| line.starts_with(&beginning)).unwrap_or_else(|| panic!("no row {title}"));
    line.trim_start_matches("| ").trim_end_matches(" |").split(" | ").collect()
}

/// What stands between backticks within a line.
fn ticked(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split('`').skip(1).step_by(2)
}

fn named() -> impl Iterator<Item = &'static str> {
    CATALOGUE.lines().filter(|line| !line.starts_with("```")).flat_map(ticked)
}

/// How the file of an attack says that its control is made, in the words of the catalogue.
fn control_of(attack: &str) -> String {
    let source = std::fs::read_to_string(root().join(format!("attack/src/attacks/{attack}.rs"))).unwrap();
    let code: String = source.split_whitespace().collect();
    let control = code.split("control:Control::").nth(1).unwrap_or_else(|| panic!("{attack} has no control"));
    if control.starts_with("Service") {
        return "service at the end of".to_owned();
    }
    if let Some(setting) = control.strip_prefix("With((\"").and_then(|rest| rest.split("\"))").next()) {
        return format!("`{}`", setting.replace("\",\"", "="));
    }
    let name = control.strip_prefix("Without(Defence::").and_then(|rest| rest.split(')').next());
    let defence = Defence::ALL.iter().find(|defence| name == Some(format!("{defence:?}").as_str()));
    format!("without `{}`", defence.unwrap_or_else(|| panic!("{attack}: {name:?}")).name())
}

#[test]
fn every_attack_has_a_section_with_a_drawing_a_defence_a_test_and_a_control() {
    for title in WANTED {
        let mut rest = section(title);
        for part in PARTS {
            rest = rest.split_once(part).unwrap_or_else(|| panic!("{title} lacks {part}")).1;
        }
        assert!(CATALOGUE.contains(&format!("| [{title}](#")), "{title} is not in the table");
    }
}

#[test]
fn every_attack_that_is_run_is_told() {
    let listed = ATTACKS.lines().filter_map(|line| line.trim().strip_suffix("::ATTACK,"));
    let listed: Vec<&str> = listed.collect();
    assert!(listed.len() >= 40, "{}", listed.len());
    for name in &listed {
        assert!(CATALOGUE.contains(&format!("`attack/src/attacks/{name}.rs`")), "docs/attacks.md lacks {name}");
    }
    let files = std::fs::read_dir(root().join("attack/src/attacks")).unwrap();
    for file in files.map(|file| file.unwrap().file_name().into_string().unwrap()) {
        let name = file.trim_end_matches(".rs");
        assert!(name == "mod" || listed.contains(&name), "{file} is not run");
    }
}

#[test]
fn every_file_that_is_named_exists() {
    let is_path = |text: &&str| text.contains('/') && [".rs", ".js", ".txt"].iter().any(|end| text.ends_with(end));
    let mut seen = 0;
    for path in named().filter(is_path) {
        assert!(root().join(path).exists(), "there is no {path}");
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn every_test_that_is_named_exists() {
    let mut files = Vec::new();
    for folder in ["auth/tests", "server/tests", "auth/src", "server/src"] {
        files.extend(every_file(folder).into_iter().map(|(path, source)| (format!("/{path}"), source)));
    }
    let mut seen = 0;
    for (file, test) in named().filter(|text| !text.contains(['/', ' '])).filter_map(|text| text.split_once("::")) {
        let ends = [format!("/{file}.rs"), format!("/{file}/mod.rs")];
        let is_there = files.iter().any(|(path, source)| {
            ends.iter().any(|end| path.ends_with(end)) && source.contains(&format!("fn {test}("))
        });
        assert!(is_there, "there is no {file}::{test}");
        seen += 1;
    }
    assert!(seen >= 60, "{seen}");
}

#[test]
fn who_runs_an_attack_is_a_test_and_no_file_full_of_them() {
    for title in WANTED {
        for text in ticked(said(title, "**Run by.** ")) {
            let is_file = ["auth/tests/", "server/tests/"].iter().any(|folder| text.starts_with(folder));
            assert!(!is_file || WHOLE_FILES.contains(&text), "{title}: name the tests of {text}");
        }
    }
}

#[test]
fn the_table_says_what_the_sections_say() {
    let lower = |text: &str| {
        let mut letters = text.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>())
    };
    for title in WANTED {
        let row = row(title);
        assert_eq!(row.len(), 3, "{title}");
        assert_eq!(lower(row[1]), lower(said(title, "**Run by.** ")), "{title}");
        assert_eq!(lower(row[2]), lower(said(title, "**Control.** ")), "{title}");
    }
}

#[test]
fn what_an_attack_is_compared_with_is_what_its_code_says() {
    let mut seen = 0;
    for title in WANTED {
        let files = ticked(said(title, "**Run by.** ")).filter_map(|text| text.strip_prefix("attack/src/attacks/"));
        for attack in files.filter_map(|file| file.strip_suffix(".rs")) {
            let (told, control) = (said(title, "**Control.** "), control_of(attack));
            let is_told = told.contains(&control) || told.contains(&control.replacen("service", "services", 1));
            assert!(is_told, "{title}: {attack} is compared with: {control}");
            seen += 1;
        }
    }
    assert!(seen >= 40, "{seen}");
    // The control: the three kinds are told apart.
    assert_eq!(control_of("csrf_form"), "without `origin`");
    assert_eq!(control_of("password_guessing"), "`KEYWRIGHT_LIMITS=off`");
    assert_eq!(control_of("xss"), "service at the end of");
}
