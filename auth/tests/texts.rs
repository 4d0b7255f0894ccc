//! Every sentence exists in every language, with the same placeholders, and every used key exists.

use auth::explain::Step;
use auth::text::{event_key, text};
use auth::token_text::{FindingKind, KNOWN, KnownName};
use auth::{ErrorCode, EventKind, FieldIssue, Locale};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use yaml_rust2::{Yaml, YamlLoader};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn sentences(locale: Locale) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let folders = ["page", "mail"].map(|area| Path::new(ROOT).join("../locales").join(area));
    for path in folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path()) {
        if path.to_string_lossy().ends_with(&format!(".{}.yml", locale.tag())) {
            let documents = YamlLoader::load_from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            collect("", &documents[0], &mut found);
        }
    }
    found.remove("_version");
    found
}

fn collect(prefix: &str, yaml: &Yaml, found: &mut BTreeMap<String, String>) {
    match yaml {
        Yaml::Hash(children) => {
            for (key, child) in children {
                let key = key.as_str().expect("keys are text; quote yes and no");
                let key = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
                collect(&key, child, found);
            }
        }
        Yaml::String(sentence) => {
            assert!(found.insert(prefix.to_owned(), sentence.clone()).is_none(), "{prefix} stands in two files");
        }
        other => {
            found.insert(prefix.to_owned(), format!("{other:?}"));
        }
    }
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn the_languages_have_the_same_sentences_and_placeholders() {
    let english = sentences(Locale::En);
    assert!(english.len() > 50, "the sentences were found");
    for locale in Locale::ALL {
        let other = sentences(locale);
        let keys = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<BTreeSet<_>>();
        let (missing, extra) = (&keys(&english) - &keys(&other), &keys(&other) - &keys(&english));
        assert!(missing.is_empty() && extra.is_empty(), "{locale:?} lacks {missing:?}, has {extra:?} more");
        for (key, sentence) in &english {
            assert_eq!(placeholders(sentence), placeholders(&other[key]), "{locale:?} {key}");
        }
    }
}

#[test]
fn french_is_french() {
    let (english, french) = (sentences(Locale::En), sentences(Locale::Fr));
    let same: Vec<_> = english.iter().filter(|(key, text)| text.len() > 12 && french[*key] == **text).collect();
    assert!(same.is_empty(), "not translated: {same:?}");
}

#[test]
fn every_code_has_its_sentence() {
    for locale in Locale::ALL {
        let known = sentences(locale);
        for code in ErrorCode::ALL {
            assert!(known.contains_key(&format!("error.{}", code.as_str())), "{locale:?} {code:?}");
        }
        for issue in FieldIssue::ALL {
            assert!(known.contains_key(&format!("issue.{}", issue.as_str())), "{locale:?} {issue:?}");
        }
    }
}

#[test]
fn every_event_has_its_sentence() {
    for locale in Locale::ALL {
        let known = sentences(locale);
        for kind in EventKind::ALL {
            assert!(known.contains_key(&event_key(*kind)), "{locale:?} {kind:?}");
        }
        let told = known.keys().filter(|key| key.starts_with("event.")).count();
        assert_eq!(told, EventKind::ALL.len(), "{locale:?} has sentences of events that do not exist");
    }
}

#[test]
fn everything_about_a_token_and_every_step_of_a_sign_in_has_its_sentence() {
    for locale in Locale::ALL {
        let known = sentences(locale);
        let findings = FindingKind::ALL.iter().map(|kind| kind.key());
        let steps = Step::NAMES.iter().map(|name| format!("page.what_just_happened.step_{name}"));
        let keys: BTreeSet<String> = KNOWN.iter().map(KnownName::key).chain(findings).chain(steps).collect();
        let told: BTreeSet<String> = known
            .into_keys()
            .filter(|key| key.starts_with("token.") || key.starts_with("page.what_just_happened.step_"))
            .collect();
        assert_eq!(told, keys, "{locale:?}");
    }
}

/// Literal keys look like `t("page.sign_in.title")`: the pages are read for them.
#[test]
fn every_key_used_by_a_page_exists() {
    let known = sentences(Locale::En);
    let mut used = 0;
    let mut folders = vec![Path::new(ROOT).join("../app/src"), Path::new(ROOT).join("../server/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = std::fs::read_to_string(&path).unwrap();
                for key in keys_in(&source) {
                    used += 1;
                    assert!(known.contains_key(key), "{} uses {key}", path.display());
                }
            }
        }
    }
    assert!(used > 20, "the keys were found: {used}");
}

/// String literals that start with `page.` or `error.` and look like keys.
fn keys_in(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2).filter(|literal| {
        (literal.starts_with("page.") || literal.starts_with("ui."))
            && literal.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_')
    })
}

#[test]
fn a_sentence_is_found_in_both_languages() {
    assert_ne!(text(Locale::En, "error.signed_out"), text(Locale::Fr, "error.signed_out"));
}
