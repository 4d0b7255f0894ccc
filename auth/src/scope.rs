//! What a personal access token allows, one word for each kind of act (RFC 6749, 3.3). What no scope
//! names, no token does.

use serde::{Deserialize, Serialize};

use crate::error::FieldIssue;

/// One kind of act. The text is a promise to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// See the name, the address, the picture and the preferences.
    #[serde(rename = "profile:read")]
    ProfileRead,
    /// Change the name, the picture and the preferences. Each answer shows the profile as it is then.
    #[serde(rename = "profile:write")]
    ProfileWrite,
    /// See the signed-in devices.
    #[serde(rename = "sessions:read")]
    SessionsRead,
    /// Sign devices out.
    #[serde(rename = "sessions:write")]
    SessionsWrite,
    /// See what happened to the account.
    #[serde(rename = "activity:read")]
    ActivityRead,
    /// See the documents that the person may see, in the organizations they are in.
    #[serde(rename = "documents:read")]
    DocumentsRead,
    /// Make and change documents, as far as the person may.
    #[serde(rename = "documents:write")]
    DocumentsWrite,
}

impl Scope {
    /// Every scope, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::ProfileRead,
        Self::ProfileWrite,
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::ActivityRead,
        Self::DocumentsRead,
        Self::DocumentsWrite,
    ];

    /// The scope as programs and the store name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProfileRead => "profile:read",
            Self::ProfileWrite => "profile:write",
            Self::SessionsRead => "sessions:read",
            Self::SessionsWrite => "sessions:write",
            Self::ActivityRead => "activity:read",
            Self::DocumentsRead => "documents:read",
            Self::DocumentsWrite => "documents:write",
        }
    }

    /// The scope of a name, in its exact spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// The scopes of one token, each once, in the order of [`Scope::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Parses the names that somebody chose; one chosen twice counts once.
    ///
    /// # Errors
    /// [`FieldIssue::Required`] when there is none, [`FieldIssue::Unknown`] when one is no scope.
    pub fn parse(names: &[String]) -> Result<Self, FieldIssue> {
        if names.is_empty() {
            return Err(FieldIssue::Required);
        }
        let known = names.iter().map(|name| Scope::parse(name)).collect::<Option<Vec<_>>>();
        known.map(Self::ordered).ok_or(FieldIssue::Unknown)
    }

    /// Reads what was stored. A name that a newer version wrote allows nothing here.
    pub fn from_text(text: &str) -> Self {
        Self::ordered(text.split(' ').filter_map(Scope::parse).collect())
    }

    /// The names, separated by blanks.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether an act of this kind is allowed.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Each of them.
    pub fn all(&self) -> &[Scope] {
        &self.0
    }

    fn ordered(mut scopes: Vec<Scope>) -> Self {
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn scopes_are_stored_as_they_were_chosen() {
        let chosen = Scopes::parse(&names(&["activity:read", "profile:read", "activity:read"])).unwrap();
        assert_eq!(chosen.to_text(), "profile:read activity:read");
        assert_eq!(Scopes::from_text(&chosen.to_text()), chosen);
        assert!(chosen.contains(Scope::ActivityRead) && !chosen.contains(Scope::ProfileWrite));
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
    }

    #[test]
    fn what_is_no_scope_is_refused_and_allows_nothing() {
        assert_eq!(Scopes::parse(&[]), Err(FieldIssue::Required));
        for wrong in ["", "profile", "Profile:read", "profile:read ", "profile:read profile:write", "*", "\0"] {
            assert_eq!(Scopes::parse(&names(&["profile:read", wrong])), Err(FieldIssue::Unknown), "{wrong:?}");
        }
        assert_eq!(Scopes::from_text("orgs:admin  profile:read"), Scopes(vec![Scope::ProfileRead]));
        assert_eq!(Scopes::from_text(""), Scopes(Vec::new()));
    }

    #[cfg(feature = "engine")]
    #[test]
    fn programs_see_one_name_for_each_scope() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }
}
