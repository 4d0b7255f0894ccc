//! OWASP ASVS 5.0, line by line: `docs/asvs/answers.tsv` says of each requirement whether it is met, and by which test;
//! `docs/asvs.md` is that, to be read.
//!
//! A line that names a test which is not there fails here, and so does a requirement without a line.
//! `KEYWRIGHT_UPDATE_ASVS=1 cargo test -p server asvs` writes `docs/asvs.md` anew.

mod faults;
mod page;
mod proof;
mod tables;

use faults::faults;
use page::page;
use std::path::{Path, PathBuf};
use tables::{Answer, Requirement, State, answers, requirements};

const REQUIREMENTS: &str = include_str!("../../docs/asvs/requirements.tsv");
const ANSWERS: &str = include_str!("../../docs/asvs/answers.tsv");
const PAGE: &str = "docs/asvs.md";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn tables() -> (Vec<Requirement>, Vec<Answer>) {
    (requirements(REQUIREMENTS).unwrap(), answers(ANSWERS).unwrap())
}

#[test]
fn every_requirement_is_answered_and_every_named_test_is_there() {
    let (requirements, answers) = tables();
    assert_eq!(requirements.len(), 291, "no requirement was lost");
    let faults = faults(&root(), &requirements, &answers);
    assert!(faults.is_empty(), "docs/asvs/answers.tsv:\n{}", faults.join("\n"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn the_page_says_what_the_answers_say() {
    let (requirements, answers) = tables();
    let (path, page) = (root().join(PAGE), page(&requirements, &answers));
    if std::env::var("KEYWRIGHT_UPDATE_ASVS").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "KEYWRIGHT_UPDATE_ASVS=1 cargo test -p server asvs, then read the difference in git");
}

/// What is found once the first answer of this state was changed so.
fn found_after(state: State, change: impl FnOnce(&mut Answer)) -> Vec<String> {
    let (requirements, mut answers) = tables();
    change(answers.iter_mut().find(|answer| answer.state == state).unwrap());
    faults(&root(), &requirements, &answers)
}

#[test]
fn a_test_that_is_made_up_is_found() {
    for made_up in [
        "auth/tests/sign_up.rs::a_test_that_nobody_wrote",
        "auth/tests/nowhere.rs::a_link_proves_the_address_and_the_welcome_goes_out_once",
        // Functions that are no tests: of a file of tests, and beside the stories for both databases.
        "server/tests/cross_site.rs::post",
        "auth/tests/revocation.rs::assert_over",
        "end2end/tests/story.spec.js › a title that nobody wrote",
        "end2end/tests/story.spec.js › a newcomer creates an account",
        "end2end/tests/nowhere.spec.js › a newcomer creates an account",
        // A document shows that something is written down, and nothing else.
        "docs/security.md § Passwords",
        "docs/security.md",
    ] {
        let found = found_after(State::Met, |answer| answer.words = made_up.to_owned());
        assert_eq!(found.len(), 1, "{made_up}: {found:?}");
    }
}

#[test]
fn a_test_that_nobody_runs_is_none() {
    for (attributes, is_run) in [
        ("#[test]", true),
        ("#[tokio::test(flavor = \"current_thread\")]\n#[expect(clippy::cast_lossless, reason = \"x\")]", true),
        ("#[test]\n#[ignore]", false),
        ("#[ignore = \"it takes an hour\"]\n#[test]", false),
        ("#[test]\n#[cfg_attr(debug_assertions, ignore)]", false),
        ("", false),
    ] {
        let source = format!("#[test]\n#[ignore]\nfn another() {{}}\n\n{attributes}\nfn this_one() {{}}\n");
        assert_eq!(proof::holds_test(&source, "this_one"), is_run, "{attributes}");
    }
}

#[test]
fn tests_that_are_there_are_found() {
    for there in [
        "server/tests/asvs.rs::tests_that_are_there_are_found",
        "server/tests/headers.rs::every_answer_carries_the_protective_headers",
        "auth/tests/revocation.rs::signing_out",
        "auth/tests/token_properties.rs::any_other_byte_anywhere_is_refused",
        "auth/src/name.rs::nothing_in_a_name_steers_the_text_around_it",
        "end2end/tests/script/content_security.spec.js › the name ${name} is shown and not run",
        "end2end/tests/story.spec.js › a link that was used says so and leads on",
    ] {
        let found = found_after(State::Met, |answer| answer.words = there.to_owned());
        assert!(found.is_empty(), "{there}: {found:?}");
    }
}

#[test]
fn an_answer_without_its_proof_or_reason_is_found() {
    for state in [State::Met, State::NotApplicable, State::Open] {
        let found = found_after(state, |answer| answer.words = String::new());
        assert_eq!(found.len(), 1, "{state:?}: {found:?}");
    }
    for files in [vec![], vec!["auth/src/nowhere.rs".to_owned()]] {
        let found = found_after(State::Met, |answer| answer.files = files);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}

#[test]
fn a_requirement_has_one_answer_and_an_answer_its_requirement() {
    let (requirements, answers) = tables();
    let less = faults(&root(), &requirements, &answers[1..]);
    assert_eq!(less, ["V1.2.1: no line answers it"]);
    let more = faults(&root(), &requirements[1..], &answers);
    assert_eq!(more, ["V1.2.1: is no requirement"]);
    let twice: Vec<Answer> = answers.iter().chain(&answers[..1]).cloned().collect();
    assert_eq!(faults(&root(), &requirements, &twice), ["V1.2.1: 2 lines answer it"]);
}

#[test]
fn a_row_that_cannot_be_read_is_found() {
    let table = |row: &str| format!("id\tstate\tproof\tfiles\n{row}\n");
    assert!(answers(&table("V1.2.1\tmet\ta.rs::b\ta.rs")).is_ok());
    for wrong in ["V1.2.1\tmet\ta.rs::b", "V1.2.1\tmet\ta.rs::b\ta.rs\tmore", "V1.2.1\tnearly\ta.rs::b\ta.rs"] {
        assert!(answers(&table(wrong)).is_err(), "{wrong}");
    }
    assert!(requirements("id\tlevel\ttext\nV1.2.1\t4\tVerify that …\n").is_err());
}
