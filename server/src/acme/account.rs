//! The account at the authority: made at the first order, kept with its key for the next ones.

use anyhow::{Context as _, anyhow};
use instant_acme::{Account, AccountCredentials, NewAccount};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;

use super::AcmeSettings;
use super::files::{own_folder, write_private};
use super::http::Http;

const FILE: &str = "account.json";

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of whom: another authority knows nothing of it.
    directory: String,
    credentials: AccountCredentials,
}

/// Opens the account, or makes one.
///
/// # Errors
/// When the authority refuses, or the file cannot be read or written.
pub(super) async fn open(settings: &AcmeSettings) -> anyhow::Result<Account> {
    own_folder(&settings.folder)?;
    let builder = Account::builder_with_http(Box::new(Http::new(settings)?));
    if let Some(kept) = read(settings)?.filter(|kept| kept.directory == settings.directory) {
        return Ok(builder.from_credentials(kept.credentials).await?);
    }
    let contact = settings.contact.as_ref().map(|address| format!("mailto:{address}"));
    let contact: Vec<&str> = contact.as_deref().into_iter().collect();
    // Whoever names the authority agrees to its terms: the documentation of the setting says so.
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder.create(&new, settings.directory.clone(), None).await?;
    let kept = serde_json::to_vec(&Kept { directory: settings.directory.clone(), credentials })?;
    write_private(&settings.folder, FILE, &kept)?;
    Ok(account)
}

fn read(settings: &AcmeSettings) -> anyhow::Result<Option<Kept>> {
    let file = settings.folder.join(FILE);
    let named = || file.display().to_string();
    match std::fs::read(&file) {
        // Not in the words of the reader: they may quote the key.
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| anyhow!("{} is no account; move it away, and another one is made", named())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(named),
    }
}
