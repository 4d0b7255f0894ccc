//! What somebody sends about a document. A field that is not named here is refused: nobody writes an owner or a state
//! into a document by its side door (OWASP API Security Top 10 2023, API3).

use serde::Deserialize;

use super::refusal;
use crate::document::{Audience, Body, DocumentState, Sensitivity, Title};
use crate::id::UserId;
use crate::{Field, FieldIssue, Refusal};

/// A document that is wanted, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDocumentForm {
    /// What it is called.
    #[serde(default)]
    pub title: String,
    /// What it says.
    #[serde(default)]
    pub body: String,
    /// The department it is for; all when empty.
    #[serde(default)]
    pub department: String,
    /// How sensitive it is; `internal` when empty.
    #[serde(default)]
    pub sensitivity: String,
}

/// A document that can be made.
pub struct NewDocument {
    /// What it is called.
    pub title: Title,
    /// What it says.
    pub body: Body,
    /// The department it is for.
    pub department: Audience,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
}

impl NewDocumentForm {
    /// Parses all fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<NewDocument, Refusal> {
        let sensitivity = match &*self.sensitivity {
            "" => Ok(Sensitivity::default()),
            name => Sensitivity::parse(name).ok_or(FieldIssue::Unknown),
        };
        let department = Audience::parse(&self.department);
        match (Title::parse(&self.title), Body::parse(&self.body), department, sensitivity) {
            (Ok(title), Ok(body), Ok(department), Ok(sensitivity)) => {
                Ok(NewDocument { title, body, department, sensitivity })
            }
            (title, body, department, sensitivity) => Err(refusal([
                (Field::Title, title.err()),
                (Field::Department, department.err()),
                (Field::Sensitivity, sensitivity.err()),
                (Field::Body, body.err()),
            ])),
        }
    }
}

/// What is to change about a document, as sent. What is missing stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentChangeForm {
    /// What it is called.
    #[serde(default)]
    pub title: Option<String>,
    /// What it says.
    #[serde(default)]
    pub body: Option<String>,
    /// The department it is for; all when empty.
    #[serde(default)]
    pub department: Option<String>,
    /// The version that was read.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A change of a document.
pub struct DocumentChange {
    /// What it is called from now on.
    pub title: Option<Title>,
    /// What it says from now on.
    pub body: Option<Body>,
    /// The department it is for from now on.
    pub department: Option<Audience>,
    /// The version that was read: another one is not changed.
    pub version: i64,
}

impl DocumentChangeForm {
    /// Parses what is there.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault; the title when nothing is to change.
    pub fn parse(&self) -> Result<DocumentChange, Refusal> {
        let title = self.title.as_deref().map(Title::parse).transpose();
        let body = self.body.as_deref().map(Body::parse).transpose();
        let department = self.department.as_deref().map(Audience::parse).transpose();
        match (title, body, department, self.version) {
            (Ok(None), Ok(None), Ok(None), Some(_)) => Err(refusal([(Field::Title, Some(FieldIssue::Required))])),
            (Ok(title), Ok(body), Ok(department), Some(version)) => {
                Ok(DocumentChange { title, body, department, version })
            }
            (title, body, department, version) => Err(refusal([
                (Field::Title, title.err()),
                (Field::Department, department.err()),
                (Field::Body, body.err()),
                (Field::Version, version.is_none().then_some(FieldIssue::Required)),
            ])),
        }
    }
}

/// How sensitive a document is to be, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensitivityForm {
    /// Its name.
    #[serde(default)]
    pub sensitivity: String,
}

impl SensitivityForm {
    /// Parses the name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<Sensitivity, Refusal> {
        Sensitivity::parse(&self.sensitivity).ok_or_else(|| refusal([chosen(Field::Sensitivity, &self.sensitivity)]))
    }
}

/// Where a document is to stand, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentStateForm {
    /// Its name.
    #[serde(default)]
    pub state: String,
}

impl DocumentStateForm {
    /// Parses the name.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<DocumentState, Refusal> {
        DocumentState::parse(&self.state).ok_or_else(|| refusal([chosen(Field::State, &self.state)]))
    }
}

/// Whose a document is to be, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentOwnerForm {
    /// The id of an account.
    #[serde(default)]
    pub owner: String,
}

impl DocumentOwnerForm {
    /// Parses the id. Whether its account is a member is another question.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    pub fn parse(&self) -> Result<UserId, Refusal> {
        UserId::parse(&self.owner).ok_or_else(|| refusal([chosen(Field::Owner, &self.owner)]))
    }
}

/// What is wrong with a choice that is none.
fn chosen(field: Field, value: &str) -> (Field, Option<FieldIssue>) {
    (field, Some(if value.is_empty() { FieldIssue::Required } else { FieldIssue::Unknown }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let form = NewDocumentForm {
            title: String::new(),
            body: "\0".into(),
            department: "a\nb".into(),
            sensitivity: "top".into(),
        };
        let refusal = form.parse().err().unwrap();
        let issues =
            [Field::Title, Field::Body, Field::Department, Field::Sensitivity].map(|field| refusal.issue(field));
        let (character, unknown) = (FieldIssue::InvalidCharacter, FieldIssue::Unknown);
        assert_eq!(issues, [FieldIssue::Required, character, character, unknown].map(Some));
    }

    #[test]
    fn what_is_missing_stays_and_a_version_must_be_there() {
        let read = |json: &str| serde_json::from_str::<DocumentChangeForm>(json).unwrap().parse();
        let change = read(r#"{"department": "", "version": 3}"#).ok().unwrap();
        assert!(change.title.is_none() && change.body.is_none() && change.version == 3);
        assert_eq!(change.department.unwrap().into_name(), None);
        assert_eq!(read(r#"{"title": "Plan"}"#).err().unwrap().issue(Field::Version), Some(FieldIssue::Required));
        assert_eq!(read(r#"{"version": 3}"#).err().unwrap().issue(Field::Title), Some(FieldIssue::Required));
    }

    #[test]
    fn nothing_is_written_by_the_side_door() {
        for field in ["id", "owner", "owner_id", "organization_id", "state", "sensitivity", "created_at", "role"] {
            let json = format!(r#"{{"title": "Plan", "version": 1, "{field}": "x"}}"#);
            assert!(serde_json::from_str::<DocumentChangeForm>(&json).is_err(), "{field}");
        }
        for field in ["id", "owner", "owner_id", "organization_id", "state", "version", "created_at"] {
            let json = format!(r#"{{"title": "Plan", "{field}": "x"}}"#);
            assert!(serde_json::from_str::<NewDocumentForm>(&json).is_err(), "{field}");
        }
    }
}
