//! Looking for words in the sources of the project, for lists that must name every place.

use std::collections::BTreeSet;
use std::path::Path;

/// Each file below `folder`: its path from there, and its code without its tests.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    let code = |source: String| source.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    every_file(folder).into_iter().map(|(path, source)| (path, code(source))).collect()
}

/// Each file below `folder`: its path from there, and its text.
pub fn every_file(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // What is no text is no source.
            if let Ok(source) = std::fs::read_to_string(&path) {
                found.push((path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), source));
            }
        }
    }
    found
}

/// Files below `folder` whose code, without its tests, holds one of these words; neither has white space.
pub fn files_with(folder: &str, words: &[&str]) -> BTreeSet<String> {
    let holds = |code: &str| {
        let code: String = code.split_whitespace().collect();
        words.iter().any(|word| code.contains(word))
    };
    sources(folder).into_iter().filter(|(_, code)| holds(code)).map(|(file, _)| file).collect()
}
