//! Whether what an answer names is there: a test in Rust, a test in the browser, or a part of a document.

use std::path::Path;

/// What begins the attribute of a test that is no story.
const MARKS: [&str; 2] = ["#[test]", "#[tokio::test"];

/// Whether a file's text holds what is called so.
type Holds = fn(&str, &str) -> bool;

/// What is wrong with a name, if anything. `asks_for_words`: the requirement wants something to be written down.
pub fn fault(root: &Path, named: &str, asks_for_words: bool) -> Option<String> {
    let (file, part, holds) = if let Some((file, title)) = named.split_once(" › ") {
        (file, title, holds_title as Holds)
    } else if let Some((file, name)) = named.split_once("::") {
        (file, name, holds_test as Holds)
    } else if let Some((file, heading)) = named.split_once(" § ") {
        if !asks_for_words {
            return Some(format!("{named} is a document, and no test"));
        }
        (file, heading, holds_heading as Holds)
    } else {
        return Some(format!("{named} names no test"));
    };
    match std::fs::read_to_string(root.join(file)) {
        Ok(text) if holds(&text, part) => None,
        Ok(_) => Some(format!("{file} has no {part}")),
        Err(_) => Some(format!("there is no {file}")),
    }
}

/// A function behind the attribute of a test, or a story for both databases, which is run as two tests. One that is not run
/// unless somebody asks for it (`#[ignore]`) is none.
pub fn holds_test(source: &str, name: &str) -> bool {
    let (mut is_in_stories, mut is_marked, mut is_ignored) = (false, false, false);
    for line in source.lines() {
        match line {
            "on_both_databases! {" => is_in_stories = true,
            "}" => is_in_stories = false,
            _ => {}
        }
        let code = line.trim();
        if MARKS.iter().any(|mark| code.starts_with(mark)) {
            is_marked = true;
        } else if code.starts_with("#[ignore") || (code.starts_with("#[cfg_attr(") && code.contains("ignore")) {
            is_ignored = true;
        } else if let Some(function) = function(code) {
            let is_story = is_in_stories && line.starts_with("    async fn ");
            if function == name && (is_marked || is_story) && !is_ignored {
                return true;
            }
            (is_marked, is_ignored) = (false, false);
        }
    }
    false
}

/// The name of the function that a line begins.
fn function(code: &str) -> Option<&str> {
    let rest = code.strip_prefix("async ").unwrap_or(code).strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// A test of Playwright or of Node. One that is skipped (`test.skip`) is none.
fn holds_title(source: &str, title: &str) -> bool {
    source.lines().filter_map(|line| line.trim().strip_prefix("test(")).any(|call| {
        ['\'', '"', '`'].into_iter().any(|quote| {
            let rest = call.strip_prefix(quote).and_then(|rest| rest.strip_prefix(title));
            rest.is_some_and(|rest| rest.starts_with(quote))
        })
    })
}

fn holds_heading(text: &str, heading: &str) -> bool {
    text.lines().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == heading)
}
