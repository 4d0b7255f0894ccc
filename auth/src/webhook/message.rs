//! What a webhook is told: that something happened, by ids. No address, device or mail of anybody is in it, and it is
//! never long.

use serde::Serialize;

use super::TEST_KIND;
use crate::Timestamp;

/// Most characters of a target.
const MAX_TARGET: usize = 200;

/// A line of the audit log, as far as others may know it.
pub(crate) struct Message<'a> {
    pub(crate) event_id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) actor_id: Option<&'a str>,
    pub(crate) subject_id: Option<&'a str>,
    pub(crate) organization_id: Option<&'a str>,
    pub(crate) target: Option<&'a str>,
    pub(crate) outcome: &'a str,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    event_id: &'a str,
    actor_id: Option<&'a str>,
    subject_id: Option<&'a str>,
    organization_id: Option<&'a str>,
    target: Option<String>,
    outcome: &'a str,
}

impl Message<'_> {
    /// The body of the request.
    ///
    /// # Errors
    /// Never in practice: everything in it is text.
    pub(crate) fn body(&self) -> serde_json::Result<String> {
        let data = Data {
            event_id: self.event_id,
            actor_id: self.actor_id,
            subject_id: self.subject_id,
            organization_id: self.organization_id,
            target: self.target.filter(|target| !target.contains('@')).map(cut),
            outcome: self.outcome,
        };
        serde_json::to_string(&Body { r#type: self.kind, timestamp: moment(self.at), data })
    }
}

/// The message of a test.
pub(crate) const fn test_message<'a>(
    event_id: &'a str,
    actor_id: &'a str,
    organization_id: Option<&'a str>,
    at: Timestamp,
) -> Message<'a> {
    Message {
        event_id,
        kind: TEST_KIND,
        at,
        actor_id: Some(actor_id),
        subject_id: None,
        organization_id,
        target: None,
        outcome: "done",
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TARGET).collect()
}

/// As RFC 3339 writes it, in UTC.
fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(target: Option<&str>) -> Message<'_> {
        Message {
            event_id: "event-1",
            kind: "role.created",
            at: Timestamp(1_800_000_000_123),
            actor_id: Some("user-1"),
            subject_id: None,
            organization_id: Some("org-1"),
            target,
            outcome: "done",
        }
    }

    #[test]
    fn it_says_what_happened_by_ids() {
        assert_eq!(
            message(Some("role-1")).body().unwrap(),
            r#"{"type":"role.created","timestamp":"2027-01-15T08:00:00.123Z","data":{"event_id":"event-1","actor_id":"user-1","subject_id":null,"organization_id":"org-1","target":"role-1","outcome":"done"}}"#
        );
    }

    #[test]
    fn an_address_and_a_long_text_stay_here() {
        let address = message(Some("alice@example.com")).body().unwrap();
        assert!(address.contains(r#""target":null"#) && !address.contains("alice"), "{address}");
        assert!(message(Some(&"\u{1f600}".repeat(100_000))).body().unwrap().len() < 2000);
    }
}
