//! Credentials of systemd: files in a folder that nobody but the service reads, named by `$CREDENTIALS_DIRECTORY`
//! (systemd.exec(5), `LoadCredential=`, `LoadCredentialEncrypted=`, `ImportCredential=`). Ours are called
//! `keywright.<setting>`, so that `ImportCredential=keywright.*` takes them all.

use anyhow::{Context as _, anyhow};
use auth::view::SettingOrigin;
use std::path::Path;

use super::secret_file;
use super::source::Given;

/// The variable that names the folder.
pub(super) const FOLDER: &str = "CREDENTIALS_DIRECTORY";
const PREFIX: &str = "keywright.";

/// Adds the secrets of the folder. Files of others are left alone.
///
/// # Errors
/// A folder or file that cannot be read, a name that is no secret's, a secret that is set already. No value is told.
pub(super) fn add(given: &mut Given, folder: &Path) -> anyhow::Result<()> {
    let unreadable = || format!("{FOLDER} names no folder that can be read");
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let Ok(file) = entry.file_name().into_string() else { continue };
        let Some(name) = file.strip_prefix(PREFIX) else { continue };
        // What others call their files is told as a text with its signs escaped.
        let place = format!("the credential {file:?}");
        let text = secret_file::read(&entry.path()).map_err(|why| anyhow!("{place} cannot be read: {why:#}"))?;
        given.add_secret(name, &text, SettingOrigin::Credential, &place)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    /// What is given with a file of settings and these credentials.
    fn given(toml: &str, credentials: &[(&str, &str)]) -> anyhow::Result<Given> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in credentials {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut given = Given::in_file(from_toml(toml)?);
        add(&mut given, folder.path())?;
        Ok(given)
    }

    #[test]
    fn ours_are_read_and_those_of_others_left_alone() {
        let given =
            given("log = 'warn'", &[("keywright.master_key", "hunter2\n"), ("postgres.key", "theirs")]).unwrap();
        assert_eq!((given.values["master_key"].as_str(), given.values.len()), ("hunter2", 2));
        assert_eq!(given.origins.get("master_key"), Some(&SettingOrigin::Credential));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let large = "x".repeat(70_000);
        for (toml, name, text, words) in [
            ("", "keywright.master_kye", "hunter2", "did you mean master_key?"),
            ("", "keywright.listen", "hunter2", "listen is no secret"),
            ("", "keywright.master_key", "\n", "master_key is empty"),
            ("", "keywright.master_key", large.as_str(), "cannot be read: it is larger than 64 KiB"),
            ("", "keywright.", "hunter2", "there is no setting"),
            ("", "keywright.a\nb", "hunter2", "a name that is no setting's"),
            ("master_key = 'hunter3'", "keywright.master_key", "hunter2", "is set twice: by keywright.toml and by"),
        ] {
            let error = format!("{:#}", given(toml, &[(name, text)]).err().unwrap());
            assert!(error.contains(words) && !error.contains("hunter") && !error.contains('\n'), "{name}: {error}");
        }
        let error = add(&mut Given::in_file(from_toml("").unwrap()), Path::new("/nowhere")).unwrap_err();
        assert!(format!("{error:#}").contains("CREDENTIALS_DIRECTORY names no folder"), "{error:#}");
    }
}
