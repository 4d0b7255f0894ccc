//! The policies that protect the product itself. They are part of the program: nobody edits them, and every decision
//! asks them first.

use anyhow::anyhow;
use cedar_policy::{EntityId, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet, Schema, Validator};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use super::schema;
use super::slices::Slices;

/// Their names and texts, in the order they are shown.
pub const BUILT_IN_TEXTS: [(&str, &str); 9] = [
    ("role-grants", include_str!("built_in/role-grants.cedar")),
    ("platform-by-role", include_str!("built_in/platform-by-role.cedar")),
    ("members-only", include_str!("built_in/members-only.cedar")),
    ("ownership-by-role", include_str!("built_in/ownership-by-role.cedar")),
    ("owner-edits", include_str!("built_in/owner-edits.cedar")),
    ("drafts-are-private", include_str!("built_in/drafts-are-private.cedar")),
    ("department-reads", include_str!("built_in/department-reads.cedar")),
    ("fresh-mfa-for-secret", include_str!("built_in/fresh-mfa-for-secret.cedar")),
    ("archived-is-kept", include_str!("built_in/archived-is-kept.cedar")),
];

/// An example for people who write policies. It is not active.
pub const WORKING_HOURS: &str = include_str!("examples/working-hours.cedar");

/// What is made of them once.
pub(super) struct BuiltIn {
    /// What things are called.
    pub names: Names,
    /// The policies.
    pub policies: Vec<Policy>,
    /// The same, by what they are about.
    pub slices: Arc<Slices>,
}

/// What things are called in policies.
pub(super) struct Names {
    pub user: EntityTypeName,
    pub platform: EntityTypeName,
    pub organization: EntityTypeName,
    pub document: EntityTypeName,
    action: EntityTypeName,
}

impl Names {
    fn new() -> anyhow::Result<Self> {
        let name = |text: &str| EntityTypeName::from_str(text).map_err(|error| anyhow!("{text}: {error}"));
        Ok(Self {
            user: name("User")?,
            platform: name("Platform")?,
            organization: name("Organization")?,
            document: name("Document")?,
            action: name("Action")?,
        })
    }

    /// An act, as policies name it.
    pub(super) fn act(&self, act: &str) -> EntityUid {
        named(&self.action, act)
    }
}

/// A thing of a kind.
pub(super) fn named(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

impl BuiltIn {
    fn new() -> anyhow::Result<Self> {
        let names = Names::new()?;
        let mut policies = Vec::new();
        for (name, text) in BUILT_IN_TEXTS {
            let set = PolicySet::from_str(text).map_err(|error| anyhow!("{name}: {error}"))?;
            policies.extend(set.policies().map(|policy| policy.new_id(PolicyId::new(name))));
        }
        let slices = Arc::new(Slices::of(&policies, &names)?);
        Ok(Self { names, policies, slices })
    }
}

static BUILT_IN: LazyLock<Result<BuiltIn, String>> =
    LazyLock::new(|| BuiltIn::new().map_err(|error| format!("{error:#}")));

/// The built-in policies, which a test reads.
///
/// # Errors
/// Never: they are part of the program.
pub(super) fn built_in() -> anyhow::Result<&'static BuiltIn> {
    BUILT_IN.as_ref().map_err(|error| anyhow!("the built-in policies cannot be read: {error}"))
}

static VALIDATOR: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    let (schema, _) = Schema::from_cedarschema_str(&schema::text()).map_err(|error| error.to_string())?;
    Ok(Validator::new(schema))
});

/// What checks policies against what there is to ask. A decision needs none.
///
/// # Errors
/// Never: the schema is part of the program.
pub(super) fn validator() -> anyhow::Result<&'static Validator> {
    VALIDATOR.as_ref().map_err(|error| anyhow!("the schema of the policies cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cedar_policy::ValidationMode;

    #[test]
    fn each_file_holds_one_policy_of_its_name_that_fits_the_schema() {
        let built_in = built_in().unwrap();
        assert_eq!(built_in.policies.len(), BUILT_IN_TEXTS.len());
        for (policy, (name, _)) in built_in.policies.iter().zip(BUILT_IN_TEXTS) {
            assert_eq!(policy.annotation("id"), Some(name));
        }
        let all = PolicySet::from_policies(built_in.policies.iter().cloned()).unwrap();
        let result = validator().unwrap().validate_with_level(&all, ValidationMode::Strict, 1);
        assert!(result.validation_passed_without_warnings(), "{result}");
    }

    /// One that nobody named would be read by people and by no decision.
    #[test]
    fn every_file_is_one_of_them() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/built_in");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<_> = files.collect();
        let mut names = BUILT_IN_TEXTS.map(|(name, _)| format!("{name}.cedar"));
        files.sort_unstable();
        names.sort_unstable();
        assert_eq!(files, names);
    }

    #[test]
    fn the_example_fits_the_schema_and_is_not_active() {
        assert!(
            super::super::read(WORKING_HOURS)
                .unwrap()
                .iter()
                .all(|policy| policy.effect() == cedar_policy::Effect::Forbid)
        );
        assert!(!BUILT_IN_TEXTS.iter().any(|(name, _)| *name == "working-hours"));
    }
}
