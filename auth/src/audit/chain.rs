//! What proves the chain: the place of each line, its end, and where retention cut its beginning.

use crate::Timestamp;
use crate::crypto::{AuditMac, AuditProof};
use crate::store::{AnchorRow, ChainRow, CheckpointRow};

/// The hash of a line at its place: of its number, of when it got it, of the hash before it, and of what proves the line.
pub(super) fn link(mac: &AuditMac, (sequence, sealed_at): (i64, Timestamp), previous_hash: &str, line: &str) -> String {
    let (sequence, sealed_at) = (sequence.to_string(), sealed_at.0.to_string());
    mac.of(AuditProof::Link, &[Some(&sequence), Some(&sealed_at), Some(previous_hash), Some(line)])
}

/// Whether a line stands where it was sealed.
pub(super) fn is_placed(mac: &AuditMac, line: &ChainRow) -> bool {
    let place = (line.sequence.unwrap_or_default(), line.sealed_at);
    line.hash == link(mac, place, &line.previous_hash, line.proof.mac.as_deref().unwrap_or_default())
}

/// Whether the end of the chain is as the program left it.
pub(super) fn is_ours(mac: &AuditMac, anchor: &AnchorRow) -> bool {
    anchor.mac == anchor_mac(mac, anchor)
}

/// The proof of the end of the chain.
pub(super) fn anchor_mac(mac: &AuditMac, anchor: &AnchorRow) -> String {
    let numbers = [anchor.sequence, anchor.sealed_at.0, anchor.began_at.0, anchor.adopted, anchor.adopts_until.0];
    let [sequence, sealed_at, began_at, adopted, adopts_until] = numbers.map(|number| number.to_string());
    let fields = [&sequence, &anchor.hash, &sealed_at, &began_at, &adopted, &adopts_until];
    mac.of(AuditProof::Anchor, &fields.map(|field| Some(field.as_str())))
}

/// The proof of where the chain was cut.
pub(super) fn checkpoint_mac(mac: &AuditMac, checkpoint: &CheckpointRow) -> String {
    let (sequence, cut_at) = (checkpoint.sequence.to_string(), checkpoint.cut_at.0.to_string());
    mac.of(AuditProof::Checkpoint, &[Some(&sequence), Some(&checkpoint.hash), Some(&cut_at)])
}
