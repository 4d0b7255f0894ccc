//! What somebody sends about an organization, its members and its roles.

use serde::Deserialize;

use super::refusal;
use crate::organization::{
    BuiltInRole, Department, OrganizationName, OrganizationPermission, OrganizationPermissions, OrganizationRole,
    RoleName, Slug,
};
use crate::{Field, FieldIssue, Refusal};

/// An organization that is wanted, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationForm {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// What it is called in addresses; empty for one that its name suggests.
    #[serde(default)]
    pub slug: String,
}

/// What an organization is called in addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedSlug {
    /// This and no other.
    Chosen(Slug),
    /// This, or one that is close to it.
    Suggested(Slug),
}

/// What an organization whose name suggests nothing is called in addresses, with a number where it is taken.
const UNNAMED: &str = "team";

impl OrganizationForm {
    /// Parses both fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<(OrganizationName, WantedSlug), Refusal> {
        let name = OrganizationName::parse(&self.name);
        let slug = if self.slug.trim().is_empty() {
            // The name is bounded once it is parsed.
            let suggested = name.as_ref().map(|name| Slug::suggested(name.as_str())).unwrap_or_default();
            Slug::parse(&suggested).or_else(|_| Slug::parse(UNNAMED)).map(WantedSlug::Suggested)
        } else {
            Slug::parse(&self.slug).map(WantedSlug::Chosen)
        };
        match (name, slug) {
            (Ok(name), Ok(slug)) => Ok((name, slug)),
            (name, slug) => Err(refusal([(Field::Name, name.err()), (Field::Slug, slug.err())])),
        }
    }
}

/// What an organization is called from now on, as sent: what is not there stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameForm {
    /// What it is called.
    pub name: Option<String>,
    /// What it is called in addresses.
    pub slug: Option<String>,
}

/// What an organization is called from now on; what is none stays.
pub struct Renaming {
    /// What it is called.
    pub name: Option<OrganizationName>,
    /// What it is called in addresses.
    pub slug: Option<Slug>,
}

impl RenameForm {
    /// Parses what is there.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<Renaming, Refusal> {
        let name = self.name.as_deref().map(OrganizationName::parse).transpose();
        let slug = self.slug.as_deref().map(Slug::parse).transpose();
        match (name, slug) {
            (Ok(name), Ok(slug)) => Ok(Renaming { name, slug }),
            (name, slug) => Err(refusal([(Field::Name, name.err()), (Field::Slug, slug.err())])),
        }
    }
}

/// What a member is from now on, as sent: what is not there stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberForm {
    /// The name of a built-in role, else the id of a custom one.
    pub role: Option<String>,
    /// Where in the organization; empty for nowhere.
    pub department: Option<String>,
}

/// What a member is from now on; what is none stays.
#[derive(Clone, Debug)]
pub struct MemberChange {
    /// The role. Whether a custom one is there is asked later.
    pub role: Option<OrganizationRole>,
    /// The department.
    pub department: DepartmentChange,
}

/// Where a member is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepartmentChange {
    /// Where they were.
    Stays,
    /// There, or nowhere.
    Is(Option<Department>),
}

impl MemberForm {
    /// Parses what is there.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<MemberChange, Refusal> {
        let role = self.role.as_deref().map(role).transpose();
        let department = match self.department.as_deref() {
            Some(text) => Department::parse(text).map(DepartmentChange::Is),
            None => Ok(DepartmentChange::Stays),
        };
        match (role, department) {
            (Ok(role), Ok(department)) => Ok(MemberChange { role, department }),
            (role, department) => Err(refusal([(Field::Role, role.err()), (Field::Department, department.err())])),
        }
    }
}

/// A role by its name or id. What is neither is not looked for: a database need not take every text.
///
/// # Errors
/// [`FieldIssue::Required`] and [`FieldIssue::Unknown`].
pub fn role(text: &str) -> Result<OrganizationRole, FieldIssue> {
    if text.is_empty() {
        return Err(FieldIssue::Required);
    }
    let role = OrganizationRole::parse(text);
    let may_be_an_id = text.len() == 36 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    match role {
        OrganizationRole::Custom(_) if !may_be_an_id => Err(FieldIssue::Unknown),
        role => Ok(role),
    }
}

/// A role that is wanted, as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// What it allows.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// A role that can be made.
pub struct NewRole {
    /// What it is called.
    pub name: RoleName,
    /// What it allows.
    pub permissions: OrganizationPermissions,
}

impl RoleForm {
    /// Parses both fields.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<NewRole, Refusal> {
        match (RoleName::parse(&self.name), permissions(&self.permissions)) {
            (Ok(name), Ok(permissions)) => Ok(NewRole { name, permissions }),
            (name, permissions) => Err(refusal([(Field::Name, name.err()), (Field::Permissions, permissions.err())])),
        }
    }
}

/// What a role is from now on, as sent: what is not there stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleChangeForm {
    /// What it is called.
    pub name: Option<String>,
    /// What it allows.
    pub permissions: Option<Vec<String>>,
}

/// What a role is from now on; what is none stays.
pub struct RoleChange {
    /// What it is called.
    pub name: Option<RoleName>,
    /// What it allows.
    pub permissions: Option<OrganizationPermissions>,
}

impl RoleChangeForm {
    /// Parses what is there.
    ///
    /// # Errors
    /// One [`Refusal`] that names every field at fault.
    pub fn parse(&self) -> Result<RoleChange, Refusal> {
        let name = self.name.as_deref().map(RoleName::parse).transpose();
        let permissions = self.permissions.as_deref().map(permissions).transpose();
        match (name, permissions) {
            (Ok(name), Ok(permissions)) => Ok(RoleChange { name, permissions }),
            (name, permissions) => Err(refusal([(Field::Name, name.err()), (Field::Permissions, permissions.err())])),
        }
    }
}

/// What a custom role may allow. Every role shows the organization, and none ends it or gives it away: that is for
/// owners, who are counted.
fn permissions(names: &[String]) -> Result<OrganizationPermissions, FieldIssue> {
    let all: Option<Vec<_>> = names.iter().map(|name| OrganizationPermission::parse(name)).collect();
    let mut all = all.ok_or(FieldIssue::Unknown)?;
    let for_anybody = BuiltInRole::Admin.permissions();
    if all.iter().any(|permission| !for_anybody.contains(*permission)) {
        return Err(FieldIssue::Unknown);
    }
    if all.is_empty() {
        return Err(FieldIssue::Required);
    }
    all.push(OrganizationPermission::ReadOrganization);
    Ok(OrganizationPermissions::of(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(name: &str, slug: &str) -> Result<(OrganizationName, WantedSlug), Refusal> {
        OrganizationForm { name: name.into(), slug: slug.into() }.parse()
    }

    #[test]
    fn a_slug_is_chosen_or_suggested() {
        let slug = |text: &str| Slug::parse(text).unwrap();
        assert_eq!(organization("Acme", "acme-fr").unwrap().1, WantedSlug::Chosen(slug("acme-fr")));
        assert_eq!(organization("Acme Inc.", " ").unwrap().1, WantedSlug::Suggested(slug("acme-inc")));
        for unnamed in ["日本", "Admin", "A"] {
            assert_eq!(organization(unnamed, "").unwrap().1, WantedSlug::Suggested(slug(UNNAMED)), "{unnamed}");
        }
        let refusal = organization("", "a b").err().unwrap();
        assert_eq!(refusal.issue(Field::Name), Some(FieldIssue::Required));
        assert_eq!(refusal.issue(Field::Slug), Some(FieldIssue::InvalidSlug));
    }

    #[test]
    fn no_custom_role_ends_an_organization_or_gives_it_away() {
        let form = |names: &[&str]| {
            let permissions = names.iter().map(|name| (*name).to_owned()).collect();
            RoleForm { name: "Editor".into(), permissions }.parse()
        };
        let editor = form(&["documents:update"]).unwrap();
        assert_eq!(editor.permissions.as_text(), "organization:read documents:update");
        for (names, issue) in [
            (&["organization:delete"][..], FieldIssue::Unknown),
            (&["organization:transfer"][..], FieldIssue::Unknown),
            (&["documents:read", "users:read"][..], FieldIssue::Unknown),
            (&[][..], FieldIssue::Required),
        ] {
            assert_eq!(form(names).err().unwrap().issue(Field::Permissions), Some(issue), "{names:?}");
        }
    }

    #[test]
    fn a_role_is_a_name_or_an_id() {
        assert_eq!(role("admin"), Ok(OrganizationRole::BuiltIn(BuiltInRole::Admin)));
        assert!(role("01890a5d-ac96-774b-bcce-b302099a8057").is_ok());
        assert_eq!(role(""), Err(FieldIssue::Required));
        for unknown in ["Admin", "root", "\0", "platform_admin"] {
            assert_eq!(role(unknown), Err(FieldIssue::Unknown), "{unknown:?}");
        }
    }
}
