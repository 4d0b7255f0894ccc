//! The settings of the keys that sign access tokens.

use anyhow::{Context, anyhow, ensure};
use auth::settings::KeySettings;
use auth::token::{Algorithm, Hs256Secret};
use secrecy::SecretString;

use super::number;
use super::source::Values;

/// Parses them. A weak secret is refused in development as well, and whatever the algorithm is: it would be
/// forgotten there.
///
/// # Errors
/// The first value that cannot be read or is unsafe.
pub(super) fn parse(values: &Values) -> anyhow::Result<KeySettings> {
    let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let default = KeySettings::default();
    let algorithm = match text("signing_algorithm") {
        None => default.algorithm,
        Some(name) => Algorithm::parse(name)
            .with_context(|| format!("signing_algorithm is {name}; it must be EdDSA, ES256, RS256 or HS256"))?,
    };
    let hs256_secret = text("hs256_secret").map(secret).transpose()?;
    ensure!(
        algorithm != Algorithm::Hs256 || hs256_secret.is_some(),
        "signing_algorithm HS256 needs hs256_secret: at least 32 random bytes, made by `openssl rand -base64 48`"
    );
    ensure!(
        hs256_secret.is_none() || text("hs256_secret") != text("master_key"),
        "hs256_secret is the master_key; make another one with `openssl rand -base64 48`"
    );
    let settings = KeySettings {
        algorithm,
        hs256_secret,
        rotation_days: number(values, "key_rotation_days", default.rotation_days)?,
        publish_seconds: number(values, "key_publish_seconds", default.publish_seconds)?,
    };
    ensure!((0..=3650).contains(&settings.rotation_days), "key_rotation_days must be 0 to 3650; 0 means never");
    ensure!((60..=43_200).contains(&settings.publish_seconds), "key_publish_seconds must be 60 to 43200");
    Ok(settings)
}

fn secret(text: &str) -> anyhow::Result<Hs256Secret> {
    Hs256Secret::parse(&SecretString::from(text)).map_err(|why| anyhow!("hs256_secret {why}"))
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    const SECRET: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";

    fn parsed(toml: &str) -> anyhow::Result<KeySettings> {
        parse(&from_toml(toml)?)
    }

    #[test]
    fn ed25519_for_ninety_days_is_the_default() {
        let settings = parsed("").unwrap();
        assert_eq!(settings.algorithm, Algorithm::EdDsa);
        assert_eq!((settings.rotation_days, settings.publish_seconds), (90, 600));
    }

    #[test]
    fn each_algorithm_can_be_chosen() {
        for algorithm in Algorithm::ALL {
            let toml = format!("signing_algorithm = '{}'\nhs256_secret = '{SECRET}'", algorithm.as_str());
            assert_eq!(parsed(&toml).unwrap().algorithm, algorithm);
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_with_what_to_do() {
        for (toml, words) in [
            ("signing_algorithm = 'none'", "EdDSA, ES256, RS256 or HS256"),
            ("signing_algorithm = 'hs256'", "EdDSA, ES256, RS256 or HS256"),
            ("signing_algorithm = 'HS256'", "openssl rand -base64 48"),
            ("signing_algorithm = 'HS256'\nhs256_secret = ''", "openssl rand -base64 48"),
            ("signing_algorithm = 'HS256'\nhs256_secret = 'secret'", "hs256_secret must have at least 32 bytes"),
            ("hs256_secret = 'changemechangemechangemechangeme'", "hs256_secret is a pattern"),
            ("hs256_secret = 'a-string-secret-at-least-256-bits-long'", "hs256_secret is made of"),
            ("key_rotation_days = -1", "key_rotation_days"),
            ("key_rotation_days = 'often'", "key_rotation_days"),
            ("key_publish_seconds = 59", "key_publish_seconds"),
            ("key_publish_seconds = 43201", "key_publish_seconds"),
        ] {
            let error = parsed(toml).err().unwrap().to_string();
            assert!(error.contains(words), "{toml}: {error}");
            assert!(!error.contains("changemechangeme"), "{error} tells the secret");
        }
        let key = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";
        let error = parsed(&format!("master_key = '{key}'\nhs256_secret = '{key}'")).err().unwrap().to_string();
        assert!(error.contains("is the master_key"), "{error}");
    }
}
