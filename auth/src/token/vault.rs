//! Making keys, sealing them for the store, and opening what is there: each key once.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use zeroize::Zeroizing;

use super::{Algorithm, KeyRing, SigningKey, private_key};
use crate::Timestamp;
use crate::crypto::{Sealer, SecretNames};
use crate::random::Random;
use crate::settings::KeySettings;
use crate::store::{KeyRow, NewKey, Store};

/// Of the revoked keys the newest so many are looked at. Which of them they are does not matter to tokens:
/// an unknown key is refused like a revoked one.
const MOST: i64 = 200;

/// What private halves go through.
pub(crate) struct KeyVault {
    sealer: Sealer,
    names: SecretNames,
    settings: KeySettings,
    /// Seconds that an access token lives.
    access_lifetime: i64,
}

impl KeyVault {
    /// Takes what it seals and names with.
    pub(crate) fn new(sealer: Sealer, names: SecretNames, settings: KeySettings, access_lifetime: i64) -> Self {
        Self { sealer, names, settings, access_lifetime }
    }

    pub(crate) fn settings(&self) -> &KeySettings {
        &self.settings
    }

    /// What new keys are to sign with.
    pub(crate) fn wanted(&self) -> Algorithm {
        self.settings.algorithm
    }

    /// Makes a key that is to have this number; a shared secret is the one of the settings.
    ///
    /// # Errors
    /// When there is no secret to take, or the library fails.
    pub(crate) async fn make(
        &self,
        algorithm: Algorithm,
        sequence: i64,
        random: &Arc<dyn Random>,
    ) -> anyhow::Result<NewKey> {
        let (id, private) = if algorithm == Algorithm::Hs256 {
            let secret = self.secret().context("hs256_secret must be set for HS256")?;
            (self.names.of(sequence, secret), Zeroizing::new(secret.to_vec()))
        } else {
            let source = Arc::clone(random);
            // RSA takes a good part of a second: not on a thread that serves others.
            tokio::task::spawn_blocking(move || {
                let private = private_key::make(algorithm, &*source)?;
                anyhow::Ok((SigningKey::pair(algorithm, &private)?.id, private))
            })
            .await??
        };
        let private_sealed = self.sealer.seal(&**random, &place(&id), &private);
        Ok(NewKey { id, sequence, algorithm, private_sealed })
    }

    /// The keys of the store, if they are others than those known before. A new one was met at `met_at`.
    ///
    /// # Errors
    /// When the store cannot be asked, or a key was sealed under another master key.
    pub(super) async fn learn(
        &self,
        store: &Store,
        before: &KeyRing,
        met_at: Option<Timestamp>,
        now: Timestamp,
    ) -> anyhow::Result<Option<KeyRing>> {
        let rows = store.signing_keys(MOST).await?;
        if !before.is_outdated(&rows, now) {
            return Ok(None);
        }
        let mut ring = KeyRing::after(before, rows, met_at, self.access_lifetime, now);
        for row in ring.unopened(now) {
            if let Some(sealed) = store.sealed_private_key(&row.id).await? {
                ring.put(self.open(&row, &sealed)?);
            }
        }
        Ok(Some(ring))
    }

    /// The keys known before without those that were revoked since; none when none was. For a node that cannot open what
    /// came after them: it hears all the same that one leaked.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub(super) async fn without_revoked(
        &self,
        store: &Store,
        before: &KeyRing,
        now: Timestamp,
    ) -> anyhow::Result<Option<KeyRing>> {
        let mut rows = store.signing_keys(MOST).await?;
        rows.retain(|row| before.rows().any(|known| known.id == row.id));
        let is_changed = rows.iter().any(|row| row.revoked_at.is_some() && before.verifying(&row.id, now).is_some());
        Ok(is_changed.then(|| KeyRing::after(before, rows, None, self.access_lifetime, now)))
    }

    fn open(&self, row: &KeyRow, sealed: &str) -> anyhow::Result<SigningKey> {
        let private = self
            .sealer
            .open(&place(&row.id), sealed)
            .context("a signing key cannot be opened: set MASTER_KEY to the key this database was made with")?;
        if row.algorithm == Algorithm::Hs256 {
            return Ok(SigningKey::shared(row.id.clone(), &private));
        }
        let key = SigningKey::pair(row.algorithm, &private)?;
        ensure!(key.id == row.id, "the signing key {} is another one than its name says", row.id);
        Ok(key)
    }

    fn secret(&self) -> Option<&[u8]> {
        self.settings.hs256_secret.as_ref().map(super::Hs256Secret::bytes)
    }

    /// The names of other keys that are the same shared secret as this one, whether it still counts or is
    /// long over.
    pub(crate) fn same_secret_as(&self, ring: &KeyRing, id: &str) -> Vec<String> {
        let shared = || ring.rows().filter(|row| row.algorithm == Algorithm::Hs256);
        let is = |row: &KeyRow, secret: &[u8]| self.names.of(row.sequence, secret) == row.id;
        let Some(row) = shared().find(|row| row.id == id) else { return Vec::new() };
        let known = ring.shared_secrets().chain(self.secret()).find(|secret| is(row, secret));
        let Some(secret) = known else { return Vec::new() };
        shared().filter(|row| row.id != id && is(row, secret)).map(|row| row.id.clone()).collect()
    }

    /// Whether a key is the secret of the settings.
    pub(crate) fn is_our_secret(&self, row: &KeyRow) -> bool {
        row.algorithm == Algorithm::Hs256
            && self.secret().is_some_and(|secret| self.names.of(row.sequence, secret) == row.id)
    }
}

fn place(id: &str) -> String {
    format!("signing_keys.private_sealed.{id}")
}
