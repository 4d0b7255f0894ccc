//! The operations book: its links lead somewhere, each page is in its index, and the commands in it are commands of the program.

use std::path::{Path, PathBuf};
use std::process::Command;

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations")
}

/// Each page by its name, with its text.
fn pages() -> Vec<(String, String)> {
    let files = std::fs::read_dir(book()).unwrap().map(|entry| entry.unwrap().path());
    let pages = files.filter(|path| path.extension().is_some_and(|end| end == "md"));
    pages
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

/// A heading as its anchor is called.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
    kept.map(|sign| if sign == ' ' { '-' } else { sign.to_ascii_lowercase() }).collect()
}

/// Links of a page that lead nowhere.
fn broken(text: &str) -> Vec<String> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    let is_broken = |link: &&str| {
        let (file, anchor) = link.split_once('#').unwrap_or((*link, ""));
        let target = if file.is_empty() { Some(text.to_owned()) } else { read(&book().join(file)) };
        let Some(target) = target else { return true };
        let mut headings = target.lines().filter(|line| line.starts_with('#'));
        !anchor.is_empty() && !headings.any(|line| slug(line.trim_start_matches('#').trim()) == anchor)
    };
    links.filter(|link| !link.starts_with("https://")).filter(is_broken).map(str::to_owned).collect()
}

/// What is there; of a folder nothing is to be read.
fn read(path: &Path) -> Option<String> {
    if path.is_dir() { Some(String::new()) } else { std::fs::read_to_string(path).ok() }
}

/// Commands of the program in a text: the words after its name, up to the first that is no name.
fn commands(text: &str) -> Vec<Vec<&str>> {
    let in_lines = text.split("`keywright ").skip(1).filter_map(|rest| rest.split(['`', '\n']).next());
    let in_blocks = text.lines().filter_map(|line| line.strip_prefix("keywright "));
    let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let is_word = |word: &&str| is_name(word) && !word.starts_with('-');
    in_lines.chain(in_blocks).map(|words| words.split_whitespace().take_while(is_word).take(2).collect()).collect()
}

/// Whether the help of the program names a command.
fn is_known(help: &str, words: &[&str]) -> bool {
    let begins = |line: &str, words: &str| {
        line.trim_start().strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let named = format!("keywright {}", words.join(" "));
    let Some(own) = help.lines().position(|line| begins(line, &format!("keywright {}", words[0]))) else {
        return false;
    };
    // Words of its own stand below it, further to the right.
    let mut below = help.lines().skip(own + 1).take_while(|line| line.starts_with("      "));
    help.lines().any(|line| begins(line, &named)) || below.any(|line| begins(line, words[words.len() - 1]))
}

fn help() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_keywright")).arg("--help").env_clear().output().unwrap();
    // Without a word it serves, and the help says so.
    String::from_utf8(output.stdout).unwrap().replace("[serve]", "serve")
}

#[test]
fn every_link_leads_somewhere() {
    for (name, text) in pages() {
        assert_eq!(broken(&text), Vec::<String>::new(), "docs/operations/{name}");
    }
    // The control.
    let wrong =
        "# One\n[a](#two) [b](nowhere.md) [c](README.md#nowhere) [d](#one) [e](README.md) [f](https://example.com)";
    assert_eq!(broken(wrong), ["#two", "nowhere.md", "README.md#nowhere"]);
}

#[test]
fn the_index_has_every_page() {
    let index = std::fs::read_to_string(book().join("README.md")).unwrap();
    for (name, _) in pages().into_iter().filter(|(name, _)| name != "README.md") {
        assert!(index.contains(&format!("| [{name}]({name}) |")), "docs/operations/README.md lacks {name}");
    }
}

#[test]
fn every_command_is_one_of_the_program() {
    let help = help();
    let mut seen = 0;
    for (name, text) in pages() {
        for words in commands(&text).into_iter().filter(|words| !words.is_empty()) {
            assert!(is_known(&help, &words), "docs/operations/{name}: keywright {}", words.join(" "));
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
    for (words, is_there) in [
        (vec!["backup", "verify"], true),
        (vec!["keys", "rotate-master"], true),
        (vec!["serve"], true),
        (vec!["keys", "forget"], false),
        (vec!["doctor", "verify"], false),
        (vec!["reset"], false),
    ] {
        assert_eq!(is_known(&help, &words), is_there, "{words:?}");
    }
}
