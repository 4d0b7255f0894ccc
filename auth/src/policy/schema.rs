//! What policies are validated against: things and their attributes are written down, acts are made from the
//! permissions. So a permission that is added can be asked for at once, and none is forgotten.

use std::collections::BTreeMap;

use super::Resource;
use crate::Permission;
use crate::organization::OrganizationPermission;

/// Things and their attributes, for people who write policies as well.
pub const SCHEMA: &str = include_str!("schema.cedarschema");

/// The kinds of things that an act is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// All of the platform.
    Platform,
    /// An organization.
    Organization,
    /// A document of one.
    Document,
}

impl Kind {
    /// The kind of a thing.
    pub(super) const fn of(resource: &Resource) -> Self {
        match resource {
            Resource::Platform => Self::Platform,
            Resource::Organization(_) => Self::Organization,
            Resource::Document { .. } => Self::Document,
        }
    }

    /// What policies call it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "Platform",
            Self::Organization => "Organization",
            Self::Document => "Document",
        }
    }
}

/// Every act, with the kinds of things it is done with. Two permissions of one name are one act.
pub(super) fn acts() -> BTreeMap<&'static str, Vec<Kind>> {
    let mut acts: BTreeMap<&'static str, Vec<Kind>> = BTreeMap::new();
    for permission in Permission::ALL {
        acts.entry(permission.as_str()).or_default().push(Kind::Platform);
    }
    for permission in OrganizationPermission::ALL {
        let kinds = acts.entry(permission.as_str()).or_default();
        kinds.push(Kind::Organization);
        if permission.as_str().starts_with("documents:") {
            kinds.push(Kind::Document);
        }
    }
    acts
}

/// The whole schema, as Cedar reads it.
pub(super) fn text() -> String {
    let mut text = SCHEMA.to_owned();
    for (act, kinds) in acts() {
        let resources: Vec<_> = kinds.into_iter().map(Kind::as_str).collect();
        text.push_str(&format!(
            "action \"{act}\" appliesTo {{ principal: [User], resource: [{}], context: Circumstances }};\n",
            resources.join(", ")
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_an_act() {
        let text = text();
        let permissions = Permission::ALL.iter().map(|permission| permission.as_str());
        for name in permissions.chain(OrganizationPermission::ALL.iter().map(|permission| permission.as_str())) {
            assert!(text.contains(&format!("action \"{name}\" appliesTo")), "{name}");
        }
    }

    #[test]
    fn one_name_is_one_act_wherever_it_is_done() {
        let acts = acts();
        assert_eq!(acts["audit:read"], [Kind::Platform, Kind::Organization]);
        assert_eq!(acts["users:read"], [Kind::Platform]);
        assert_eq!(acts["documents:read"], [Kind::Organization, Kind::Document]);
    }
}
