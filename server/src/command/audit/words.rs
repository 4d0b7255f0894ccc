//! What is said of the audit log to whoever asks on the command line.

use auth::Timestamp;
use auth::audit::AuditHead;
use auth::view::{AuditFault, AuditFaultKind, AuditState, CivilDay};

/// What was walked, what was found, and the end to keep elsewhere.
pub(super) fn report(state: &AuditState, expected: Option<&AuditHead>) -> String {
    let mut lines = vec![walked(state)];
    if state.cut > 0 {
        lines.push(format!("Retention took the lines up to {}; the chain goes on after them.", state.cut));
    }
    if state.adopted > state.cut {
        lines.push(format!("Lines up to {} are older than the chain and were taken as they stood.", state.adopted));
    }
    lines.extend(state.faults.iter().map(fault));
    if state.faults.len() == AuditState::MOST_FAULTS {
        lines.push("There may be more: the first hundred are shown.".to_owned());
    }
    match expected {
        Some(expected) if expected.sequence < state.cut => lines.push(format!(
            "Line {} is gone by retention, so that it was what you expect cannot be said any more.",
            expected.sequence
        )),
        Some(expected) if state.is_whole => lines.push(format!("It goes through {expected}.")),
        _ => {}
    }
    if state.last > 0 {
        lines.push(format!("Head: {}:{}", state.last, state.head));
        lines.push("Keep it elsewhere: --expect shows later that nothing was taken from the end.".to_owned());
    }
    lines.join("\n")
}

fn walked(state: &AuditState) -> String {
    let verdict = if state.is_whole { "whole" } else { "NOT whole" };
    match (state.first, state.since) {
        (Some(first), Some(since)) => format!(
            "The audit log is {verdict}: {} lines, {first} to {}, since {}.",
            state.count,
            state.last,
            moment(since)
        ),
        _ => format!("The audit log is {verdict}: it has no line."),
    }
}

fn fault(fault: &AuditFault) -> String {
    let place = match (fault.sequence, fault.until) {
        (Some(first), Some(last)) if first < last => format!("lines {first} to {last}"),
        (Some(first), _) => format!("line {first}"),
        (None, _) => "a line without a number".to_owned(),
    };
    let at = fault.at.map(|at| format!(", of {}", moment(at))).unwrap_or_default();
    let what = match fault.kind {
        AuditFaultKind::Altered => "not as it was written",
        AuditFaultKind::Missing => "gone",
        AuditFaultKind::OutOfOrder => "not at the place where it was sealed",
        AuditFaultKind::TruncatedTail => "the end is gone, or is not where the program left it",
        AuditFaultKind::Inserted => "not written by this program",
        AuditFaultKind::UnsealedTooLong => "waits for its place for more than a minute",
    };
    format!("- {place}{at}: {what}")
}

fn moment(at: Timestamp) -> String {
    CivilDay::of(at).iso
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(faults: Vec<AuditFault>) -> AuditState {
        let at = Timestamp(1_800_000_000_000);
        AuditState {
            is_whole: faults.is_empty(),
            checked_at: at,
            all_checked_at: Some(at),
            began_at: Some(at),
            adopted: 0,
            cut: 4,
            first: Some(5),
            since: Some(at),
            last: 812,
            head: "a".repeat(43),
            count: 808,
            faults,
        }
    }

    #[test]
    fn a_whole_log_says_so_and_gives_its_head() {
        let said = report(&state(Vec::new()), None);
        assert!(said.starts_with("The audit log is whole: 808 lines, 5 to 812, since 2027-01-15T08:00:00Z."), "{said}");
        assert!(said.contains("up to 4;") && said.contains(&format!("Head: 812:{}", "a".repeat(43))), "{said}");
        let head = AuditHead { sequence: 3, hash: "b".repeat(43) };
        assert!(report(&state(Vec::new()), Some(&head)).contains("Line 3 is gone by retention"));
    }

    #[test]
    fn each_fault_has_its_place() {
        let fault = |kind, sequence, until| AuditFault { kind, sequence, until, at: None };
        let said = report(
            &state(vec![
                fault(AuditFaultKind::Missing, Some(7), Some(9)),
                fault(AuditFaultKind::Altered, Some(11), Some(11)),
                fault(AuditFaultKind::Inserted, None, None),
            ]),
            None,
        );
        for line in [
            "The audit log is NOT whole",
            "- lines 7 to 9: gone",
            "- line 11: not as it was written",
            "- a line without a number: not written by this program",
        ] {
            assert!(said.contains(line), "{line} in {said}");
        }
    }
}
