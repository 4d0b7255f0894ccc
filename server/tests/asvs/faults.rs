//! What is wrong with the answers: requirements without one, answers without a proof, proofs that are not there.

use super::proof;
use super::tables::{Answer, Requirement, State};
use std::path::Path;

/// The sections of the standard that ask for documents. Each is the first of its chapter.
const DOCUMENTS: [&str; 9] = ["V2.1.", "V3.1.", "V6.1.", "V7.1.", "V8.1.", "V11.1.", "V13.1.", "V14.1.", "V16.1."];

/// Everything that is wrong, each beginning with the id it is about.
pub fn faults(root: &Path, requirements: &[Requirement], answers: &[Answer]) -> Vec<String> {
    let mut faults = Vec::new();
    for Requirement { id, .. } in requirements {
        match answers.iter().filter(|answer| answer.id == *id).count() {
            1 => {}
            0 => faults.push(format!("{id}: no line answers it")),
            lines => faults.push(format!("{id}: {lines} lines answer it")),
        }
    }
    for answer in answers {
        let id = &answer.id;
        if !requirements.iter().any(|requirement| requirement.id == *id) {
            faults.push(format!("{id}: is no requirement"));
        }
        faults.extend(of_one(root, answer).into_iter().map(|fault| format!("{id}: {fault}")));
    }
    faults
}

fn of_one(root: &Path, answer: &Answer) -> Vec<String> {
    let gone = answer.files.iter().filter(|file| !root.join(file).exists());
    let mut faults: Vec<String> = gone.map(|file| format!("there is no {file}")).collect();
    if answer.state != State::Met {
        if answer.words.is_empty() {
            faults.push("has no reason".to_owned());
        }
        return faults;
    }
    let proofs = answer.proofs();
    if proofs.is_empty() {
        faults.push("is met, and no test shows it".to_owned());
    }
    if answer.files.is_empty() {
        faults.push("is met, and no file does it".to_owned());
    }
    let asks_for_words = DOCUMENTS.iter().any(|section| answer.id.starts_with(section));
    faults.extend(proofs.into_iter().filter_map(|named| proof::fault(root, named, asks_for_words)));
    faults
}
