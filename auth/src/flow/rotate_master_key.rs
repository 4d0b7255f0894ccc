//! Sealing everything anew under the current master key, so that the others may be dropped (NIST SP 800-57 Part 1, 5.3 and
//! 8.3; ASVS 5.0, 11.1.1, 11.2.2).
//!
//! Nodes serve meanwhile: they have every key of the ring. It may be broken off at any moment and begun again, because a
//! value says by itself which key it is sealed under. What nodes write in between is found by another round.

use crate::audit::AuditLine;
use crate::master_key::{QUIET_SECONDS, Round, reseal};
use crate::store::SEALED_COLUMNS;
use crate::{Auth, Context, EventKind, Result, Timestamp};

/// Rounds after which whoever still seals under another key is left to it.
const ROUNDS: usize = 10;

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterKeyRotation {
    /// The name of the key that everything is sealed under.
    pub current: String,
    /// Each table with something to do, in the order of [`SEALED_COLUMNS`].
    pub tables: Vec<TableRotation>,
    /// Keys that nothing is sealed under any more since now.
    pub retired: Vec<String>,
    /// Keys that are still needed, each with when a node last told that it seals with it.
    pub needed: Vec<(String, Timestamp)>,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRotation {
    /// Which.
    pub table: &'static str,
    /// Values that were sealed anew.
    pub resealed: i64,
    /// Values that no key of the settings opens, and that are left as they are.
    pub unreadable: i64,
}

/// Seals everything anew under the current master key; `told` hears the table, how many values of all tables are done, and
/// how many there are. Keys of the ring that no node seals with any more are retired: no start needs them. Whoever calls
/// this has made sure that an operator asks.
///
/// # Errors
/// When the database fails; what was written until then stays, and it may be begun again.
pub async fn rotate_master_key(
    auth: &Auth,
    context: &Context,
    told: impl Fn(&'static str, i64, i64) + Send + Sync,
) -> Result<MasterKeyRotation> {
    let current = auth.sealer.key_name().to_owned();
    let mut left = 0;
    for column in SEALED_COLUMNS {
        left += auth.store.count_sealed_otherwise(column, &auth.sealer.beginning()).await?;
    }
    if left > 0 {
        let mut tx = auth.store.begin().await?;
        let line = AuditLine::of(EventKind::AdminMasterKeyRotationBegun).with(&current);
        auth.record(&mut tx, line, context).await?;
        tx.commit().await?;
    }
    let (tables, clean_since) = rounds(auth, left, &told).await?;

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let mut retired = Vec::new();
    if let Some(since) = clean_since {
        // What a node sealed after the last look at its table was told of later than this.
        let quiet_since = since.minus_seconds(QUIET_SECONDS);
        // Of another node's key that this program lacks it opened nothing: what is sealed under that one still is.
        for key in auth.sealer.other_names() {
            if tx.retire_master_key(key, quiet_since, now).await? {
                retired.push(key.to_owned());
            }
        }
    }
    let resealed: i64 = tables.iter().map(|table| table.resealed).sum();
    if resealed > 0 || !retired.is_empty() {
        let names = (!retired.is_empty()).then(|| retired.join(", "));
        let line = AuditLine::of(EventKind::AdminMasterKeyRotated)
            .with(&current)
            .changed("master_key", names.as_deref(), Some(&current))
            .changed("resealed", None, Some(&resealed.to_string()));
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    let needed = auth.store.master_keys().await?.into_iter();
    let needed = needed.filter(|key| key.id != current && key.retired_at.is_none());
    Ok(MasterKeyRotation { tables, retired, needed: needed.map(|key| (key.id, key.last_used_at)).collect(), current })
}

/// Goes along all columns until a round has nothing to do, and says when that one began; none when none had.
async fn rounds(
    auth: &Auth,
    all: i64,
    told: &(impl Fn(&'static str, i64, i64) + Send + Sync),
) -> Result<(Vec<TableRotation>, Option<Timestamp>)> {
    let (mut tables, mut done) = (Vec::<TableRotation>::new(), 0);
    for _ in 0..ROUNDS {
        let (mut whole, began_at) = (Round::default(), auth.now());
        for table in &mut tables {
            // Told of as the last round met them.
            table.unreadable = 0;
        }
        for column in SEALED_COLUMNS {
            let round = reseal(auth, column, &mut |more: i64| {
                done += more;
                told(column.table, done, all.max(done));
            })
            .await?;
            note(&mut tables, column.table, round);
            whole += round;
        }
        if whole.resealed == 0 && whole.changed == 0 {
            return Ok((tables, Some(began_at)));
        }
    }
    Ok((tables, None))
}

fn note(tables: &mut Vec<TableRotation>, table: &'static str, round: Round) {
    if round == Round::default() {
        return;
    }
    let index = tables.iter().position(|known| known.table == table).unwrap_or_else(|| {
        tables.push(TableRotation { table, resealed: 0, unreadable: 0 });
        tables.len() - 1
    });
    tables[index].resealed += round.resealed;
    tables[index].unreadable += round.unreadable;
}
