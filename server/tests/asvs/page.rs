//! `docs/asvs.md`, made of the two tables.

use super::tables::{Answer, Requirement, State};
use std::fmt::Write as _;

const CHAPTERS: [(&str, &str); 14] = [
    ("V1", "Encoding and Sanitization"),
    ("V2", "Validation and Business Logic"),
    ("V3", "Web Frontend Security"),
    ("V4", "API and Web Service"),
    ("V6", "Authentication"),
    ("V7", "Session Management"),
    ("V8", "Authorization"),
    ("V9", "Self-contained Tokens"),
    ("V10", "OAuth and OIDC"),
    ("V11", "Cryptography"),
    ("V12", "Secure Communication"),
    ("V13", "Configuration"),
    ("V14", "Data Protection"),
    ("V16", "Security Logging and Error Handling"),
];

const HEAD: &str = "\
# OWASP ASVS 5.0

What Keywright answers to the OWASP Application Security Verification Standard 5.0: to all of V1.2, V1.3, V2, V3, V4, V6 to V14
and V16. The other chapters (V1.1, V1.4, V1.5, V5, V15, V17) are not answered.

This page is made of [asvs/answers.tsv](asvs/answers.tsv): write there, then `KEYWRIGHT_UPDATE_ASVS=1 cargo test -p server asvs`.
The same test, without the variable, fails when a named test is not in the tree, and when a requirement has no answer.

- **met**: a test shows it. Where the standard asks for something to be written down, a part of a document (`file § heading`) does.
- **not applicable**: what it is about is not in this program, for the reason that is given.
- **open**: it is not done, or done and shown by no test; what is missing is said.

The text of the requirements: copyright the OWASP Foundation and contributors,
[CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/), see [asvs/README.md](asvs/README.md).
";

/// A requirement with its answer.
type Line<'a> = (&'a Requirement, &'a Answer);

/// The whole page.
pub fn page(requirements: &[Requirement], answers: &[Answer]) -> String {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for requirement in requirements {
        lines.extend(answers.iter().find(|answer| answer.id == requirement.id).map(|answer| (requirement, answer)));
    }
    let mut page = HEAD.to_owned();
    page += "\n| Level | Requirements |";
    State::ALL.iter().for_each(|state| write!(page, " {} |", state.as_str()).unwrap());
    page += "\n|---|---|---|---|---|\n";
    for level in 1..=3 {
        let of_level: Vec<Line<'_>> = lines.iter().copied().filter(|line| line.0.level == level).collect();
        writeln!(page, "| {level} | {} |{}", of_level.len(), counts(&of_level)).unwrap();
    }
    writeln!(page, "| all | {} |{}", lines.len(), counts(&lines)).unwrap();
    for (chapter, name) in CHAPTERS {
        let start = format!("{chapter}.");
        let of_chapter: Vec<Line<'_>> = lines.iter().copied().filter(|line| line.0.id.starts_with(&start)).collect();
        write!(page, "\n## {chapter} {name}\n\n").unwrap();
        page += "| | Level | Requirement | State | Test, or reason | Where |\n|---|---|---|---|---|---|\n";
        of_chapter.into_iter().for_each(|line| page += &row(line));
    }
    page
}

/// How many are in each state, as cells of a table.
fn counts(lines: &[Line<'_>]) -> String {
    let count = |state: State| lines.iter().filter(|(_, answer)| answer.state == state).count();
    State::ALL.into_iter().map(|state| format!(" {} |", count(state))).collect()
}

fn row((requirement, answer): Line<'_>) -> String {
    let code = |names: Vec<&str>| {
        let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
        names.join("<br>")
    };
    let words = if answer.state == State::Met { code(answer.proofs()) } else { answer.words.clone() };
    let files = code(answer.files.iter().map(String::as_str).collect());
    let level = requirement.level.to_string();
    let cells: [&str; 6] = [&requirement.id, &level, &requirement.text, answer.state.as_str(), &words, &files];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}
