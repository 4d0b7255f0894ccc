//! Erasing what the audit log tells of somebody who leaves (GDPR, article 17). The lines stay and prove themselves; what
//! they told of others stays as well.

use super::proof::Part;
use crate::engine::Engine;
use crate::id::UserId;
use crate::store::{ErasedLine, PersonalLine, Transaction};
use crate::{Auth, Result};

/// Lines that are read at once.
const BITE: i64 = 500;

/// Takes a person out of every line, in the transaction in which their account goes, before their sessions do.
///
/// # Errors
/// When the database fails.
pub(crate) async fn erase_person(auth: &Auth, tx: &mut Transaction, user: &UserId) -> Result<()> {
    // Whoever seals lines holds the chain first as well, so neither waits for the other's lines in a circle.
    tx.lock_audit_chain().await?;
    loop {
        let lines = tx.lines_about(user, BITE).await?;
        let erased: Vec<ErasedLine> = lines.iter().map(|line| erased(auth, line)).collect();
        tx.erase_lines(&erased).await?;
        // Those that are erased are not found again.
        if erased.len() < usize::try_from(BITE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

fn erased(engine: &Engine, PersonalLine { line, is_subject, is_origin }: &PersonalLine) -> ErasedLine {
    let said = line.said();
    let instead = |part: Part, salt: Option<&String>| {
        let left = said.erased(&engine.audit_mac, part, salt.map(String::as_str));
        // A part without a salt proves nothing, and one that is erased keeps what its erasure left.
        left.or_else(|| salt.cloned()).unwrap_or_default()
    };
    ErasedLine {
        id: line.id.clone(),
        subject: is_subject.then(|| instead(Part::Subject, line.proof.subject_salt.as_ref())),
        origin: is_origin.then(|| instead(Part::Origin, line.proof.origin_salt.as_ref())),
    }
}
