//! What is done when the clock was set: it is told, because little else looks as odd in a log; and what was promised by the
//! clock of before is not waited for until this one gets there. Access tokens that were over are good again when it was set back,
//! so what was forgotten with them is asked for once more.

use std::time::Duration;

use crate::{Auth, Result};

/// How often it is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

impl Auth {
    /// Looks after the clock for ever.
    pub async fn watch_clock(self) {
        loop {
            if let Err(error) = self.meet_leap().await {
                tracing::warn!(%error, "what a clock of before left behind was not looked at; it comes when this one is there");
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// Does what a leap of the clock asks for, if there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meet_leap(&self) -> Result<()> {
        let leap = self.clock.leapt();
        if leap == 0 {
            return Ok(());
        }
        let seconds = leap / 1000;
        tracing::warn!(seconds, "the clock was set, or the machine slept; see docs/operations/overload.md");
        if leap < 0 {
            self.recall_revocations().await?;
            self.store.call_jobs_of_the_future(self.now()).await?;
            self.wake_worker();
        }
        Ok(())
    }
}
