//! While the program runs: the token is renewed before its time is over, or replaced by another login, and the secret is
//! looked at, so that a change of it is noticed. Nothing here stops the program.

use auth::view::VaultFault;
use std::time::Duration;

use super::answer::Granted;
use super::fault::Failure;
use super::lease::{Due, Lease, due};
use super::{Identity, Vault};

/// Between two looks at a vault that fails.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Vault {
    /// Keeps the token alive for ever.
    pub async fn keep_token(self) {
        let mut failures = 0;
        loop {
            tokio::time::sleep(self.pause(failures)).await;
            failures = if self.look_after().await { 0 } else { failures + 1 };
        }
    }

    /// Does what is due for the token, and looks whether the secret is still the one that the program runs with. False
    /// when the vault did not do what it was asked: then it is asked again soon.
    pub async fn look_after(&self) -> bool {
        let looked = match self.care_for_token().await {
            Ok(()) => self.read_version().await,
            Err(failure) => Err(failure),
        };
        let (fault, words) = match &looked {
            Ok(version) => (self.standing_fault(*version), String::new()),
            Err(failure) => (Some(failure.code()), failure.to_string()),
        };
        self.note(fault, &words);
        looked.is_ok()
    }

    fn pause(&self, failures: u32) -> Duration {
        if failures > 0 {
            return Duration::from_secs(1_u64 << (failures - 1).min(6)).min(LONGEST_WAIT);
        }
        let lease = self.state().lease;
        lease.map_or(Duration::ZERO, |lease| lease.pause(self.has_role(), self.now()))
    }

    async fn care_for_token(&self) -> Result<(), Failure> {
        let (lease, token) = {
            let state = self.state();
            (state.lease, state.token.clone())
        };
        match due(lease, self.has_role(), self.now()) {
            Due::Nothing => return Ok(()),
            Due::Login => return self.log_in().await,
            Due::Renewal => {}
        }
        match self.0.http.renew(&token).await {
            Ok(granted) => {
                let renewed = self.take(granted);
                let is_near_its_end = lease.is_some_and(|before| renewed.is_cut_short(before));
                if is_near_its_end && self.has_role() { self.log_in().await } else { Ok(()) }
            }
            Err(failure) if failure.is_refusal() && self.has_role() => self.log_in().await,
            Err(failure) if failure.is_not_renewable() => {
                self.state().lease = Some(Lease::fixed(self.now()));
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    async fn log_in(&self) -> Result<(), Failure> {
        let Identity::Role { role_id, secret_id } = &self.0.identity else { return Ok(()) };
        let granted = self.0.http.log_in(role_id, secret_id).await?;
        self.take(granted);
        Ok(())
    }

    fn take(&self, granted: Granted) -> Lease {
        let lease = Lease::granted(&granted, self.now());
        let mut state = self.state();
        state.token = granted.client_token;
        state.lease = Some(lease);
        lease
    }

    /// The version of the secret; what it says is dropped.
    async fn read_version(&self) -> Result<u64, Failure> {
        let token = self.state().token.clone();
        let kept = self.0.http.read(&token, &self.0.path).await;
        let now = self.now();
        let mut state = self.state();
        match kept {
            Ok(kept) => {
                state.answered_at = now;
                Ok(kept.metadata.version)
            }
            Err(failure) => {
                // A token that somebody revoked has no lease any more: the next look begins with it.
                if failure.is_refusal() {
                    state.lease = None;
                }
                Err(failure)
            }
        }
    }

    /// What is wrong although the vault answers.
    fn standing_fault(&self, version: u64) -> Option<VaultFault> {
        let is_fixed = self.state().lease.is_some_and(Lease::is_fixed);
        if version != self.0.version {
            Some(VaultFault::Changed)
        } else if is_fixed && !self.has_role() {
            Some(VaultFault::NotRenewed)
        } else {
            None
        }
    }

    /// Keeps what is wrong, with a line in the log when it begins or ends.
    fn note(&self, fault: Option<VaultFault>, words: &str) {
        let before = std::mem::replace(&mut self.state().fault, fault);
        if before == fault {
            return;
        }
        match fault {
            None => tracing::info!("the vault does again what it is asked"),
            Some(VaultFault::Changed) => tracing::warn!(
                "the secret in the vault was changed after the start; start this node anew, so that it is read"
            ),
            Some(VaultFault::NotRenewed) => tracing::warn!(
                "the vault does not renew vault_token, so a start after its end fails; use one that can be renewed, or AppRole"
            ),
            Some(VaultFault::Unreachable | VaultFault::Sealed | VaultFault::Refused | VaultFault::Missing) => {
                tracing::warn!(error = words, "the vault fails; this node goes on with the secrets it has");
            }
        }
    }
}
