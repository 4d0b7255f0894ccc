//! The list of checks, the list of their tests, their words and the page of the book are one.

use super::trial::sound;
use super::*;
use crate::settings::Mode;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const BOOK: &str = include_str!("../../../docs/operations/doctor.md");

fn ids() -> BTreeSet<String> {
    checks().map(|check| check.id.to_owned()).collect()
}

/// Names of tests of the checks that end so, without their ends, as far as they say so of their own check.
fn tests_that(end: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/doctor/check");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let names = source.split("#[test]\n    fn ").skip(1).filter_map(|rest| rest.split_once("()"));
        found.extend(names.filter_map(|(name, body)| {
            let id = name.strip_suffix(end)?;
            let said = format!("{}(\"{id}\"", end.trim_start_matches('_'));
            // Settings that are refused are no facts, and are judged apart.
            (id == "settings" || body.contains(&said)).then(|| id.to_owned())
        }));
    }
    found
}

#[test]
fn there_are_more_than_forty_and_each_has_a_name_of_its_own() {
    assert!(ids().len() >= 40, "{}", ids().len());
    assert_eq!(ids().len(), checks().count());
}

#[test]
fn each_has_a_test_that_it_passes_and_one_that_it_fails() {
    assert_eq!(tests_that("_passes"), ids());
    assert_eq!(tests_that("_fails"), ids());
}

#[test]
fn nothing_is_wrong_with_a_sound_installation() {
    let told = examine(&sound());
    let others: Vec<_> = told.checks.iter().filter(|check| check.verdict() != Verdict::Good).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn in_development_nobody_asks_for_what_production_needs() {
    let mut facts = sound();
    facts.settings.mode = Mode::Development;
    for check in examine(&facts).checks {
        let is_skipped = check.verdict() == Verdict::Skipped;
        assert_eq!(is_skipped, checks().any(|known| known.id == check.id && known.is_for_production), "{}", check.id);
    }
}

#[test]
fn without_a_database_and_others_nothing_is_found_out_and_nothing_is_wrong() {
    let mut facts = sound();
    (facts.rows, facts.outside, facts.reached) = (None, None, super::facts::Reached::NotAsked);
    let told = examine(&facts);
    let skipped = told.checks.iter().filter(|check| check.verdict() == Verdict::Skipped).count();
    assert!(skipped > 15, "{skipped}");
    assert!(told.checks.iter().all(|check| check.verdict() <= Verdict::Good), "{told:?}");
}

#[test]
fn each_has_its_words_and_its_row_in_the_book() {
    for check in checks() {
        let said = item(check, Vec::new());
        let [title, why, mend] = ["title", "why", "mend"].map(|part| auth::text::text(Locale::En, &said.key(part)));
        for words in [&title, &why, &mend] {
            assert!(!words.contains(".doctor."), "{} lacks {words}", check.id);
        }
        let stops = if check.is_deadly { "yes" } else { "" };
        let row = format!("| `{}` | {title} | {why} | {mend} | {stops} |", check.id);
        assert!(BOOK.contains(&row), "docs/operations/doctor.md lacks the row\n{row}");
    }
    let rows = BOOK.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, ids().len(), "docs/operations/doctor.md has rows of checks that are none");
}

#[test]
fn each_leads_to_a_place_in_the_book() {
    for check in checks() {
        let (file, anchor) = check.link.split_once('#').unwrap_or((check.link, ""));
        let path: PathBuf = Path::new(ROOT).join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} leads to {file}", check.id));
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let mut anchors = headings.map(|line| slug(line.trim_start_matches('#').trim()));
        assert!(anchor.is_empty() || anchors.any(|found| found == anchor), "{} leads to {}", check.id, check.link);
    }
}

#[test]
fn the_package_brings_every_page_that_a_check_leads_to() {
    let manifest = include_str!("../../Cargo.toml");
    for check in checks() {
        let file = check.link.split('#').next().unwrap_or_default();
        let folder = Path::new(file).parent().unwrap().display();
        let asset = format!("[\"../{folder}/*.md\", \"usr/share/doc/keywright/{folder}/\", \"644\"]");
        assert!(manifest.contains(&asset), "{} leads to {file}, and the package has no {asset}", check.id);
    }
}

/// A heading as its anchor is called.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
    kept.map(|sign| if sign == ' ' { '-' } else { sign.to_ascii_lowercase() }).collect()
}
