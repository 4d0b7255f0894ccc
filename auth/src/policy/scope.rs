//! Whether the head of a policy fits a question, whatever its conditions say: such a policy almost decided it.

use cedar_policy::{EntityUid, Policy, PrincipalConstraint, ResourceConstraint};

use super::asked::Asked;

/// Whether principal and resource of a question are those a policy is about. Its act was looked at before.
pub(super) fn fits(policy: &Policy, asked: &Asked) -> bool {
    let principal = match policy.principal_constraint() {
        PrincipalConstraint::Any => true,
        PrincipalConstraint::Eq(uid) | PrincipalConstraint::In(uid) => uid == asked.principal,
        PrincipalConstraint::Is(name) => name == *asked.principal.type_name(),
        PrincipalConstraint::IsIn(name, uid) => name == *asked.principal.type_name() && uid == asked.principal,
    };
    principal
        && match policy.resource_constraint() {
            ResourceConstraint::Any => true,
            ResourceConstraint::Eq(uid) => uid == asked.resource,
            ResourceConstraint::In(uid) => is_in(asked, &uid),
            ResourceConstraint::Is(name) => name == *asked.resource.type_name(),
            ResourceConstraint::IsIn(name, uid) => name == *asked.resource.type_name() && is_in(asked, &uid),
        }
}

fn is_in(asked: &Asked, uid: &EntityUid) -> bool {
    asked.resource == *uid || asked.organization.as_ref() == Some(uid)
}
