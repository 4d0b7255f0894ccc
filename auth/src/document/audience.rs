//! Which department a document is for.

use crate::error::FieldIssue;
use crate::organization::Department;

/// A department in the spelling that members have it in, or all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(Option<Department>);

impl Audience {
    /// Parses what somebody typed; nothing stands for all departments.
    ///
    /// # Errors
    /// Those of [`Department::parse`].
    pub fn parse(raw: &str) -> Result<Self, FieldIssue> {
        Department::parse(raw).map(Self)
    }

    /// The name of the department; none for all of them.
    pub fn into_name(self) -> Option<String> {
        self.0.map(|department| department.as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_department_is_all_of_them() {
        assert_eq!(Audience::parse(" ").unwrap().into_name(), None);
        assert_eq!(Audience::parse(" Finance ").unwrap().into_name().as_deref(), Some("Finance"));
        assert_eq!(Audience::parse("a\nb"), Err(FieldIssue::InvalidCharacter));
    }
}
