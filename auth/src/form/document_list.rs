//! Which documents somebody asks for.

use serde::Deserialize;

use super::refusal;
use crate::document::{DocumentState, Title};
use crate::{Cursor, Field, FieldIssue, Refusal};

/// The owner that stands for whoever asks.
pub const MINE: &str = "me";

/// Some documents, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentListForm {
    /// The name of a state; all when empty.
    #[serde(default)]
    pub state: String,
    /// [`MINE`], or empty for those of everybody.
    #[serde(default)]
    pub owner: String,
    /// The beginning of a title.
    #[serde(default)]
    pub q: String,
    /// Where the list goes on.
    #[serde(default)]
    pub after: Option<Cursor>,
}

/// Some documents.
#[derive(Default)]
pub struct WantedDocuments {
    /// Those in this state; all when none.
    pub state: Option<DocumentState>,
    /// Only those of whoever asks.
    pub mine: bool,
    /// Those whose title begins so, in lower case; none for what no title can begin with.
    pub beginning: Option<String>,
    /// Where the list goes on; judged by the flow, which can read it.
    pub after: Option<Cursor>,
}

impl DocumentListForm {
    /// Parses what is there.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(self) -> Result<WantedDocuments, Refusal> {
        let state = match &*self.state {
            "" => Ok(None),
            name => DocumentState::parse(name).map(Some).ok_or(FieldIssue::Unknown),
        };
        let mine = match &*self.owner {
            "" => Ok(false),
            MINE => Ok(true),
            _ => Err(FieldIssue::Unknown),
        };
        match (state, mine) {
            (Ok(state), Ok(mine)) => {
                Ok(WantedDocuments { state, mine, beginning: beginning(&self.q), after: self.after })
            }
            (state, mine) => Err(refusal([(Field::State, state.err()), (Field::Owner, mine.err())])),
        }
    }
}

fn beginning(sought: &str) -> Option<String> {
    let sought = sought.trim();
    let may_stand = sought.chars().count() <= Title::MAX_LENGTH && !sought.chars().any(char::is_control);
    may_stand.then(|| sought.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(state: &str, owner: &str, q: &str) -> DocumentListForm {
        DocumentListForm { state: state.into(), owner: owner.into(), q: q.into(), after: None }
    }

    #[test]
    fn nothing_asks_for_everything() {
        let all = form("", "", "").parse().ok().unwrap();
        assert!(all.state.is_none() && !all.mine && all.beginning.as_deref() == Some(""));
        let some = form("draft", "me", " BUDGET 20").parse().ok().unwrap();
        assert_eq!((some.state, some.mine), (Some(DocumentState::Draft), true));
        assert_eq!(some.beginning.as_deref(), Some("budget 20"));
    }

    #[test]
    fn what_no_title_begins_with_is_nobodys_fault() {
        for sought in ["a\0", &"x".repeat(201)] {
            assert!(form("", "", sought).parse().ok().unwrap().beginning.is_none());
        }
        let refusal = form("Draft", "you", "").parse().err().unwrap();
        assert_eq!(refusal.issue(Field::State), Some(FieldIssue::Unknown));
        assert_eq!(refusal.issue(Field::Owner), Some(FieldIssue::Unknown));
    }
}
