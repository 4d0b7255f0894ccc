//! Housekeeping: data that serves nobody any more is deleted, an hour apart, in small bites.
//!
//! Sign-ups go a day after they ended, done jobs after a day, mails of the development inbox after
//! a week, and rotated refresh tokens after 30 days: one that is used again later is unknown and
//! opens nothing.

use std::time::Duration;

use crate::{Auth, Result};

const INTERVAL: Duration = Duration::from_secs(60 * 60);
const BITE: i64 = 500;
const DAY: i64 = 24 * 60 * 60;

impl Auth {
    /// Keeps house for ever.
    pub async fn keep_house(self) {
        loop {
            if let Err(error) = self.delete_what_is_over().await {
                tracing::warn!(%error, "housekeeping failed; it goes on in an hour");
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// Deletes everything that is over; returns the number of rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_what_is_over(&self) -> Result<u64> {
        let now = self.now();
        let mut deleted = 0;
        loop {
            let bite = self.store.delete_old_sign_ups(now.minus_seconds(DAY), BITE).await?
                + self.store.delete_done_jobs(now.minus_seconds(DAY), BITE).await?
                + self.store.delete_old_dev_mails(now.minus_seconds(7 * DAY), BITE).await?
                + self.store.delete_old_refresh_tokens(now.minus_seconds(30 * DAY), BITE).await?;
            deleted += bite;
            if bite == 0 {
                return Ok(deleted);
            }
            // Others want to write, too.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
