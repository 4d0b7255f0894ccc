//! What administrators send about policies: a text to be saved, a case, a question.

use serde::{Deserialize, Serialize};

use super::refusal;
use crate::{Field, FieldIssue, Refusal};

/// Longest note and name of a case, in characters.
const MAX_LINE: usize = 200;

/// A version that is to be saved, as sent.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoliciesForm {
    /// The policies. Those that protect the product stay, whatever is written here.
    #[serde(default)]
    pub text: String,
    /// What its author says of it.
    #[serde(default)]
    pub note: String,
}

/// A version that can be saved once its policies are read.
pub struct NewPolicies {
    /// The policies, with lines that end alike.
    pub text: String,
    /// What its author says of it.
    pub note: String,
}

impl PoliciesForm {
    /// Parses the note. What is wrong with the text is told line by line, once it is read.
    ///
    /// # Errors
    /// One [`Refusal`] that names the field at fault.
    pub fn parse(self) -> Result<NewPolicies, Refusal> {
        let note = line(&self.note).map_err(|issue| refusal([(Field::Note, Some(issue))]))?;
        // Forms end lines with `\r\n` (HTML, 4.10.21.4); a version is the same however it was sent.
        Ok(NewPolicies { text: self.text.replace("\r\n", "\n"), note })
    }
}

/// A question to the policies about somebody who need not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyQuestion {
    /// What, as `resource:action`.
    pub action: String,
    /// With what: `platform`, `organization` or `document`.
    pub on: String,
    /// The role on the platform.
    pub platform_role: String,
    /// The role in the organization; none for somebody who is not in it.
    pub role: Option<String>,
    /// What that role grants, for one that is not built in.
    pub permissions: Vec<String>,
    /// Their department there.
    pub department: Option<String>,
    /// Seconds since a second factor was proved; none when none was.
    pub mfa_age: Option<i64>,
    /// Seconds since the person was proved.
    pub session_age: i64,
    /// Whether the document is theirs.
    pub is_owner: bool,
    /// The department the document is for.
    pub document_department: Option<String>,
    /// How sensitive it is.
    pub sensitivity: String,
    /// Where it stands.
    pub state: String,
    /// The day in UTC, 1 (Monday) to 7.
    pub weekday: i64,
    /// The hour in UTC, 0 to 23.
    pub hour: i64,
    /// The client's address.
    pub address: Option<String>,
    /// How they came in: `page`, `api` or `token`.
    pub method: String,
}

impl PolicyQuestion {
    /// The things an act is done with.
    pub const THINGS: [&'static str; 3] = ["platform", "organization", "document"];
    /// How sensitive a document can be.
    pub const SENSITIVITIES: [&'static str; 4] = ["public", "internal", "confidential", "secret"];
    /// Where it can stand.
    pub const STATES: [&'static str; 3] = ["draft", "published", "archived"];
    /// How somebody can come in.
    pub const METHODS: [&'static str; 3] = ["page", "api", "token"];
}

impl Default for PolicyQuestion {
    /// A member who signed in a moment ago, on a Wednesday at noon, with somebody else's document.
    fn default() -> Self {
        Self {
            action: String::new(),
            on: "organization".into(),
            platform_role: "user".into(),
            role: None,
            permissions: Vec::new(),
            department: None,
            mfa_age: None,
            session_age: 0,
            is_owner: false,
            document_department: None,
            sensitivity: "internal".into(),
            state: "published".into(),
            weekday: 3,
            hour: 12,
            address: None,
            method: "page".into(),
        }
    }
}

/// A case that is to be saved, as sent.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyCaseForm {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// The question.
    pub question: PolicyQuestion,
    /// Whether it must be allowed.
    pub allowed: bool,
}

/// A case that can be saved once its question can be asked.
pub struct NewPolicyCase {
    /// What it is called.
    pub name: String,
    /// The question.
    pub question: PolicyQuestion,
    /// Whether it must be allowed.
    pub allowed: bool,
}

impl PolicyCaseForm {
    /// Parses the name.
    ///
    /// # Errors
    /// One [`Refusal`] that names the field at fault.
    pub fn parse(self) -> Result<NewPolicyCase, Refusal> {
        let name = line(&self.name).and_then(|name| if name.is_empty() { Err(FieldIssue::Required) } else { Ok(name) });
        let name = name.map_err(|issue| refusal([(Field::Name, Some(issue))]))?;
        Ok(NewPolicyCase { name, question: self.question, allowed: self.allowed })
    }
}

/// A question about somebody who exists.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoCanForm {
    /// The id of the account, or its address.
    #[serde(default)]
    pub user: String,
    /// What, as `resource:action`.
    #[serde(default)]
    pub action: String,
    /// The id of the organization; none for an act on the platform.
    #[serde(default)]
    pub organization: Option<String>,
    /// The id of the document.
    #[serde(default)]
    pub document: Option<String>,
    /// Seconds since a second factor was proved; none when none was.
    #[serde(default)]
    pub mfa_age: Option<i64>,
}

/// A question of a program, about its own person unless it names another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeForm {
    /// What, as `resource:action`.
    pub action: String,
    /// The id of the organization; none for an act on the platform.
    #[serde(default)]
    pub organization: Option<String>,
    /// The id of a document of it.
    #[serde(default)]
    pub document: Option<String>,
    /// Instead of it, what a document would be like.
    #[serde(default)]
    pub document_like: Option<DocumentLike>,
    /// The id of the account that is asked about; only for those who may read policies.
    #[serde(default)]
    pub user: Option<String>,
}

/// What a document is like that need not exist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentLike {
    /// The id of its owner; whoever is asked about when nothing is said.
    #[serde(default)]
    pub owner: Option<String>,
    /// The department it is for.
    #[serde(default)]
    pub department: Option<String>,
    /// How sensitive it is.
    pub sensitivity: String,
    /// Where it stands.
    pub state: String,
}

/// One line of text that steers nothing.
fn line(raw: &str) -> Result<String, FieldIssue> {
    let line = raw.trim();
    if line.chars().count() > MAX_LINE {
        return Err(FieldIssue::TooLong);
    }
    if line.chars().any(char::is_control) {
        return Err(FieldIssue::InvalidCharacter);
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(note: &str) -> PoliciesForm {
        PoliciesForm { text: "a\r\nb\n".into(), note: note.into() }
    }

    #[test]
    fn a_note_is_one_line_and_may_be_empty() {
        let saved = form(" First try ").parse().ok().unwrap();
        assert_eq!((saved.text.as_str(), saved.note.as_str()), ("a\nb\n", "First try"));
        assert!(form("").parse().is_ok());
        for (note, issue) in [("a\nb".to_owned(), FieldIssue::InvalidCharacter), ("x".repeat(201), FieldIssue::TooLong)]
        {
            assert_eq!(form(&note).parse().err().unwrap().issue(Field::Note), Some(issue), "{note:.10}");
        }
    }

    #[test]
    fn a_case_has_a_name() {
        let form =
            |name: &str| PolicyCaseForm { name: name.into(), question: PolicyQuestion::default(), allowed: true };
        assert!(form("Members read").parse().is_ok());
        assert_eq!(form(" ").parse().err().unwrap().issue(Field::Name), Some(FieldIssue::Required));
    }
}
