//! Where settings come from: `keywright.toml`, then the environment, which wins; and for secrets credentials of systemd
//! and a vault, which win over nothing: a secret that is set twice is refused.

use anyhow::{Context, anyhow, bail, ensure};
use auth::view::SettingOrigin;
use auth::weakened;
use std::collections::BTreeMap;
use std::path::Path;

use super::all_settings::{KEYS, TOOLING, nearest};
use super::{credentials, in_effect, providers, secret_file};

/// Settings as text, by name; keys of the first `[[provider]]` as `provider.0.client_id`.
pub type Values = BTreeMap<String, String>;

/// Where settings were set; what is not named here was set in the file.
pub type Origins = BTreeMap<String, SettingOrigin>;

/// What was set, and where.
pub struct Given {
    /// Everything that was set.
    pub values: Values,
    /// Where, if not in the file.
    pub origins: Origins,
}

pub(super) const FILE: &str = "keywright.toml";
const PREFIX: &str = "KEYWRIGHT_";
const PROVIDER: &str = "provider";
/// Characters of a name that is told as somebody wrote it.
const LONGEST_NAME: usize = 80;

impl Given {
    /// What a file alone sets.
    pub fn in_file(values: Values) -> Self {
        Self { values, origins: Origins::new() }
    }

    /// Takes a secret that was kept elsewhere. `place` is told where it cannot be used.
    ///
    /// # Errors
    /// A name that is no setting's, a setting that is no secret, one that is set already, and an empty text. No value is
    /// told.
    pub fn add_secret(&mut self, name: &str, value: &str, origin: SettingOrigin, place: &str) -> anyhow::Result<()> {
        let is_name =
            name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        ensure!(is_name, "{place} has a name that is no setting's; docs/settings.md lists them all");
        ensure!(!value.is_empty(), "{place}: {name} is empty");
        let already = self.values.get(name).is_some_and(|set| !set.is_empty());
        if already {
            let first = match self.origins.get(name) {
                Some(SettingOrigin::Environment) => "the environment",
                Some(SettingOrigin::Credential) => "a credential of systemd",
                _ => FILE,
            };
            bail!("{name} is set twice: by {first} and by {place}; leave one of them");
        }
        let is_too_late = origin == SettingOrigin::Vault && name.starts_with("vault_");
        ensure!(!is_too_late, "{place}: {name} must be known before the vault is asked; keep it elsewhere");
        put(&mut self.values, name, value.to_owned(), place)?;
        ensure!(in_effect::may_be_secret(name), "{place}: {name} is no secret; set it in {FILE} or in the environment");
        self.origins.insert(name.to_owned(), origin);
        Ok(())
    }
}

/// Reads file, environment and credentials.
///
/// # Errors
/// An unknown name, with the nearest known one; a file that cannot be read; a secret that is set twice.
pub fn read() -> anyhow::Result<Given> {
    let mut values = Values::new();
    if Path::new(FILE).exists() {
        let text = std::fs::read_to_string(FILE).with_context(|| format!("{FILE} cannot be read"))?;
        values = from_toml(&text)?;
    }
    // Another program's variable may hold anything; one of ours must be text.
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
        Some(value.into_string().map(|value| (name.clone(), value)).map_err(|_| name))
    });
    let variables: Vec<_> =
        variables.collect::<Result<_, _>>().map_err(|name| anyhow!("{name} is not valid UTF-8 text"))?;
    let of_environment = from_environment(variables.into_iter())?;
    let origins = of_environment.keys().map(|name| (name.clone(), SettingOrigin::Environment)).collect();
    values.extend(of_environment);
    let mut given = Given { values, origins };
    if let Some(folder) = std::env::var_os(credentials::FOLDER).filter(|folder| !folder.is_empty()) {
        credentials::add(&mut given, Path::new(&folder))?;
    }
    Ok(given)
}

/// Reads the text of a settings file.
///
/// # Errors
/// Text that is not TOML, an unknown name, a value that is no text, number or switch.
pub fn from_toml(text: &str) -> anyhow::Result<Values> {
    let table: toml::Table = text.parse().map_err(|error| not_toml(text, &error))?;
    let mut values = Values::new();
    for (name, value) in table {
        if name == PROVIDER {
            providers::flatten(&mut values, value)?;
            continue;
        }
        let text = as_text(value).with_context(|| format!("{name} in {FILE} must be a text, a number or a switch"))?;
        put(&mut values, &name, text, FILE)?;
    }
    Ok(values)
}

/// A text, a number or a switch as text.
pub(super) fn as_text(value: toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(if switch { "on" } else { "off" }.to_owned()),
        _ => None,
    }
}

/// What is wrong and where. The library would show the line, which may hold a secret.
fn not_toml(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
    anyhow!("{FILE} is not valid TOML near line {line}: {}", error.message())
}

/// Picks `KEYWRIGHT_*` from an environment; `KEYWRIGHT_*_FILE` names a file with the value.
///
/// # Errors
/// An unknown name, a file that cannot be read, a name that is set twice.
pub fn from_environment(variables: impl Iterator<Item = (String, String)>) -> anyhow::Result<Values> {
    let mut values = Values::new();
    for (variable, value) in variables {
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        let name = name.to_ascii_lowercase();
        if TOOLING.contains(&&*name) || (weakened::CAN_BE && name == "weaken") {
            continue;
        }
        // A few settings name a file that is read again and again, and end in the same way.
        match name.strip_suffix("_file").filter(|_| KEYS.iter().all(|key| key.name != name)) {
            Some(name) => {
                let text = secret_file::read(Path::new(&value))
                    .with_context(|| format!("{variable} names no file that can be read"))?;
                put_once(&mut values, name, text, &variable)?;
            }
            None => put_once(&mut values, &name, value, &variable)?,
        }
    }
    Ok(values)
}

/// A variable and its `_FILE` may not say two things. An empty one says nothing.
fn put_once(values: &mut Values, name: &str, value: String, variable: &str) -> anyhow::Result<()> {
    let is_set = values.get(name).is_some_and(|set| !set.is_empty());
    match (is_set, value.is_empty()) {
        (false, _) => put(values, name, value, variable),
        (true, true) => Ok(()),
        (true, false) => {
            let variable = name.to_ascii_uppercase();
            bail!("{name} is set twice: by {PREFIX}{variable} and by {PREFIX}{variable}_FILE; leave one of them")
        }
    }
}

fn put(values: &mut Values, name: &str, value: String, place: &str) -> anyhow::Result<()> {
    // Which providers there are is known when the file and the environment are one.
    let is_provider_secret = place != FILE && providers::is_secret_name(name);
    if is_provider_secret || KEYS.iter().any(|key| key.name == name) {
        values.insert(name.to_owned(), value);
        return Ok(());
    }
    match nearest(KEYS, name) {
        Some(known) => bail!("{place}: there is no setting {name}; did you mean {known}?"),
        None => bail!("{place}: there is no setting {name}; docs/settings.md lists them all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_refused_with_the_nearest_name() {
        let error = from_toml("publik_url = 'https://id.example.com'").unwrap_err();
        assert!(error.to_string().contains("did you mean public_url?"), "{error}");
        let error = from_environment([("KEYWRIGHT_DATABSE_URL".to_owned(), "x".to_owned())].into_iter()).unwrap_err();
        assert!(error.to_string().contains("database_url"), "{error}");
    }

    #[test]
    fn a_secret_may_come_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "secret\n").unwrap();
        let variable = ("KEYWRIGHT_MASTER_KEY_FILE".to_owned(), path.display().to_string());
        assert_eq!(from_environment([variable].into_iter()).unwrap()["master_key"], "secret");
    }

    #[test]
    fn a_variable_and_its_file_say_one_thing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "hunter2\n").unwrap();
        let file = ("KEYWRIGHT_MASTER_KEY_FILE".to_owned(), path.display().to_string());
        let variable = |value: &str| ("KEYWRIGHT_MASTER_KEY".to_owned(), value.to_owned());
        for both in [[file.clone(), variable("hunter3")], [variable("hunter3"), file.clone()]] {
            let error = from_environment(both.into_iter()).unwrap_err().to_string();
            assert!(
                error.contains("master_key is set twice") && error.contains("KEYWRIGHT_MASTER_KEY_FILE"),
                "{error}"
            );
            assert!(!error.contains("hunter"), "{error}");
        }
        for one in [[file.clone(), variable("")], [variable(""), file]] {
            assert_eq!(
                from_environment(one.into_iter()).unwrap()["master_key"],
                "hunter2",
                "an empty one says nothing"
            );
        }
    }

    #[test]
    fn a_secret_from_elsewhere_is_one_of_ours_and_set_once() {
        let mut given = Given::in_file(from_toml("master_key = 'hunter2'\nlisten = '127.0.0.1:1'").unwrap());
        let mut refused = |name: &str, value: &str| {
            let added = given.add_secret(name, value, SettingOrigin::Vault, "the vault");
            added.unwrap_err().to_string()
        };
        for (name, value, words) in [
            ("master_key", "hunter3", "set twice: by keywright.toml and by the vault"),
            ("master_kye", "hunter3", "did you mean master_key?"),
            ("log", "hunter3", "log is no secret"),
            ("hs256_secret", "", "hs256_secret is empty"),
            ("vault_token", "hunter3", "before the vault is asked"),
            ("a\nb", "hunter3", "a name that is no setting's"),
        ] {
            let error = refused(name, value);
            assert!(error.contains(words) && !error.contains("hunter") && !error.contains('\n'), "{error}");
        }
        given.add_secret("smtp_url", "smtps://x", SettingOrigin::Vault, "the vault").unwrap();
        given.add_secret("provider_my_idp_client_secret", "x", SettingOrigin::Vault, "the vault").unwrap();
        assert_eq!(given.values["smtp_url"], "smtps://x");
        assert_eq!(given.origins.get("smtp_url"), Some(&SettingOrigin::Vault));
    }

    #[test]
    fn a_file_that_is_read_again_stays_a_file() {
        let variable = ("KEYWRIGHT_DATABASE_PASSWORD_FILE".to_owned(), "/run/secrets/password".to_owned());
        let values = from_environment([variable].into_iter()).unwrap();
        assert_eq!(values["database_password_file"], "/run/secrets/password");
    }

    #[test]
    fn a_broken_file_is_told_by_its_line_without_its_secrets() {
        let error = from_toml("mode = 'development'\nmaster_key = hunter2\n").unwrap_err();
        let words = format!("{error:?}");
        assert!(words.contains("line 2") && !words.contains("hunter2"), "{words}");
    }

    #[test]
    fn a_table_of_a_provider_is_flat_values() {
        let values = from_toml(
            "[[provider]]\nkind = 'google'\n\
             [[provider]]\nkind = 'openid'\ntrust_email = true\nscopes = ['openid', 'email']",
        )
        .unwrap();
        let told = |name: &str| values.get(name).map(String::as_str);
        assert_eq!((told("provider.0.kind"), told("provider.1.kind")), (Some("google"), Some("openid")));
        assert_eq!((told("provider.1.trust_email"), told("provider.1.scopes")), (Some("on"), Some("openid email")));
        let error = from_toml("'provider.0.kind' = 'google'").unwrap_err().to_string();
        assert!(error.contains("there is no setting provider.0.kind"), "{error}");
    }

    #[test]
    fn a_secret_of_a_provider_comes_from_the_environment_and_not_from_the_top_of_the_file() {
        let name = "provider_my_idp_client_secret";
        let variable = ("KEYWRIGHT_PROVIDER_MY_IDP_CLIENT_SECRET".to_owned(), "hunter2".to_owned());
        assert_eq!(from_environment([variable].into_iter()).unwrap()[name], "hunter2");
        let error = from_toml(&format!("{name} = 'hunter2'")).unwrap_err().to_string();
        assert!(error.contains(&format!("there is no setting {name}")) && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn numbers_and_switches_are_text() {
        let values = from_toml("hash_queue = 8\napi_docs = true").unwrap();
        assert_eq!((values["hash_queue"].as_str(), values["api_docs"].as_str()), ("8", "on"));
    }
}
