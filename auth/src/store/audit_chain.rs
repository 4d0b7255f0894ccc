//! The audit log as a chain: its end, its lines in order, and sealing them.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};
use std::sync::LazyLock;

use super::values::values;
use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::audit::{LineProof, Said};

/// The end of the chain.
#[derive(Clone, Debug)]
pub struct AnchorRow {
    /// The last sealed line; 0 before the first.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// When the chain began.
    pub began_at: Timestamp,
    /// The last line that was there before the chain.
    pub adopted: i64,
    /// Until when lines without a proof are taken as they stand.
    pub adopts_until: Timestamp,
    /// What proves it; empty before the chain begins.
    pub mac: String,
}

/// A line with everything that is proved of it.
#[derive(Clone)]
pub struct ChainRow {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Its number; none before it is sealed.
    pub sequence: Option<i64>,
    /// When it got it; 0 before.
    pub sealed_at: Timestamp,
    /// The hash of the line before it.
    pub previous_hash: String,
    /// Its own.
    pub hash: String,
    /// What proves it.
    pub proof: LineProof,
    /// Where.
    pub organization: Option<String>,
    /// What became of it.
    pub outcome: String,
    kind: String,
    user: Option<String>,
    target: Option<String>,
    changes: Option<String>,
    actor: Option<String>,
    impersonator: Option<String>,
    session: Option<String>,
    address: String,
    device: String,
    request: String,
}

/// A line at its place.
pub struct SealedLine {
    /// Its id.
    pub id: String,
    /// Its number.
    pub sequence: i64,
    /// When it gets it.
    pub sealed_at: Timestamp,
    /// The hash of the line before it.
    pub previous_hash: String,
    /// Its own.
    pub hash: String,
}

macro_rules! chain_columns {
    () => {
        "id, at, kind, outcome, organization_id, user_id, target, changes, actor_id, impersonator_id, session_id, address, \
         device, request_id, subject_salt, origin_salt, mac, sequence, sealed_at, \
         COALESCE(previous_hash, '') AS previous_hash, COALESCE(hash, '') AS hash"
    };
}
pub(super) use chain_columns;

impl FromRow<'_, AnyRow> for AnchorRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            sequence: row.try_get("sequence")?,
            hash: row.try_get("hash")?,
            sealed_at: Timestamp(row.try_get("sealed_at")?),
            began_at: Timestamp(row.try_get("began_at")?),
            adopted: row.try_get("adopted")?,
            adopts_until: Timestamp(row.try_get("adopts_until")?),
            mac: row.try_get("mac")?,
        })
    }
}

impl FromRow<'_, AnyRow> for ChainRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            at: Timestamp(row.try_get("at")?),
            sequence: row.try_get("sequence")?,
            sealed_at: Timestamp(row.try_get::<Option<i64>, _>("sealed_at")?.unwrap_or_default()),
            previous_hash: row.try_get("previous_hash")?,
            hash: row.try_get("hash")?,
            proof: LineProof {
                subject_salt: row.try_get("subject_salt")?,
                origin_salt: row.try_get("origin_salt")?,
                mac: row.try_get("mac")?,
            },
            organization: row.try_get("organization_id")?,
            outcome: row.try_get("outcome")?,
            kind: row.try_get("kind")?,
            user: row.try_get("user_id")?,
            target: row.try_get("target")?,
            changes: row.try_get("changes")?,
            actor: row.try_get("actor_id")?,
            impersonator: row.try_get("impersonator_id")?,
            session: row.try_get("session_id")?,
            address: row.try_get("address")?,
            device: row.try_get("device")?,
            request: row.try_get("request_id")?,
        })
    }
}

impl ChainRow {
    /// What it says, as it is proved.
    pub(crate) fn said(&self) -> Said<'_> {
        Said {
            id: &self.id,
            at: self.at,
            kind: &self.kind,
            outcome: &self.outcome,
            organization: self.organization.as_deref(),
            user: self.user.as_deref(),
            target: self.target.as_deref(),
            changes: self.changes.as_deref(),
            actor: self.actor.as_deref(),
            impersonator: self.impersonator.as_deref(),
            session: self.session.as_deref(),
            address: &self.address,
            device: &self.device,
            request: &self.request,
        }
    }
}

/// Lines in one statement.
const BATCH: usize = 50;

static SEAL: LazyLock<String> = LazyLock::new(|| {
    let lines = values(BATCH, &["TEXT", "BIGINT", "BIGINT", "TEXT", "TEXT"]);
    "WITH sealed (line, sequence, sealed_at, previous_hash, hash) AS (VALUES ".to_owned()
        + &lines
        + ") UPDATE audit_events SET sequence = sealed.sequence, sealed_at = sealed.sealed_at, \
           previous_hash = sealed.previous_hash, hash = sealed.hash \
           FROM sealed WHERE audit_events.id = sealed.line AND audit_events.sequence IS NULL"
});

static ADOPT: LazyLock<String> = LazyLock::new(|| {
    let lines = values(BATCH, &["TEXT", "TEXT", "TEXT", "TEXT"]);
    "WITH proved (line, subject_salt, origin_salt, mac) AS (VALUES ".to_owned()
        + &lines
        + ") UPDATE audit_events SET subject_salt = proved.subject_salt, origin_salt = proved.origin_salt, \
           mac = proved.mac FROM proved WHERE audit_events.id = proved.line AND audit_events.mac IS NULL"
});

impl Store {
    /// The end of the chain; none when somebody took it away.
    pub async fn audit_anchor(&self) -> Result<Option<AnchorRow>> {
        sqlx::query_as(
            "SELECT sequence, hash, sealed_at, began_at, adopted, adopts_until, mac FROM audit_anchor WHERE id = 1",
        )
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// Whether a line waits to be sealed.
    pub async fn has_lines_to_seal(&self) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM audit_events WHERE sequence IS NULL AND mac IS NOT NULL LIMIT 1")
            .fetch_optional(&mut *self.read.get().await?)
            .await?;
        Ok(row.is_some())
    }

    /// When the line was written that waits for the longest.
    pub async fn oldest_unsealed_line(&self) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT at FROM audit_events WHERE sequence IS NULL AND mac IS NOT NULL ORDER BY at, id LIMIT 1")
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("at").map(Timestamp))
            .transpose()
    }

    /// When the oldest line without a proof says that it was written.
    pub async fn oldest_unproved_line(&self) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT at FROM audit_events WHERE sequence IS NULL AND mac IS NULL ORDER BY at, id LIMIT 1")
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("at").map(Timestamp))
            .transpose()
    }

    /// The highest number of a line; 0 without one.
    pub async fn highest_audit_sequence(&self) -> Result<i64> {
        let row =
            sqlx::query("SELECT sequence FROM audit_events WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1")
                .fetch_optional(&mut *self.read.get().await?)
                .await?;
        row.map_or(Ok(0), |row| row.try_get("sequence"))
    }

    /// The lowest number of a line; none without a line.
    pub async fn lowest_audit_sequence(&self) -> Result<Option<i64>> {
        sqlx::query("SELECT sequence FROM audit_events WHERE sequence IS NOT NULL ORDER BY sequence LIMIT 1")
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("sequence"))
            .transpose()
    }

    /// Lines after one number and up to another, in the order of the chain.
    pub async fn chain_lines(&self, after: i64, up_to: i64, most: i64) -> Result<Vec<ChainRow>> {
        sqlx::query_as::<Any, ChainRow>(concat!(
            "SELECT ",
            chain_columns!(),
            " FROM audit_events WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3"
        ))
        .bind(after)
        .bind(up_to)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The hash of the line with this number.
    pub async fn chain_hash(&self, sequence: i64) -> Result<Option<String>> {
        sqlx::query("SELECT COALESCE(hash, '') AS hash FROM audit_events WHERE sequence = $1")
            .bind(sequence)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("hash"))
            .transpose()
    }
}

impl Transaction {
    /// Makes what was done last where nobody who keeps something in memory needs to hear of it: lines, their chain, codes that
    /// were taken.
    pub async fn commit_unheard(self) -> Result<()> {
        let Self(open, _) = self;
        open.commit().await
    }

    /// Holds the chain to the end of the transaction: others who seal, cut or erase wait. None when somebody took its
    /// end away.
    pub async fn lock_audit_chain(&mut self) -> Result<Option<AnchorRow>> {
        sqlx::query_as(
            "UPDATE audit_anchor SET sequence = sequence WHERE id = 1 \
             RETURNING sequence, hash, sealed_at, began_at, adopted, adopts_until, mac",
        )
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Whether a chain began here at some time: an end without a proof is none of ours then.
    pub async fn has_traces_of_a_chain(&mut self) -> Result<bool> {
        let row = sqlx::query(
            "SELECT a.id FROM audit_anchor a WHERE a.id = 1 AND (a.sequence <> 0 OR a.hash <> '' OR a.began_at <> 0 \
             OR EXISTS (SELECT c.id FROM audit_checkpoint c) OR EXISTS (SELECT d.day FROM audit_days d) \
             OR EXISTS (SELECT e.id FROM audit_events e WHERE e.sequence IS NOT NULL))",
        )
        .fetch_optional(&mut *self.0)
        .await?;
        Ok(row.is_some())
    }

    /// Writes the end of the chain.
    pub async fn move_audit_anchor(&mut self, anchor: &AnchorRow) -> Result<()> {
        sqlx::query(
            "UPDATE audit_anchor SET sequence = $1, hash = $2, sealed_at = $3, began_at = $4, adopted = $5, \
             adopts_until = $6, mac = $7 WHERE id = 1",
        )
        .bind(anchor.sequence)
        .bind(anchor.hash.as_str())
        .bind(anchor.sealed_at.0)
        .bind(anchor.began_at.0)
        .bind(anchor.adopted)
        .bind(anchor.adopts_until.0)
        .bind(anchor.mac.as_str())
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Lines that wait to be sealed, the eldest first.
    pub async fn lines_to_seal(&mut self, most: i64) -> Result<Vec<ChainRow>> {
        sqlx::query_as::<Any, ChainRow>(concat!(
            "SELECT ",
            chain_columns!(),
            " FROM audit_events WHERE sequence IS NULL AND mac IS NOT NULL ORDER BY at, id LIMIT $1"
        ))
        .bind(most)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Lines that nobody proves, the eldest first.
    pub async fn unproved_lines(&mut self, most: i64) -> Result<Vec<ChainRow>> {
        sqlx::query_as::<Any, ChainRow>(concat!(
            "SELECT ",
            chain_columns!(),
            " FROM audit_events WHERE sequence IS NULL AND mac IS NULL ORDER BY at, id LIMIT $1"
        ))
        .bind(most)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Takes the proof from a line whose proof is none.
    pub async fn disown_line(&mut self, id: &str) -> Result<()> {
        sqlx::query("UPDATE audit_events SET mac = NULL WHERE id = $1 AND sequence IS NULL")
            .bind(id)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Gives lines of before the chain what proves them from now on.
    pub async fn adopt_lines(&mut self, lines: &[(String, LineProof)]) -> Result<()> {
        for batch in lines.chunks(BATCH) {
            let mut statement = sqlx::query(ADOPT.as_str());
            for place in 0..BATCH {
                let line = batch.get(place);
                let proof = line.map(|(_, proof)| proof);
                statement = statement
                    .bind(line.map(|(id, _)| id.as_str()))
                    .bind(proof.and_then(|proof| proof.subject_salt.as_deref()))
                    .bind(proof.and_then(|proof| proof.origin_salt.as_deref()))
                    .bind(proof.and_then(|proof| proof.mac.as_deref()));
            }
            statement.execute(&mut *self.0).await?;
        }
        Ok(())
    }

    /// Puts lines at their places; returns how many were still without one.
    pub async fn seal_lines(&mut self, lines: &[SealedLine]) -> Result<u64> {
        let mut sealed = 0;
        for batch in lines.chunks(BATCH) {
            let mut statement = sqlx::query(SEAL.as_str());
            for place in 0..BATCH {
                let line = batch.get(place);
                statement = statement
                    .bind(line.map(|line| line.id.as_str()))
                    .bind(line.map(|line| line.sequence))
                    .bind(line.map(|line| line.sealed_at.0))
                    .bind(line.map(|line| line.previous_hash.as_str()))
                    .bind(line.map(|line| line.hash.as_str()));
            }
            sealed += statement.execute(&mut *self.0).await?.rows_affected();
        }
        Ok(sealed)
    }
}
