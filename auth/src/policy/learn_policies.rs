//! Learning which policies are in force, when another node tells of them and twice a second: what an administrator
//! activates on one node is in force on every node within a second, and no decision reads the database.

use std::time::Duration;

use crate::store::Topic;
use crate::{Auth, Result};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

impl Auth {
    /// Learns once which policies are in force.
    ///
    /// # Errors
    /// When the store cannot be asked or a version cannot be read; what was known stays known.
    pub async fn learn_policies(&self) -> Result<()> {
        if self.policies.learn(&self.store).await? {
            tracing::info!(version = self.policies.current().number, "another version of the policies is in force");
        }
        Ok(())
    }

    /// Learns which policies are in force, for ever.
    pub async fn watch_policies(self) {
        let mut is_blind = false;
        loop {
            let failure = match tokio::time::timeout(PATIENCE, self.learn_policies()).await {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(format!("{error:#}")),
                Err(_) => Some("the database does not answer".to_owned()),
            };
            match failure {
                // Said once, and not twice a second.
                Some(error) if !is_blind => {
                    tracing::warn!(error, "cannot learn the policies; the known ones stay in force");
                    is_blind = true;
                }
                Some(_) => {}
                None => is_blind = false,
            }
            self.store.news().next_look(Topic::Policies).await;
        }
    }
}
