//! A line, as a flow writes it.

use serde::{Deserialize, Serialize};

use crate::EventKind;
use crate::id::{OrganizationId, SessionId, UserId};

/// What became of an act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    #[default]
    Done,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Done, Self::Refused];

    /// As the store and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The outcome of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// What became of an act whose kind says it.
    pub const fn of(kind: EventKind) -> Self {
        match kind {
            EventKind::SessionRefused
            | EventKind::SessionProofRefused
            | EventKind::SessionCodeRefused
            | EventKind::SessionActRefused
            | EventKind::FactorRefused
            | EventKind::PasskeyCounterRegressed => Self::Refused,
            _ => Self::Done,
        }
    }
}

/// Longest value of a field that is kept, in characters: a line tells what changed, and is no copy of it.
const MOST_OF_A_VALUE: usize = 200;

/// A field that an act changed. Never a secret: whoever writes a line names only what may be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field, in `snake_case`.
    pub field: String,
    /// What it was; none when there was nothing.
    pub old: Option<String>,
    /// What it is; none when there is nothing.
    pub new: Option<String>,
}

/// One line. Made by [`AuditLine::of`], filled by its methods, written by `Engine::record`.
#[derive(Clone, Debug)]
pub struct AuditLine<'a> {
    /// What.
    pub kind: EventKind,
    /// Whose account it is about.
    pub subject: Option<&'a UserId>,
    /// The session it was done in.
    pub session: Option<&'a SessionId>,
    /// Who did it; the subject when none is named.
    pub actor: Option<&'a UserId>,
    /// Who acted in the actor's place.
    pub impersonator: Option<&'a UserId>,
    /// Where.
    pub organization: Option<&'a OrganizationId>,
    /// What it was done with, as an id or a name that is no secret: a role, a webhook, a document.
    pub target: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// What changed.
    pub changes: Vec<Change>,
}

impl<'a> AuditLine<'a> {
    /// A line of this kind about nobody yet.
    pub const fn of(kind: EventKind) -> Self {
        Self {
            kind,
            subject: None,
            session: None,
            actor: None,
            impersonator: None,
            organization: None,
            target: None,
            outcome: Outcome::of(kind),
            changes: Vec::new(),
        }
    }

    /// About this account.
    #[must_use]
    pub const fn about(mut self, subject: &'a UserId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Done by this account, in this session.
    #[must_use]
    pub const fn by(mut self, actor: &'a UserId, session: Option<&'a SessionId>) -> Self {
        self.actor = Some(actor);
        self.session = session;
        self
    }

    /// In this organization.
    #[must_use]
    pub const fn within(mut self, organization: &'a OrganizationId) -> Self {
        self.organization = Some(organization);
        self
    }

    /// With this thing.
    #[must_use]
    pub fn with(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// It was refused.
    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }

    /// This field changed. Of a long value the beginning is kept.
    #[must_use]
    pub fn changed(mut self, field: &str, old: Option<&str>, new: Option<&str>) -> Self {
        if old != new {
            self.changes.push(Change { field: field.to_owned(), old: old.map(beginning), new: new.map(beginning) });
        }
        self
    }
}

fn beginning(value: &str) -> String {
    match value.char_indices().nth(MOST_OF_A_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_change_is_not_told_and_what_is_long_is_cut() {
        let long = "é".repeat(MOST_OF_A_VALUE + 1);
        let line = AuditLine::of(EventKind::UserRoleChanged).changed("name", Some("same"), Some("same")).changed(
            "body",
            None,
            Some(&long),
        );
        assert_eq!(line.changes.len(), 1);
        assert_eq!((line.changes[0].field.as_str(), &line.changes[0].old), ("body", &None));
        assert_eq!(line.changes[0].new.as_deref().map(|text| text.chars().count()), Some(MOST_OF_A_VALUE + 1));
    }

    #[test]
    fn a_refusal_is_one_by_its_kind() {
        assert_eq!(AuditLine::of(EventKind::SessionRefused).outcome, Outcome::Refused);
        assert_eq!(AuditLine::of(EventKind::SessionStarted).outcome, Outcome::Done);
        assert_eq!(AuditLine::of(EventKind::SessionStarted).refused().outcome, Outcome::Refused);
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
            assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
        }
    }
}
