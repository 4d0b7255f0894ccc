//! Whether everything that rests sealed opens with the master keys at hand: what makes a backup useful.

use crate::store::SEALED_COLUMNS;
use crate::{Auth, Result};

/// Values that are read at once.
const BITE: i64 = 500;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedValuesFound {
    /// How many open.
    pub open: u64,
    /// How many do not, by their column.
    pub closed: Vec<(String, u64)>,
}

/// Opens every sealed value, and keeps none. Whoever calls this has made sure that an operator asks.
///
/// # Errors
/// When the database fails.
pub async fn check_sealed_values(auth: &Auth) -> Result<SealedValuesFound> {
    let mut found = SealedValuesFound::default();
    for column in SEALED_COLUMNS {
        let (mut after, mut closed) = (String::new(), 0);
        loop {
            // No value begins with nothing: these are all of them.
            let values = auth.store.sealed_otherwise(column, "", &after, BITE).await?;
            let Some(last) = values.last() else { break };
            after.clone_from(&last.id);
            for value in &values {
                match auth.sealer.open(&column.place(&value.id), &value.sealed) {
                    Ok(_) => found.open += 1,
                    Err(_) => closed += 1,
                }
            }
        }
        if closed > 0 {
            found.closed.push((format!("{}.{}", column.table, column.column), closed));
        }
    }
    Ok(found)
}
