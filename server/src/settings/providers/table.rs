//! `[[provider]]` tables: out of the file into flat values such as `provider.0.client_id`, and found there again.

use anyhow::{Context as _, bail, ensure};
use auth::ProviderId;
use std::collections::BTreeMap;

use crate::settings::all_settings::{PROVIDER_KEYS, nearest};
use crate::settings::source::{FILE, Values, as_text};

const PREFIX: &str = "provider.";
/// More buttons than that help nobody.
const MOST: usize = 20;

/// One `[[provider]]`.
pub(super) struct Table<'a> {
    /// What it is called in a refusal.
    pub label: String,
    keys: BTreeMap<&'a str, &'a str>,
}

/// Puts the tables of the file into the values.
///
/// # Errors
/// An unknown key, with the nearest known one; something that is no table. No value is told.
pub fn flatten(values: &mut Values, tables: toml::Value) -> anyhow::Result<()> {
    let shape = || format!("{FILE}: providers are written as [[provider]] tables, one for each");
    let toml::Value::Array(tables) = tables else { bail!(shape()) };
    ensure!(tables.len() <= MOST, "{FILE} has {} providers; {MOST} are the most", tables.len());
    for (place, table) in tables.into_iter().enumerate() {
        let toml::Value::Table(table) = table else { bail!(shape()) };
        let word = |key: &str| table.get(key).and_then(toml::Value::as_str);
        let label = label(place, word("id").or(word("kind")));
        ensure!(!table.is_empty(), "{label} is empty; it needs a kind, such as kind = \"google\"");
        for (key, value) in table {
            if !PROVIDER_KEYS.iter().any(|known| known.name == key) {
                match nearest(PROVIDER_KEYS, &key) {
                    Some(known) => bail!("{label}: there is no key {key}; did you mean {known}?"),
                    None => bail!("{label}: there is no key {key}; docs/settings.md lists them all"),
                }
            }
            let text = if key == "scopes" { as_list(value) } else { as_text(value) };
            let text = text.with_context(|| format!("{label}: {key} must be {}", shape_of(&key)))?;
            values.insert(format!("{PREFIX}{place}.{key}"), text);
        }
    }
    Ok(())
}

/// The tables in the values, in the order of the file.
pub(super) fn tables(values: &Values) -> Vec<Table<'_>> {
    let mut found: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in values {
        let Some((place, key)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.')) else { continue };
        if let Ok(place) = place.parse() {
            found.entry(place).or_default().insert(key, value);
        }
    }
    found.into_iter().map(|(place, keys)| Table::new(place, keys)).collect()
}

impl<'a> Table<'a> {
    fn new(place: usize, keys: BTreeMap<&'a str, &'a str>) -> Self {
        let name = keys.get("id").or_else(|| keys.get("kind")).copied();
        Self { label: label(place, name), keys }
    }

    /// The keys that are written, empty ones as well.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.keys.keys().copied()
    }

    /// The value of a key; an empty one is none.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.keys.get(key).copied().map(str::trim).filter(|value| !value.is_empty())
    }

    /// The value of a switch.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn switch(&self, key: &str, default: bool) -> anyhow::Result<bool> {
        match self.text(key) {
            None => Ok(default),
            Some("on" | "true") => Ok(true),
            Some("off" | "false") => Ok(false),
            Some(_) => bail!("{key} must be on or off"),
        }
    }
}

/// Only what is a good name is told: whatever else stands there may be a secret in the wrong place.
fn label(place: usize, name: Option<&str>) -> String {
    match name.and_then(ProviderId::parse) {
        Some(id) => format!("provider {id}"),
        None => format!("[[provider]] number {}", place + 1),
    }
}

fn as_list(value: toml::Value) -> Option<String> {
    let toml::Value::Array(items) = value else { return as_text(value) };
    let words: Option<Vec<String>> = items.into_iter().map(as_text).collect();
    words.map(|words| words.join(" "))
}

fn shape_of(key: &str) -> &'static str {
    if key == "scopes" { "a text, or a list of texts" } else { "a text, a number or a switch" }
}
