//! Walking along the chain, line by line: what is not as it was written, what is gone, what stands elsewhere.

use super::chain::is_placed;
use crate::Timestamp;
use crate::crypto::AuditMac;
use crate::store::ChainRow;
use crate::view::{AuditFault, AuditFaultKind, AuditState};

/// A walk that is under way.
pub(crate) struct Walk<'a> {
    mac: &'a AuditMac,
    /// The number that the next line has.
    next: i64,
    /// The hash of the line before it; none where it cannot be known: at the beginning in the middle, and after a fault.
    previous: Option<String>,
    head: String,
    first: Option<(i64, Timestamp)>,
    count: i64,
    faults: Vec<AuditFault>,
}

impl<'a> Walk<'a> {
    /// A walk that begins after a line; its hash, where it can be believed.
    pub(crate) fn after(mac: &'a AuditMac, sequence: i64, hash: Option<String>) -> Self {
        let head = hash.clone().unwrap_or_default();
        Self { mac, next: sequence + 1, previous: hash, head, first: None, count: 0, faults: Vec::new() }
    }

    /// The number that the next line has.
    pub(crate) const fn next(&self) -> i64 {
        self.next
    }

    /// Retention took the lines up to this one meanwhile.
    pub(crate) fn skip(&mut self, sequence: i64, hash: String) {
        self.next = sequence + 1;
        self.head.clone_from(&hash);
        self.previous = Some(hash);
    }

    /// One line, in the order of the numbers.
    pub(crate) fn step(&mut self, line: &ChainRow) {
        let sequence = line.sequence.unwrap_or_default();
        if sequence > self.next {
            self.found(AuditFaultKind::Missing, (self.next, sequence - 1), None);
        }
        let is_proved = line.said().is_proved(self.mac, &line.proof);
        let is_placed = is_placed(self.mac, line);
        let follows = self.previous.as_ref().map(|hash| *hash == line.previous_hash);
        let fault = match (is_proved, is_placed, follows) {
            (true, true, None | Some(true)) => None,
            // Where it stands is right, and so is what it says: its hash was written over.
            (false, ..) | (true, false, Some(true)) => Some(AuditFaultKind::Altered),
            (true, ..) => Some(AuditFaultKind::OutOfOrder),
        };
        self.previous = Some(line.hash.clone());
        if let Some(kind) = fault {
            self.found(kind, (sequence, sequence), Some(line.at));
        }
        self.first.get_or_insert((sequence, line.at));
        self.head.clone_from(&line.hash);
        self.next = sequence + 1;
        self.count += 1;
    }

    /// A fault that a line does not tell by itself. What follows it is not measured by what came before.
    pub(crate) fn found(&mut self, kind: AuditFaultKind, (sequence, until): (i64, i64), at: Option<Timestamp>) {
        self.previous = None;
        self.note(AuditFault { kind, sequence: Some(sequence), until: Some(until), at });
    }

    /// Whether the walk ends with this hash; not known where the last line is at fault.
    pub(crate) fn ends_with(&self, hash: &str) -> bool {
        self.previous.as_ref().is_none_or(|_| self.head == hash)
    }

    /// A fault of lines without a number.
    pub(crate) fn note(&mut self, fault: AuditFault) {
        if self.faults.len() < AuditState::MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    /// The hash of the last line.
    pub(crate) fn head(&self) -> &str {
        &self.head
    }

    /// What was walked, and what was found: the first line with its moment, the number of lines, the faults.
    pub(crate) fn end(self) -> (Option<(i64, Timestamp)>, i64, Vec<AuditFault>) {
        (self.first, self.count, self.faults)
    }
}
