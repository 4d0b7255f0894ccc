//! Housekeeping: data that serves nobody any more is deleted, an hour apart, in small bites. Of all nodes one has the turn.
//!
//! Sign-ups and password resets go a day after they ended, codes by mail and SMS and what was typed into a refused form
//! of a document after a day, done jobs and mails of the development inbox after a week, what webhooks were told and
//! what browsers reported after 30 days, sign-ins that wait for their second factor, challenges of passkeys and trusted devices with their end, and so
//! do ways to providers and what came of them (which code made a session, after an hour), recoveries by mail after 30 days, changes of an address after 90 days,
//! sessions with their refresh tokens and personal access tokens 90 days after their end.
//! A live session keeps every token: an old copy must be recognized, however late it is used. Accounts and organizations
//! whose grace is over go with everything that is theirs. Lines of the audit log go when the setting says so. Of keys that are over the private half is erased; what they
//! were called stays. Invitations go 90 days after their time. Recoveries that run are told of here, when a mail of theirs
//! is due; and the records of mail domains are looked at here, each once a day. And accounts that are in no
//! index yet are put into it. Buckets of tries go when they have recovered, proofs of work an hour after their end.

use std::time::Duration;

use crate::flow::{delete_account, delete_organization, list_keys};
use crate::view::KeyView;
use crate::{Auth, Result};

/// How often a node looks whether it is its turn.
const LOOK: Duration = Duration::from_secs(60);
/// The name of the turn.
const TURN: &str = "housekeeping";
/// Rows in one statement: few enough that others hardly wait for it.
const BITE: i64 = 500;
/// Accounts that are put into the index in one transaction: a dozen rows each.
const INDEX_BITE: i64 = 100;
/// Others want to write, too.
const REST: Duration = Duration::from_millis(20);
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// How long a key that is over is kept whole: a node may run with a longer life of its tokens, an hour at most.
const KEY_REST: i64 = 60 * 60;

/// How long it is remembered that a proof of work was used: a node whose clock is behind takes it a moment longer.
const CHALLENGE_REST: i64 = 60 * 60;

/// Repeats a bite until it finds less than it could take.
macro_rules! until_done {
    ($bite:expr) => {{
        let mut all = 0;
        loop {
            let deleted: u64 = $bite;
            all += deleted;
            if deleted < BITE.unsigned_abs() {
                break all;
            }
            tokio::time::sleep(REST).await;
        }
    }};
}

impl Auth {
    /// Keeps house for ever.
    pub async fn keep_house(self) {
        loop {
            if let Err(error) = self.keep_house_in_turn().await {
                tracing::warn!(%error, "housekeeping failed; it goes on in an hour");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Keeps house once, unless some node did within the last hour; `false` when one did.
    ///
    /// # Errors
    /// When the database fails. The turn is over then as well: what failed here may fail on each node.
    pub async fn keep_house_in_turn(&self) -> Result<bool> {
        let now = self.now();
        if !self.store.take_turn(TURN, now, now.minus_seconds(HOUR)).await? {
            return Ok(false);
        }
        self.delete_what_is_over().await?;
        Ok(true)
    }

    /// Deletes everything that is over; returns the number of rows, tokens not counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_what_is_over(&self) -> Result<u64> {
        self.erase_old_keys().await?;
        self.index_waiting_accounts().await?;
        self.go_on_with_recoveries().await?;
        self.check_domains().await?;
        let (now, store) = (self.now(), &self.store);
        let (day_ago, week_ago) = (now.minus_seconds(DAY), now.minus_seconds(7 * DAY));
        store.forget_sms_minutes(day_ago).await?;
        store.forget_wanted_numbers(day_ago).await?;
        store.delete_old_unsaved_documents(day_ago).await?;
        store.forget_browser_reports(now.minus_seconds(30 * DAY)).await?;
        Ok(until_done!(store.delete_old_sign_ups(day_ago, BITE).await?)
            + until_done!(store.delete_old_password_resets(day_ago, BITE).await?)
            + until_done!(store.delete_old_limits(now, BITE).await?)
            + until_done!(store.delete_old_challenges(now.minus_seconds(CHALLENGE_REST), BITE).await?)
            + until_done!(store.delete_old_waiting_acts(now, BITE).await?)
            + until_done!(store.delete_old_pending_sign_ins(now, BITE).await?)
            + until_done!(store.delete_old_trusted_devices(now, BITE).await?)
            + until_done!(store.delete_old_notice_links(now, BITE).await?)
            + until_done!(store.delete_old_passkey_ceremonies(now, BITE).await?)
            + until_done!(store.delete_old_federation_flows(now, BITE).await?)
            + until_done!(store.delete_old_pending_connections(now, BITE).await?)
            + until_done!(store.delete_old_federation_codes(now, BITE).await?)
            + until_done!(store.delete_old_used_federation_codes(now.minus_seconds(HOUR), BITE).await?)
            + until_done!(store.delete_old_provider_tokens(now, BITE).await?)
            + until_done!(self.forget_unwanted_provider_tokens(BITE).await?)
            + until_done!(store.delete_old_invitations(now.minus_seconds(90 * DAY), BITE).await?)
            + until_done!(store.delete_old_invitation_mails(day_ago, BITE).await?)
            + until_done!(store.delete_old_email_changes(now.minus_seconds(90 * DAY), BITE).await?)
            + until_done!(store.delete_old_sent_codes(day_ago, BITE).await?)
            + until_done!(store.delete_old_anomalies(now.minus_seconds(90 * DAY), BITE).await?)
            + until_done!(store.delete_old_arrivals(now.minus_seconds(90 * DAY), BITE).await?)
            + until_done!(store.delete_old_account_recoveries(now.minus_seconds(30 * DAY), BITE).await?)
            + until_done!(store.delete_old_tokens(now.minus_seconds(90 * DAY), BITE).await?)
            + until_done!(store.delete_old_totp_enrolments(now, BITE).await?)
            + until_done!(self.delete_organizations().await?)
            + until_done!(self.delete_accounts().await?)
            + until_done!(self.cut_audit_log().await?)
            + until_done!(store.delete_done_jobs(week_ago, BITE).await?)
            + until_done!(store.delete_old_deliveries(now.minus_seconds(30 * DAY), BITE).await?)
            + until_done!(store.delete_old_dev_mails(week_ago, BITE).await?)
            + until_done!(self.delete_old_sessions().await?))
    }

    async fn erase_old_keys(&self) -> Result<()> {
        let now = self.now();
        let is_over = |key: &KeyView| key.verifies_until.is_some_and(|until| until.plus_seconds(KEY_REST) <= now);
        let whole = self.store.keys_with_private_half().await?;
        for key in list_keys(self).await?.iter().filter(|key| is_over(key) && whole.contains(&key.id)) {
            self.store.erase_private_key(&key.id).await?;
            tracing::info!(kid = key.id, "the private half of a key that is over was erased");
        }
        Ok(())
    }

    /// Accounts of before the index, and those that another program wrote, are found by their names from now on.
    async fn index_waiting_accounts(&self) -> Result<()> {
        // Also when others were faster with all of them.
        while self.index_accounts(INDEX_BITE).await? > 0 {
            tokio::time::sleep(REST).await;
        }
        Ok(())
    }

    /// Puts at most so many accounts into the index, and says how many.
    pub(crate) async fn index_accounts(&self, most: i64) -> Result<u64> {
        let waiting = self.store.unsearched_users(most).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        let mut indexed = 0;
        for account in &waiting {
            indexed += u64::from(tx.index_user(account).await?);
        }
        tx.commit().await?;
        Ok(indexed)
    }

    async fn delete_accounts(&self) -> Result<u64> {
        let due = self.store.accounts_to_delete(self.now(), BITE).await?;
        for id in &due {
            delete_account(self, id).await?;
        }
        Ok(due.len() as u64)
    }

    async fn delete_organizations(&self) -> Result<u64> {
        let due = self.store.organizations_to_delete(self.now(), BITE).await?;
        for id in &due {
            delete_organization(self, id).await?;
        }
        Ok(due.len() as u64)
    }

    async fn delete_old_sessions(&self) -> Result<u64> {
        let over = self.store.sessions_over_since(self.now().minus_seconds(90 * DAY), BITE).await?;
        for session in &over {
            let mut tx = self.store.begin().await?;
            tx.delete_session(session).await?;
            tx.commit().await?;
        }
        Ok(over.len() as u64)
    }
}
