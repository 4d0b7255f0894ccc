//! Settings from where they are kept. A vault is asked before anything else is judged: what it holds counts as given.

use anyhow::Context as _;
use auth::clock::{Clock, SystemClock};
use auth::view::SettingOrigin;
use secrecy::ExposeSecret as _;
use std::sync::Arc;

use super::source::Given;
use super::{Settings, in_effect, source, vault};
use crate::vault::{Patience, Vault};

impl Settings {
    /// Reads file, environment, credentials of systemd, and the vault that they name.
    ///
    /// # Errors
    /// Everything that is wrong, one finding a line.
    pub async fn load() -> anyhow::Result<Self> {
        Self::load_from(source::read()?, Patience::default(), Arc::new(SystemClock)).await
    }

    /// Takes what was given, with the secrets of the vault that it names.
    ///
    /// # Errors
    /// Everything that is wrong, one finding a line.
    pub async fn load_from(mut given: Given, patience: Patience, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let mut opened = None;
        if let Some(settings) = vault::parse(&given.values)? {
            let (vault, secrets) = Vault::open(settings, patience, clock).await.context("the vault cannot be used")?;
            for (name, value) in secrets {
                given.add_secret(&name, value.expose_secret(), SettingOrigin::Vault, "the secret of vault_path")?;
            }
            opened = Some(vault);
        }
        let settings = Self::parse(&given.values)?;
        Ok(Self { in_effect: in_effect::of(&given.values, &given.origins), vault: opened, ..settings })
    }
}
