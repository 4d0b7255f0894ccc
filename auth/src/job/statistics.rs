//! Counting what happened on each day, so that a page reads some rows and no log of millions of lines.
//!
//! One node counts for all: whoever takes the turn. Today and yesterday are counted anew each time; of the days before
//! those are counted that nobody counted, as after an upgrade. A number of sign-ins, refusals or active accounts never
//! goes back, because what was counted may be deleted since. Accounts are counted as they are.

use std::time::Duration;

use crate::anomaly::AnomalyReason;
use crate::{Auth, EventKind, Result, Timestamp};

/// Days that the pages show.
pub(crate) const DAYS: i64 = 30;
/// Days that are kept.
const KEPT_DAYS: i64 = 400;
/// How old the numbers may get by themselves.
const INTERVAL_SECONDS: i64 = 15 * 60;
/// How often a node looks whether it is its turn.
const LOOK: Duration = Duration::from_secs(60);
const DAY: i64 = 24 * 60 * 60;

/// Names of the numbers.
pub(crate) const REFUSED: &str = "refused";
pub(crate) const ACTIVE: &str = "active";
pub(crate) const ACCOUNTS: &str = "accounts";
pub(crate) const WITH_FACTOR: &str = "with_factor";
pub(crate) const BY_PASSWORD: &str = "sign_ins.password";
pub(crate) const BY_PASSKEY: &str = "sign_ins.passkey";
pub(crate) const BY_PROVIDER: &str = "sign_ins.provider";
pub(crate) const BY_OTHER: &str = "sign_ins.other";

/// The name of the number of unusual sign-ins with a reason.
pub(crate) const fn anomalies_named(reason: AnomalyReason) -> &'static str {
    match reason {
        AnomalyReason::ImpossibleTravel => "anomalies.impossible_travel",
        AnomalyReason::NewDevice => "anomalies.new_device",
        AnomalyReason::ManyAccounts => "anomalies.many_accounts",
        AnomalyReason::TokenReuse => "anomalies.token_reuse",
    }
}

/// The number of the day of a moment, in UTC.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.seconds().div_euclid(DAY)
}

/// The first moment of a day.
pub(crate) fn start_of(day: i64) -> Timestamp {
    Timestamp(day * DAY * 1000)
}

impl Auth {
    /// Counts for ever. Not at once: whoever looks first counts what there is by then, and a new installation does not
    /// begin with numbers of nothing.
    pub async fn keep_statistics(self) {
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(error) = self.count_statistics(INTERVAL_SECONDS).await {
                tracing::warn!(%error, "the days were not counted; that is tried again");
            }
        }
    }

    /// Counts, when the numbers are as old as this; `false` when they are younger.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_statistics(&self, seconds: i64) -> Result<bool> {
        let now = self.now();
        if !self.store.take_turn_to_count(now, now.minus_seconds(seconds)).await? {
            return Ok(false);
        }
        let today = day_of(now);
        let known = self.store.statistics_between(today - DAYS, today).await?;
        let is_known = |day: i64| known.iter().any(|(of, name, _)| *of == day && name == REFUSED);
        for day in (today - DAYS + 1..=today).filter(|day| *day >= today - 1 || !is_known(*day)) {
            self.count_day(day).await?;
        }
        let active = self.store.count_active_accounts(start_of(today)).await?;
        self.store.note_statistic(today, ACTIVE, active).await?;
        let (accounts, with_factor) = self.store.count_accounts().await?;
        self.store.replace_statistic(today, ACCOUNTS, accounts).await?;
        self.store.replace_statistic(today, WITH_FACTOR, with_factor).await?;
        self.store.forget_statistics(today - KEPT_DAYS).await?;
        Ok(true)
    }

    /// Counts what can be counted of any day.
    async fn count_day(&self, day: i64) -> Result<()> {
        let (from, to) = (start_of(day), start_of(day + 1));
        let mut ways = [(BY_PASSWORD, 0), (BY_PASSKEY, 0), (BY_PROVIDER, 0), (BY_OTHER, 0)];
        for (method, sign_ins) in self.store.count_sign_ins(from, to).await? {
            let name = way_of(&method);
            ways.iter_mut().filter(|(way, _)| *way == name).for_each(|(_, count)| *count += sign_ins);
        }
        for (name, count) in ways.into_iter().filter(|(_, count)| *count > 0) {
            self.store.note_statistic(day, name, count).await?;
        }
        let anomalies = self.store.count_anomalies(from, to).await?;
        for (reason, count) in anomalies.each().filter(|(_, count)| *count > 0) {
            self.store.note_statistic(day, anomalies_named(reason), count).await?;
        }
        let mut refused = 0;
        for kind in [EventKind::SessionRefused, EventKind::FactorRefused] {
            refused += self.store.count_events(kind.as_str(), from, to).await?;
        }
        Ok(self.store.note_statistic(day, REFUSED, refused).await?)
    }
}

/// The name of the number that a sign-in of this method counts for.
fn way_of(method: &str) -> &'static str {
    match method {
        "pwd" => BY_PASSWORD,
        "passkey" => BY_PASSKEY,
        method if method.starts_with("provider:") => BY_PROVIDER,
        _ => BY_OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_utc() {
        let at = Timestamp(1_800_000_000_000);
        assert_eq!(day_of(at), 20_833);
        assert_eq!(day_of(start_of(20_833)), 20_833);
        assert_eq!(day_of(Timestamp(start_of(20_833).0 - 1)), 20_832);
    }

    #[test]
    fn each_method_counts_for_one_way() {
        for (method, way) in [
            ("pwd", BY_PASSWORD),
            ("passkey", BY_PASSKEY),
            ("provider:google", BY_PROVIDER),
            ("provider:google:mfa", BY_PROVIDER),
            ("of tomorrow", BY_OTHER),
        ] {
            assert_eq!(way_of(method), way, "{method}");
        }
    }
}
