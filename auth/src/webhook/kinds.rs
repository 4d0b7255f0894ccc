//! Which events a webhook is told: kinds by their names, `user.*` for all that begin so, `*` for everything.

use serde::{Deserialize, Serialize};

use crate::{EventKind, FieldIssue};

const EVERYTHING: &str = "*";

/// A choice of kinds, each once, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookKinds(Vec<String>);

impl WebhookKinds {
    /// Every event.
    pub fn everything() -> Self {
        Self(vec![EVERYTHING.to_owned()])
    }

    /// Reads a choice.
    ///
    /// # Errors
    /// [`FieldIssue::Required`] for none; [`FieldIssue::Unknown`] for what is no kind and no group of them;
    /// [`FieldIssue::TooLong`] for more than there are.
    pub fn parse(names: &[String]) -> Result<Self, FieldIssue> {
        if names.is_empty() {
            return Err(FieldIssue::Required);
        }
        if names.len() > 2 * EventKind::ALL.len() {
            return Err(FieldIssue::TooLong);
        }
        if !names.iter().all(|name| is_known(name)) {
            return Err(FieldIssue::Unknown);
        }
        if names.iter().any(|name| name == EVERYTHING) {
            return Ok(Self::everything());
        }
        let mut names = names.to_vec();
        names.sort_unstable();
        names.dedup();
        Ok(Self(names))
    }

    /// Reads what was stored.
    pub fn from_text(text: &str) -> Self {
        Self(text.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// As it is stored: separated by blanks.
    pub fn as_text(&self) -> String {
        self.0.join(" ")
    }

    /// The names, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether this very name was chosen.
    pub fn names(&self, name: &str) -> bool {
        self.iter().any(|known| known == name)
    }

    /// Whether an event of this kind is among them.
    pub fn wants(&self, kind: &str) -> bool {
        self.iter().any(|name| match name.strip_suffix('*') {
            Some(front) => kind.starts_with(front),
            None => name == kind,
        })
    }

    /// The kinds by their first word, each group in the order of the log: what a form offers.
    pub fn groups() -> Vec<(&'static str, Vec<EventKind>)> {
        let mut groups: Vec<(&'static str, Vec<EventKind>)> = Vec::new();
        for kind in EventKind::ALL.iter().copied() {
            let front = front_of(kind);
            match groups.iter_mut().find(|(known, _)| *known == front) {
                Some((_, kinds)) => kinds.push(kind),
                None => groups.push((front, vec![kind])),
            }
        }
        groups
    }
}

fn front_of(kind: EventKind) -> &'static str {
    let text = kind.as_str();
    text.split_once('.').map_or(text, |(front, _)| front)
}

fn is_known(name: &str) -> bool {
    name == EVERYTHING
        || EventKind::parse(name).is_some()
        || name.strip_suffix(".*").is_some_and(|front| EventKind::ALL.iter().any(|kind| front_of(*kind) == front))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(names: &[&str]) -> Result<WebhookKinds, FieldIssue> {
        WebhookKinds::parse(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_choice_wants_what_it_names() {
        let chosen = parse(&["user.*", "session.started", "session.started"]).ok().unwrap();
        assert_eq!(chosen.as_text(), "session.started user.*");
        assert_eq!(WebhookKinds::from_text(&chosen.as_text()), chosen);
        for (kind, wanted) in [
            ("user.created", true),
            ("user.of_tomorrow", true),
            ("session.started", true),
            ("session.started_twice", false),
            ("session.refused", false),
            ("users.created", false),
            ("email.changed", false),
        ] {
            assert_eq!(chosen.wants(kind), wanted, "{kind}");
        }
        let everything = parse(&["user.created", "*"]).ok().unwrap();
        assert!(everything.wants("of.tomorrow") && everything == WebhookKinds::everything());
        assert!(!WebhookKinds::from_text("").wants("user.created"));
    }

    #[test]
    fn what_is_no_kind_is_refused() {
        assert_eq!(parse(&[]), Err(FieldIssue::Required));
        for bad in
            ["", "user", "user.", "user*", "*.created", "user.created.*", "nothing.*", "User.created", "\0", "**"]
        {
            assert_eq!(parse(&[bad]), Err(FieldIssue::Unknown), "{bad:?}");
        }
        assert_eq!(parse(&["user.created"; 1000]), Err(FieldIssue::TooLong));
    }

    #[test]
    fn every_kind_is_in_one_group() {
        let groups = WebhookKinds::groups();
        assert_eq!(groups.iter().map(|(_, kinds)| kinds.len()).sum::<usize>(), EventKind::ALL.len());
        assert!(groups.iter().all(|(front, _)| parse(&[&format!("{front}.*")]).is_ok()));
    }
}
