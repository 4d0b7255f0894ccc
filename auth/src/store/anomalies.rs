//! Sign-ins that looked unusual, and who came from which client.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::anomaly::{AnomalyOutcome, AnomalyReason, Score};
use crate::id::{AnomalyId, UserId};
use crate::paging::{Place, rows_to_ask};
use crate::view::{AnomalyItem, AnomalyRecord, AnomalyTravel};
use crate::{PersonName, Timestamp};

/// Accounts of a client that are counted: more are as many.
const MOST_COUNTED: i64 = 100;

/// One to be stored.
pub struct NewAnomaly<'a> {
    /// Its id.
    pub id: &'a AnomalyId,
    /// Whose account it is about.
    pub user_id: &'a UserId,
    /// When.
    pub at: Timestamp,
    /// Browser and system in words.
    pub device: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// How unusual it is, and why.
    pub score: &'a Score,
    /// The journey that nobody makes.
    pub travel: Option<&'a AnomalyTravel>,
    /// Accounts that are new at the client.
    pub accounts: i64,
    /// What becomes of it.
    pub outcome: AnomalyOutcome,
    /// When its owner is told by mail.
    pub told_at: Option<Timestamp>,
}

/// How many there were on a day, by reason.
pub struct AnomalyCounts([i64; AnomalyReason::ALL.len()]);

impl AnomalyCounts {
    /// Each reason with its number.
    pub fn each(&self) -> impl Iterator<Item = (AnomalyReason, i64)> {
        AnomalyReason::ALL.into_iter().zip(self.0)
    }
}

/// What happened, of a row called `a`.
macro_rules! record_columns {
    () => {
        "a.at, a.device, a.address, a.points, a.impossible_travel, a.new_device, a.many_accounts, a.token_reuse, \
         a.from_place, a.to_place, a.kilometres, a.seconds, a.accounts, a.outcome"
    };
}

/// A page of the list, of rows that fit: `$1` and `$2` the place, `$3` rows to ask.
macro_rules! listed {
    ($fits:literal) => {
        concat!(
            "SELECT a.id, a.user_id, u.email, u.name, ",
            record_columns!(),
            " FROM anomalies a JOIN users u ON u.id = a.user_id WHERE (a.at, a.id) < ($1, $2)",
            $fits,
            " ORDER BY a.at DESC, a.id DESC LIMIT $3"
        )
    };
}

fn record(row: &AnyRow) -> Result<AnomalyRecord> {
    let outcome: String = row.try_get("outcome")?;
    let mut reasons = Vec::new();
    for reason in AnomalyReason::ALL {
        if row.try_get::<i64, _>(reason.as_str())? > 0 {
            reasons.push(reason);
        }
    }
    let travel = AnomalyTravel {
        from: row.try_get("from_place")?,
        to: row.try_get("to_place")?,
        kilometres: row.try_get("kilometres")?,
        seconds: row.try_get("seconds")?,
    };
    Ok(AnomalyRecord {
        at: Timestamp(row.try_get("at")?),
        device: row.try_get("device")?,
        address: row.try_get("address")?,
        points: row.try_get("points")?,
        travel: reasons.contains(&AnomalyReason::ImpossibleTravel).then_some(travel),
        reasons,
        accounts: row.try_get("accounts")?,
        // One of a newer version was let in, or not: the rest of the row says it.
        outcome: AnomalyOutcome::parse(&outcome).unwrap_or(AnomalyOutcome::LetIn),
    })
}

fn item(row: &AnyRow) -> Result<AnomalyItem> {
    Ok(AnomalyItem {
        id: AnomalyId(row.try_get("id")?),
        user_id: UserId(row.try_get("user_id")?),
        email: parsed(row, "email")?,
        name: PersonName::from(row.try_get::<String, _>("name")?),
        record: record(row)?,
    })
}

impl Store {
    /// Notes that an account came from a client, and counts the accounts that came from it for the first time since
    /// `since`, this one included: at most a hundred. One that has a session from the address came there long ago. One that
    /// was asked for more there and never proved it has not arrived: it comes for the first time again.
    pub async fn note_arrival(
        &self,
        (client_mac, address): (&str, &str),
        user: &UserId,
        now: Timestamp,
        since: Timestamp,
    ) -> Result<i64> {
        sqlx::query(
            "INSERT INTO client_arrivals (client_mac, user_id, first_at, last_at) VALUES ($1, $2, \
             CASE WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $2 AND s.address = $4) \
             THEN CAST(0 AS BIGINT) ELSE CAST($3 AS BIGINT) END, CAST($3 AS BIGINT)) \
             ON CONFLICT (client_mac, user_id) DO UPDATE SET last_at = excluded.last_at, \
             first_at = CASE WHEN excluded.first_at > 0 AND EXISTS (SELECT a.id FROM anomalies a \
             WHERE a.user_id = $2 AND a.many_accounts > 0 AND a.outcome = 'asked') THEN excluded.first_at \
             ELSE client_arrivals.first_at END",
        )
        .bind(client_mac)
        .bind(user.as_str())
        .bind(now.0)
        .bind(address)
        .execute(&mut *self.write.get().await?)
        .await?;
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS accounts FROM (SELECT c.user_id FROM client_arrivals c \
             WHERE c.client_mac = $1 AND c.first_at > $2 LIMIT $3) counted",
        )
        .bind(client_mac)
        .bind(since.0)
        .bind(MOST_COUNTED)
        .fetch_one(&mut *self.read.get().await?)
        .await?
        .try_get("accounts")
    }

    /// A page of the list; of one reason where one is wanted.
    pub async fn anomalies(&self, reason: Option<AnomalyReason>, place: &Place) -> Result<Vec<AnomalyItem>> {
        let text = match reason {
            None => listed!(""),
            Some(AnomalyReason::ImpossibleTravel) => listed!(" AND a.impossible_travel > 0"),
            Some(AnomalyReason::NewDevice) => listed!(" AND a.new_device > 0"),
            Some(AnomalyReason::ManyAccounts) => listed!(" AND a.many_accounts > 0"),
            Some(AnomalyReason::TokenReuse) => listed!(" AND a.token_reuse > 0"),
        };
        sqlx::query(text)
            .bind(place.at.0)
            .bind(place.id.as_str())
            .bind(rows_to_ask())
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(item)
            .collect()
    }

    /// Everything of an account that is kept, newest first.
    pub async fn anomalies_of(&self, user: &UserId, most: i64) -> Result<Vec<AnomalyRecord>> {
        sqlx::query(concat!(
            "SELECT ",
            record_columns!(),
            " FROM anomalies a WHERE a.user_id = $1 ORDER BY a.at DESC, a.id DESC LIMIT $2"
        ))
        .bind(user.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(record)
        .collect()
    }

    /// How many there were from one moment to another, by reason.
    pub async fn count_anomalies(&self, from: Timestamp, to: Timestamp) -> Result<AnomalyCounts> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN impossible_travel > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) \
             AS impossible_travel, \
             CAST(COALESCE(SUM(CASE WHEN new_device > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS new_device, \
             CAST(COALESCE(SUM(CASE WHEN many_accounts > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS many_accounts, \
             CAST(COALESCE(SUM(CASE WHEN token_reuse > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS token_reuse \
             FROM anomalies WHERE at >= $1 AND at < $2",
        )
        .bind(from.0)
        .bind(to.0)
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        let mut counts = [0; AnomalyReason::ALL.len()];
        for (count, reason) in counts.iter_mut().zip(AnomalyReason::ALL) {
            *count = row.try_get(reason.as_str())?;
        }
        Ok(AnomalyCounts(counts))
    }
}

impl Transaction {
    /// Stores one.
    pub async fn insert_anomaly(&mut self, new: &NewAnomaly<'_>) -> Result<()> {
        let nowhere = AnomalyTravel { from: String::new(), to: String::new(), kilometres: 0, seconds: 0 };
        let travel = new.travel.unwrap_or(&nowhere);
        sqlx::query(
            "INSERT INTO anomalies (id, user_id, at, device, address, points, impossible_travel, new_device, \
             many_accounts, token_reuse, from_place, to_place, kilometres, seconds, accounts, outcome, told_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        )
        .bind(new.id.as_str())
        .bind(new.user_id.as_str())
        .bind(new.at.0)
        .bind(new.device)
        .bind(new.address)
        .bind(new.score.points)
        .bind(new.score.of(AnomalyReason::ImpossibleTravel))
        .bind(new.score.of(AnomalyReason::NewDevice))
        .bind(new.score.of(AnomalyReason::ManyAccounts))
        .bind(new.score.of(AnomalyReason::TokenReuse))
        .bind(travel.from.as_str())
        .bind(travel.to.as_str())
        .bind(travel.kilometres)
        .bind(travel.seconds)
        .bind(new.accounts)
        .bind(new.outcome.as_str())
        .bind(new.told_at.map(|at| at.0))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Notes that what was asked for was given.
    pub async fn prove_anomaly(&mut self, id: &AnomalyId) -> Result<()> {
        sqlx::query("UPDATE anomalies SET outcome = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(AnomalyOutcome::Proved.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Whether the owner of an account was told of an unusual sign-in since `since`. Exact for whoever holds the account.
    pub async fn was_told_of_anomaly(&mut self, user: &UserId, since: Timestamp) -> Result<bool> {
        let row = sqlx::query(
            "SELECT id FROM anomalies WHERE user_id = $1 AND at > $2 AND told_at IS NOT NULL \
             AND outcome <> 'ended' LIMIT 1",
        )
        .bind(user.as_str())
        .bind(since.0)
        .fetch_optional(&mut *self.0)
        .await?;
        Ok(row.is_some())
    }
}
