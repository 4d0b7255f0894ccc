//! Looking for words in the sources of the project, for lists that must name every place.

use std::collections::BTreeSet;
use std::path::Path;

/// Files below `folder` whose code, without its tests, holds one of these words; neither has white space.
pub fn files_with(folder: &str, words: &[&str]) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let (mut found, mut folders) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let code: String = source.split("#[cfg(test)]").next().unwrap_or_default().split_whitespace().collect();
            if words.iter().any(|word| code.contains(word)) {
                found.insert(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}
