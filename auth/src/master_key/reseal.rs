//! Sealing values anew under the current master key, a few at a time, while nodes read and write them.
//!
//! A value is replaced only while it still is the text that was read: what somebody writes in between stays, and is met
//! again in the next round.

use std::time::Duration;

use crate::store::{SealedColumn, SealedValue};
use crate::until_free::until_free;
use crate::{Auth, Result};

/// Values of one transaction: few enough that others hardly wait for it.
const BITE: i64 = 100;
/// Others want to write, too.
const REST: Duration = Duration::from_millis(5);
/// How often a bite is tried that others kept from being written.
const TRIES: u32 = 20;

/// What was met on the way along a column, or along all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Round {
    /// Values that are sealed under the current key now.
    pub(crate) resealed: i64,
    /// Values that others changed in the same moment.
    pub(crate) changed: i64,
    /// Values that no key of the ring opens. They are left as they are.
    pub(crate) unreadable: i64,
}

impl std::ops::AddAssign for Round {
    fn add_assign(&mut self, other: Self) {
        self.resealed += other.resealed;
        self.changed += other.changed;
        self.unreadable += other.unreadable;
    }
}

/// Goes along a column once; `told` hears after each bite how many values were sealed anew in it.
///
/// # Errors
/// When the database fails, or others do not let it write for long; what was written until then stays.
pub(crate) async fn reseal(auth: &Auth, column: &'static SealedColumn, told: &mut impl FnMut(i64)) -> Result<Round> {
    let beginning = auth.sealer.beginning();
    let (mut round, mut after) = (Round::default(), String::new());
    loop {
        let values = auth.store.sealed_otherwise(column, &beginning, &after, BITE).await?;
        let Some(last) = values.last() else { return Ok(round) };
        last.id.clone_into(&mut after);
        // Others that change several rows, too, do so in another order.
        let bite = until_free(TRIES, || write(auth, column, &values)).await?;
        told(bite.resealed);
        round += bite;
        tokio::time::sleep(REST).await;
    }
}

/// Writes a bite.
async fn write(auth: &Auth, column: &'static SealedColumn, values: &[SealedValue]) -> Result<Round> {
    let mut round = Round::default();
    // Sealed before the transaction begins.
    let mut anew = Vec::with_capacity(values.len());
    for value in values {
        let place = column.place(&value.id);
        match auth.sealer.open(&place, &value.sealed) {
            Ok(plain) => anew.push((value, auth.sealer.seal(&*auth.random, &place, &plain))),
            Err(error) => {
                tracing::warn!(%error, table = column.table, column = column.column, "a value is left as it is");
                round.unreadable += 1;
            }
        }
    }
    if anew.is_empty() {
        return Ok(round);
    }
    let mut tx = auth.store.begin().await?;
    for (value, sealed) in &anew {
        if tx.reseal(column, value, sealed).await? {
            round.resealed += 1;
        } else {
            round.changed += 1;
        }
    }
    tx.commit().await?;
    Ok(round)
}
