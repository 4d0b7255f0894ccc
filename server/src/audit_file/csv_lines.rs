//! Lines of the audit log as a table (RFC 4180).
//!
//! What a spreadsheet would take for a formula stands behind `'` (`spreadsheet.rs`): devices, targets and values are what
//! strangers chose.

use auth::view::{AuditItem, AuditPerson, CivilDay};
use csv::{Terminator, WriterBuilder};
use std::borrow::Cow;

use crate::spreadsheet::harmless;

const COLUMNS: [&str; 18] = [
    "sequence",
    "id",
    "at",
    "kind",
    "outcome",
    "subject_id",
    "subject_email",
    "actor_id",
    "actor_email",
    "impersonator_id",
    "organization_id",
    "organization",
    "target",
    "address",
    "device",
    "request_id",
    "session_id",
    "changes",
];

/// The names of the columns.
pub fn header() -> Vec<u8> {
    written([COLUMNS.map(Cow::Borrowed)].into_iter())
}

/// One row a line.
pub fn rows(lines: &[AuditItem]) -> Vec<u8> {
    written(lines.iter().map(row))
}

fn row(line: &AuditItem) -> [Cow<'_, str>; 18] {
    let id = |person: &Option<AuditPerson>| person.as_ref().map(|person| person.id.0.clone()).unwrap_or_default();
    let email = |person: &Option<AuditPerson>| {
        person.as_ref().and_then(|person| person.email.as_ref()).map(ToString::to_string).unwrap_or_default()
    };
    let organization = line.organization.as_ref();
    let changes = if line.changes.is_empty() { None } else { serde_json::to_string(&line.changes).ok() };
    [
        line.sequence.map(|sequence| sequence.to_string()).unwrap_or_default().into(),
        line.id.as_str().into(),
        CivilDay::of(line.at).iso.into(),
        line.kind.as_str().into(),
        line.outcome.as_str().into(),
        id(&line.subject).into(),
        email(&line.subject).into(),
        id(&line.actor).into(),
        email(&line.actor).into(),
        id(&line.impersonator).into(),
        organization.map(|organization| organization.id.as_str()).unwrap_or_default().into(),
        organization.and_then(|organization| organization.name.as_deref()).unwrap_or_default().into(),
        line.target.as_deref().unwrap_or_default().into(),
        line.address.as_str().into(),
        line.device.as_str().into(),
        line.request_id.as_str().into(),
        line.session_id.as_ref().map(|id| id.as_str()).unwrap_or_default().into(),
        changes.unwrap_or_default().into(),
    ]
}

fn written<'a>(rows: impl Iterator<Item = [Cow<'a, str>; 18]>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Into memory: nothing to fail.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::Timestamp;
    use auth::audit::{Change, Outcome};
    use auth::id::UserId;

    fn line(target: &str) -> AuditItem {
        AuditItem {
            id: "01890a5d-ac96-774b-bcce-b302099a8057".into(),
            sequence: Some(7),
            at: Timestamp(1_800_000_000_000),
            kind: "user.role_changed".into(),
            outcome: Outcome::Done,
            subject: Some(AuditPerson { id: UserId("alice".into()), email: None }),
            actor: None,
            impersonator: None,
            organization: None,
            target: Some(target.into()),
            changes: vec![Change { field: "role".into(), old: Some("user".into()), new: None }],
            address: "192.0.2.1".into(),
            device: "Firefox on Linux".into(),
            request_id: "request".into(),
            session_id: None,
            repeats: 0,
        }
    }

    #[test]
    fn a_row_is_quoted_where_it_must_be() {
        let text = String::from_utf8(rows(&[line("a, \"b\"")])).unwrap();
        assert_eq!(
            text,
            "7,01890a5d-ac96-774b-bcce-b302099a8057,2027-01-15T08:00:00Z,user.role_changed,done,alice,,,,,,,\
             \"a, \"\"b\"\"\",192.0.2.1,Firefox on Linux,request,,\
             \"[{\"\"field\"\":\"\"role\"\",\"\"old\"\":\"\"user\"\",\"\"new\"\":null}]\"\r\n"
        );
        let names = String::from_utf8(header()).unwrap();
        assert!(names.starts_with("sequence,id,at,kind,") && names.ends_with(",changes\r\n"));
    }

    #[test]
    fn a_formula_is_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            let text = String::from_utf8(rows(&[line(formula)])).unwrap();
            assert!(text.contains(&format!("'{formula}")), "{text}");
        }
    }
}
