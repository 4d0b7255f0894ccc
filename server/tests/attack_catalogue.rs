//! `docs/attacks.md` is whole: each attack has a section, and whatever a section names is there.

use std::path::{Path, PathBuf};

const CATALOGUE: &str = include_str!("../../docs/attacks.md");
const ATTACKS: &str = include_str!("../../attack/src/attacks/mod.rs");
/// What every section says, in this order.
const PARTS: [&str; 4] = ["```mermaid\nsequenceDiagram\n", "**Stopped by.** ", "**Run by.** ", "**Control.** "];

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

/// What stands between backticks within a line.
fn named() -> impl Iterator<Item = &'static str> {
    CATALOGUE.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2))
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
    let mut seen = 0;
    for (file, test) in named().filter(|text| !text.contains(['/', ' '])).filter_map(|text| text.split_once("::")) {
        let places = ["auth/tests", "server/tests"].map(|folder| root().join(folder).join(format!("{file}.rs")));
        let is_there =
            |path: &PathBuf| std::fs::read_to_string(path).is_ok_and(|text| text.contains(&format!("fn {test}(")));
        assert!(places.iter().any(is_there), "there is no {file}::{test}");
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
}
