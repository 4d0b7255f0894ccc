//! What somebody sends about their own account.

use serde::Deserialize;

use crate::{Cursor, EventFilter, Field, FieldIssue, PersonName, Refusal};

/// Another name for the signed-in person, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameForm {
    /// What the person wants to be called.
    #[serde(default)]
    pub name: String,
}

impl NameForm {
    /// Parses the name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<PersonName, Refusal> {
        PersonName::parse(&self.name).map_err(|issue| Refusal::invalid(vec![(Field::Name, issue)]))
    }
}

/// A part of the list of events, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityForm {
    /// The name of a filter; everything when empty.
    #[serde(default)]
    pub filter: String,
    /// Where the list goes on.
    #[serde(default)]
    pub after: Option<Cursor>,
}

impl ActivityForm {
    /// Parses the filter; the cursor is judged by the flow, which can read it.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(self) -> Result<(EventFilter, Option<Cursor>), Refusal> {
        match EventFilter::parse(&self.filter) {
            Some(filter) => Ok((filter, self.after)),
            None => Err(Refusal::invalid(vec![(Field::Filter, FieldIssue::Unknown)])),
        }
    }
}
