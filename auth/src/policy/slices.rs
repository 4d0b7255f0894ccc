//! Policies by what they are about: those for one act with one kind of thing. A decision looks at these and leaves the
//! others alone, so that two hundred policies cost little more than the few that matter.

use anyhow::anyhow;
use cedar_policy::{ActionConstraint, EntityUid, Policy, PolicySet, ResourceConstraint};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::Act;
use super::built_in::Names;
use super::guard::Guard;
use super::schema::{Kind, acts};

/// The policies for one act with one kind of thing.
pub(super) struct Slice {
    /// The act.
    pub action: EntityUid,
    /// Those that are always asked.
    always: PolicySet,
    /// Those that begin with tests of texts.
    guarded: Vec<(Arc<Guard>, Policy)>,
}

impl Slice {
    fn of(action: EntityUid, policies: impl Iterator<Item = (Arc<Guard>, Policy)>) -> anyhow::Result<Self> {
        let (guarded, always): (Vec<_>, Vec<_>) = policies.partition(|(guard, _)| !guard.is_empty());
        let always = always.into_iter().map(|(_, policy)| policy);
        let always = PolicySet::from_policies(always).map_err(|error| anyhow!("{error}"))?;
        Ok(Self { action, always, guarded })
    }

    /// What there is to be asked.
    pub(super) fn policies(&self, act: &Act) -> anyhow::Result<Cow<'_, PolicySet>> {
        let mut policies = Cow::Borrowed(&self.always);
        for (_, policy) in self.guarded.iter().filter(|(guard, _)| guard.passes(act)) {
            policies.to_mut().add(policy.clone()).map_err(|error| anyhow!("{error}"))?;
        }
        Ok(policies)
    }
}

/// All of them.
pub(super) struct Slices(HashMap<(Kind, &'static str), Slice>);

impl Slices {
    pub(super) fn of(policies: &[Policy], names: &Names) -> anyhow::Result<Self> {
        // Read once each: a policy about all acts is in every slice.
        let policies: Vec<_> = policies.iter().map(|policy| (Arc::new(Guard::of(policy)), policy.clone())).collect();
        let mut slices = HashMap::new();
        for (act, kinds) in acts() {
            let action = names.act(act);
            for kind in kinds {
                let meant = policies.iter().filter(|(_, policy)| is_about(policy, &action, kind)).cloned();
                slices.insert((kind, act), Slice::of(action.clone(), meant)?);
            }
        }
        Ok(Self(slices))
    }

    /// Those for an act; none for one that is not done with such a thing.
    pub(super) fn get(&self, act: &Act) -> Option<&Slice> {
        self.0.get(&(Kind::of(&act.resource), act.action))
    }
}

/// Whether a policy can apply to an act with a kind of thing.
pub(super) fn is_about(policy: &Policy, action: &EntityUid, kind: Kind) -> bool {
    let is_for_act = match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(acts) => acts.contains(action),
        ActionConstraint::Eq(act) => act == *action,
    };
    let is_of = |name: &str, kind: Kind| name == kind.as_str();
    is_for_act
        && match policy.resource_constraint() {
            ResourceConstraint::Any => true,
            ResourceConstraint::Is(name) | ResourceConstraint::IsIn(name, _) => is_of(name.basename(), kind),
            ResourceConstraint::Eq(thing) => is_of(thing.type_name().basename(), kind),
            // A document is in its organization, and everything in itself.
            ResourceConstraint::In(thing) => {
                let name = thing.type_name().basename();
                is_of(name, kind) || (kind == Kind::Document && is_of(name, Kind::Organization))
            }
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::PolicyQuestion;
    use crate::policy::act_of;
    use crate::policy::asked::Asked;
    use crate::policy::built_in::built_in;
    use crate::policy::compiled::ask;

    fn is_for(scope: &str, kind: Kind) -> bool {
        let policy = Policy::parse(None, format!("permit ({scope});")).unwrap();
        is_about(&policy, &built_in().unwrap().names.act("documents:read"), kind)
    }

    #[test]
    fn a_policy_is_looked_at_where_it_can_apply() {
        let (organization, document) = (Kind::Organization, Kind::Document);
        assert!(is_for("principal, action, resource", organization));
        assert!(is_for("principal, action == Action::\"documents:read\", resource", document));
        assert!(!is_for("principal, action == Action::\"documents:update\", resource", document));
        assert!(is_for("principal, action in [Action::\"a\", Action::\"documents:read\"], resource", document));
        assert!(is_for("principal, action, resource is Document", document));
        assert!(!is_for("principal, action, resource is Document", organization));
        assert!(is_for("principal, action, resource in Organization::\"a\"", document));
        assert!(is_for("principal, action, resource in Organization::\"a\"", organization));
        assert!(!is_for("principal, action, resource == Document::\"a\"", organization));
        assert!(!is_for("principal, action, resource is Platform", document));
    }

    /// Whatever head a policy has: where Cedar says that it forbids, it is asked.
    #[test]
    fn no_policy_that_applies_is_left_out() {
        let organization = "Organization::\"00000000-0000-7000-8000-000000000003\"";
        let document = "Document::\"00000000-0000-7000-8000-000000000004\"";
        let things = ["resource", "resource is Document", "resource is Organization", "resource is Platform"];
        let mut things: Vec<_> = things.map(str::to_owned).into();
        things.extend([organization, document, "Platform::\"keywright\""].map(|thing| format!("resource == {thing}")));
        things.extend([organization, document, "Platform::\"keywright\""].map(|thing| format!("resource in {thing}")));
        things.push(format!("resource is Document in {organization}"));
        let names = &built_in().unwrap().names;
        let mut applied = 0;
        for (act, kinds) in acts() {
            let of_act =
                [format!("action == Action::\"{act}\""), format!("action in [Action::\"{act}\"]"), "action".into()];
            for (kind, action) in kinds.into_iter().flat_map(|kind| of_act.each_ref().map(|action| (kind, action))) {
                let on = kind.as_str().to_lowercase();
                let question = PolicyQuestion { action: act.into(), on, ..PolicyQuestion::default() };
                let asked = Asked::of(&act_of(&question).ok().unwrap(), &names.act(act), names).unwrap();
                for thing in &things {
                    let policy = Policy::parse(None, format!("forbid (principal, {action}, {thing});")).unwrap();
                    let alone = PolicySet::from_policies([policy.clone()]).unwrap();
                    if !ask(&asked, &alone).deciding.is_empty() {
                        applied += 1;
                        assert!(is_about(&policy, &names.act(act), kind), "{policy}");
                    }
                }
            }
        }
        assert!(applied > 200, "{applied}");
    }
}
