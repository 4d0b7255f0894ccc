//! The settings of a vault. They are read before the others: what the vault holds are others.

use anyhow::{Context as _, bail, ensure};
use secrecy::SecretString;
use url::{Host, Url};

use super::all_settings::KEYS;
use super::source::Values;
use crate::vault::{Identity, VaultSettings};

/// A batch token has a few hundred bytes.
const MAX_SECRET: usize = 4096;
const MAX_NAME: usize = 512;

/// Parses them; none where no vault is named.
///
/// # Errors
/// The first value that cannot be used. Nothing in it tells a secret.
pub(super) fn parse(values: &Values) -> anyhow::Result<Option<VaultSettings>> {
    let text = |name: &str| values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let Some(address) = text("vault_address") else {
        let stray = KEYS.iter().find(|key| key.name.starts_with("vault_") && text(key.name).is_some());
        if let Some(key) = stray {
            bail!("{} is set without vault_address, so nobody is asked; set both or neither", key.name);
        }
        return Ok(None);
    };
    let identity = match (text("vault_token"), text("vault_role_id"), text("vault_secret_id")) {
        (Some(token), None, None) => Identity::Token(secret("vault_token", token)?),
        (None, Some(role_id), Some(secret_id)) => Identity::Role {
            role_id: secret("vault_role_id", role_id)?,
            secret_id: secret("vault_secret_id", secret_id)?,
        },
        _ => bail!("vault_address needs vault_token alone, or vault_role_id with vault_secret_id"),
    };
    let path = text("vault_path").context("vault_address needs vault_path, such as secret/data/keywright")?;
    let namespace = text("vault_namespace");
    ensure!(
        namespace.is_none_or(|name| is_word(name, MAX_NAME)),
        "vault_namespace must be letters, digits and signs without blanks"
    );
    let read = |file: &str| std::fs::read(file).with_context(|| format!("vault_ca names {file}"));
    Ok(Some(VaultSettings {
        address: parse_address(address).context("vault_address cannot be used")?,
        path: parse_path(path)?,
        namespace: namespace.map(str::to_owned),
        identity,
        ca_pem: text("vault_ca").map(read).transpose()?,
    }))
}

/// https, or http on this machine: the token goes there.
fn parse_address(text: &str) -> anyhow::Result<String> {
    let url = Url::parse(text).context("it is no address")?;
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    ensure!(is_safe, "it must be https://…, or http://… on this machine");
    ensure!(url.username().is_empty() && url.password().is_none(), "it must name no user");
    ensure!(url.query().is_none() && url.fragment().is_none(), "it must end with its path");
    let address = url.as_str().trim_end_matches('/');
    ensure!(!address.ends_with("/v1"), "it must end before /v1");
    Ok(address.to_owned())
}

/// Mount, `data` and path, letter by letter as the policy that allows to read there.
fn parse_path(text: &str) -> anyhow::Result<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let is_part = |part: &&str| {
        let is_name = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        is_name && !["", ".", ".."].contains(part)
    };
    let is_kv = parts.len() > 2 && parts[1..parts.len() - 1].contains(&"data");
    ensure!(
        text.len() <= MAX_NAME && parts.iter().all(is_part) && is_kv,
        "vault_path must be mount, data and path of a KV store of version 2, such as secret/data/keywright"
    );
    Ok(text.to_owned())
}

fn secret(name: &str, text: &str) -> anyhow::Result<SecretString> {
    ensure!(is_word(text, MAX_SECRET), "{name} must be one word of {MAX_SECRET} bytes at most");
    Ok(SecretString::from(text))
}

fn is_word(text: &str, most: usize) -> bool {
    text.len() <= most && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    const ADDRESS: &str = "vault_address = 'https://vault.example.com:8200/'\n";
    const PATH: &str = "vault_path = 'secret/data/keywright'\n";
    const TOKEN: &str = "vault_token = 'hunter2'\n";

    fn parsed(toml: &str) -> anyhow::Result<Option<VaultSettings>> {
        parse(&from_toml(toml)?)
    }

    #[test]
    fn a_token_or_a_role_asks() {
        assert!(parsed("").unwrap().is_none());
        let settings = parsed(&format!("{ADDRESS}{PATH}{TOKEN}")).unwrap().unwrap();
        assert_eq!(settings.address, "https://vault.example.com:8200");
        assert!(matches!(settings.identity, Identity::Token(_)) && settings.namespace.is_none());
        let role = "vault_role_id = 'role'\nvault_secret_id = 'hunter2'\nvault_namespace = 'team/id'\n";
        let settings = parsed(&format!("{ADDRESS}{PATH}{role}")).unwrap().unwrap();
        assert!(matches!(settings.identity, Identity::Role { .. }));
        assert_eq!(settings.namespace.as_deref(), Some("team/id"));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_what_to_do() {
        let half = "vault_role_id = 'hunter2'\n";
        for (toml, words) in [
            (TOKEN.to_owned(), "vault_token is set without vault_address"),
            (format!("{ADDRESS}{PATH}"), "needs vault_token alone, or vault_role_id with vault_secret_id"),
            (format!("{ADDRESS}{PATH}{half}"), "needs vault_token alone"),
            (format!("{ADDRESS}{PATH}{TOKEN}{half}"), "needs vault_token alone"),
            (format!("{ADDRESS}{TOKEN}"), "needs vault_path, such as secret/data/keywright"),
            (format!("{ADDRESS}{PATH}vault_token = 'hunter2 and more'"), "vault_token must be one word"),
            (format!("{ADDRESS}{PATH}{TOKEN}vault_namespace = 'a b'"), "vault_namespace"),
            (format!("{ADDRESS}{PATH}{TOKEN}vault_ca = '/nowhere/ca.pem'"), "vault_ca names /nowhere/ca.pem"),
        ] {
            let error = format!("{:#}", parsed(&toml).err().unwrap());
            assert!(error.contains(words) && !error.contains("hunter2"), "{toml}: {error}");
        }
    }

    #[test]
    fn the_token_goes_nowhere_in_the_clear() {
        for good in
            ["https://vault.example.com", "http://127.0.0.1:8200", "http://[::1]:8200", "http://localhost:8200/x/"]
        {
            assert!(parse_address(good).is_ok(), "{good}");
        }
        for bad in [
            "vault.example.com",
            "http://vault.example.com:8200",
            "http://10.0.0.5:8200",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "https://user:hunter2@vault.example.com",
            "https://vault.example.com?token=hunter2",
            "https://vault.example.com/#top",
            "https://vault.example.com/v1/",
        ] {
            let error = format!("{:#}", parse_address(bad).err().unwrap());
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn the_path_is_that_of_a_policy() {
        for good in ["secret/data/keywright", "team/kv/data/id/keywright", "kv-v2/data/a.b_c~d"] {
            assert_eq!(parse_path(good).unwrap(), good);
        }
        for bad in [
            "secret/keywright",
            "/secret/data/keywright",
            "secret/data/",
            "secret/data",
            "data/keywright",
            "secret/data/../other",
            "secret//data/keywright",
            "secret/data/key?version=1",
            "secret/data/key wright",
            "secret/data/%2e%2e",
        ] {
            assert!(parse_path(bad).is_err(), "{bad}");
        }
    }
}
