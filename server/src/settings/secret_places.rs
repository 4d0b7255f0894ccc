//! Where secrets came from, and who on this machine may open the files of them (ASVS 5.0, 13.3.2).

use auth::view::SettingOrigin;
use secrecy::ExposeSecret as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use url::Url;

use super::all_settings::KEYS;
use super::source::FILE;
use super::{Settings, in_effect};
use crate::master_key;

/// A file with a secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFile {
    /// What it is called in the settings, or the file of settings itself.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Who may do what with it.
    pub mode: u32,
}

/// Where the master key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// Nobody set it: it is in a file of development, or will be.
    Unset,
    /// The file of settings.
    Settings,
    /// A variable of the environment.
    Variable,
    /// A file of its own, a credential of systemd, or a vault.
    Apart,
}

impl Settings {
    /// The files that secrets were read from, as far as they are there.
    pub fn secret_files(&self) -> Vec<SecretFile> {
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        for key in KEYS.iter().filter(|key| in_effect::may_be_secret(key.name)) {
            let variable = file_variable(key.name);
            let path = std::env::var_os(&variable).filter(|path| !path.is_empty());
            files.extend(path.map(|path| (variable, PathBuf::from(path))));
        }
        let named = [
            ("database_password_file", self.database_password_file.clone()),
            ("smtp_password_file", self.smtp.as_ref().and_then(|smtp| smtp.password_file.clone())),
        ];
        files.extend(named.into_iter().filter_map(|(name, path)| Some((name.to_owned(), path?))));
        let of_providers = self.in_effect.iter().filter(|item| item.name.ends_with(".client_secret_file"));
        files.extend(of_providers.filter_map(|item| Some((item.name.clone(), PathBuf::from(item.value.as_ref()?)))));
        if self.file_has_secrets() {
            files.push((FILE.to_owned(), PathBuf::from(FILE)));
        }
        if self.master_key.is_none() {
            files.push(("master.key".to_owned(), master_key::file(self)));
        }
        let seen = files.into_iter().filter_map(|(name, path)| {
            let mode = std::fs::metadata(&path).ok()?.permissions().mode() & 0o777;
            Some(SecretFile { name, path, mode })
        });
        seen.collect()
    }

    /// Where the master key came from.
    pub fn master_key_place(&self) -> KeyPlace {
        let origin = self.in_effect.iter().find(|item| item.name == "master_key").map(|item| item.origin);
        match origin {
            None | Some(SettingOrigin::Default) => KeyPlace::Unset,
            Some(SettingOrigin::File) => KeyPlace::Settings,
            Some(SettingOrigin::Environment) if std::env::var_os(file_variable("master_key")).is_none() => {
                KeyPlace::Variable
            }
            Some(_) => KeyPlace::Apart,
        }
    }

    /// Whether the file of settings has a secret in it, or an address with a password.
    fn file_has_secrets(&self) -> bool {
        let has_password = |address: &str| Url::parse(address).is_ok_and(|url| url.password().is_some());
        self.in_effect.iter().filter(|item| item.is_secret && item.origin == SettingOrigin::File).any(|item| match item
            .name
            .as_str()
        {
            "database_url" => has_password(&self.database_url),
            "smtp_url" => self.smtp.as_ref().is_some_and(|smtp| has_password(smtp.url.expose_secret())),
            _ => true,
        })
    }
}

fn file_variable(name: &str) -> String {
    format!("KEYWRIGHT_{}_FILE", name.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    fn settings(toml: &str) -> Settings {
        Settings::parse(&from_toml(toml).unwrap()).unwrap()
    }

    #[test]
    fn a_file_of_settings_is_secret_when_a_secret_stands_in_it() {
        for (toml, is_secret) in [
            ("log = 'warn'", false),
            ("database_url = 'postgres://keywright@localhost/keywright'", false),
            ("database_url = 'postgres://keywright:hunter2@localhost/keywright'", true),
            ("smtp_url = 'smtp://127.0.0.1:2525'", false),
            ("smtp_url = 'smtps://keywright:hunter2@mail.example.com'", true),
            ("master_key = 'q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs='", true),
        ] {
            assert_eq!(settings(toml).file_has_secrets(), is_secret, "{toml}");
        }
    }

    #[test]
    fn files_are_told_with_who_may_open_them() {
        let folder = tempfile::tempdir().unwrap();
        let (database, password) = (folder.path().join("keywright.db"), folder.path().join("password"));
        std::fs::write(folder.path().join("master.key"), "").unwrap();
        std::fs::write(&password, "hunter2").unwrap();
        std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o604)).unwrap();
        let toml = format!(
            "database_url = 'sqlite://{}'\nsmtp_url = 'smtps://u@mail.example.com'\nsmtp_password_file = '{}'",
            database.display(),
            password.display()
        );
        let files = settings(&toml).secret_files();
        let of = |name: &str| files.iter().find(|file| file.name == name).map(|file| file.mode);
        assert_eq!(of("smtp_password_file"), Some(0o604), "{files:?}");
        assert!(of("master.key").is_some() && of("database_password_file").is_none(), "{files:?}");
    }

    #[test]
    fn where_the_master_key_stands_is_known() {
        let key = "master_key = 'q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs='";
        assert_eq!(settings("").master_key_place(), KeyPlace::Unset);
        assert_eq!(settings(key).master_key_place(), KeyPlace::Settings);
        let mut elsewhere = settings(key);
        for (origin, place) in [
            (SettingOrigin::Environment, KeyPlace::Variable),
            (SettingOrigin::Credential, KeyPlace::Apart),
            (SettingOrigin::Vault, KeyPlace::Apart),
        ] {
            elsewhere
                .in_effect
                .iter_mut()
                .filter(|item| item.name == "master_key")
                .for_each(|item| item.origin = origin);
            assert_eq!(elsewhere.master_key_place(), place, "{origin:?}");
        }
    }
}
