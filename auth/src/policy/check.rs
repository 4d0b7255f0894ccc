//! Reading and checking the text of a version on a stack of its own, beside the runtime.

use super::deep_stack::on_deep_stack;
use super::{Compiled, read, who_locks_out};
use crate::Timestamp;
use crate::id::UserId;
use crate::view::PolicyFault;

/// What came of a version that is to be put in force.
pub(crate) enum Checked {
    /// It can be, once it passes the cases.
    Good(Box<Compiled>),
    /// It would not be accepted any more.
    Faults(Vec<PolicyFault>),
    /// These policies would keep an administrator from taking it back.
    LocksOut(Vec<String>),
}

/// Whether a text can be a version, or what is wrong with it.
///
/// # Errors
/// When there is no thread to do it on.
pub(crate) async fn read_beside(text: String) -> anyhow::Result<Result<(), Vec<PolicyFault>>> {
    on_deep_stack(move || read(&text).map(drop)).await
}

/// Makes a version ready for its activation by this administrator.
///
/// # Errors
/// When there is no thread to do it on.
pub(crate) async fn check_beside(
    number: i64,
    generation: i64,
    text: String,
    administrator: UserId,
    now: Timestamp,
) -> anyhow::Result<Checked> {
    let check = move || -> anyhow::Result<Checked> {
        let policies = match read(&text) {
            Ok(policies) => policies,
            Err(faults) => return Ok(Checked::Faults(faults)),
        };
        let compiled = Compiled::with(number, generation, policies)?;
        let guilty = who_locks_out(&compiled, &administrator, now);
        Ok(if guilty.is_empty() { Checked::Good(Box::new(compiled)) } else { Checked::LocksOut(guilty) })
    };
    on_deep_stack(check).await?
}
