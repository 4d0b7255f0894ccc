//! Why something may be done, or not: each policy asked alone, so that those that almost decided are named as well.

use cedar_policy::{Effect, Policy, PolicySet};

use super::asked::Asked;
use super::built_in::{BUILT_IN_TEXTS, built_in};
use super::compiled::{Compiled, ask, is_beyond_custom};
use super::schema::Kind;
use super::scope::fits;
use super::slices::is_about;
use super::{Act, Decision};
use crate::view::{ExplainedDecision, PolicyEffect, PolicyVerdict, VerdictOutcome};

impl Compiled {
    /// The decision, and what every policy had to say that is about this act and fits who asks and with what.
    pub fn explain(&self, act: &Act) -> ExplainedDecision {
        let decision = self.decide(act);
        let mut verdicts = Vec::new();
        if let Ok(built_in) = built_in()
            && let action = built_in.names.act(act.action)
            && let Ok(asked) = Asked::of(act, &action, &built_in.names)
        {
            let custom: &[Policy] = if is_beyond_custom(act) { &[] } else { &self.custom };
            let about = built_in.policies.iter().chain(custom);
            let about = about.filter(|policy| is_about(policy, &action, Kind::of(&act.resource)));
            verdicts = about.filter_map(|policy| verdict(policy, &asked, &decision)).collect();
            verdicts.sort_by_key(|verdict| verdict.outcome);
        }
        ExplainedDecision { allowed: decision.is_allowed, verdicts }
    }
}

/// What one policy had to say; none when it is about somebody or something else.
fn verdict(policy: &Policy, asked: &Asked, decision: &Decision) -> Option<PolicyVerdict> {
    let id = policy.id().to_string();
    let outcome = if decision.failed.contains(&id) {
        VerdictOutcome::Failed
    } else if decision.deciding.contains(&id) {
        VerdictOutcome::Decided
    } else if applies(policy, asked) {
        VerdictOutcome::Overruled
    } else if fits(policy, asked) {
        VerdictOutcome::Almost
    } else {
        return None;
    };
    let effect = match policy.effect() {
        Effect::Permit => PolicyEffect::Permit,
        Effect::Forbid => PolicyEffect::Forbid,
    };
    let is_built_in = BUILT_IN_TEXTS.iter().any(|(name, _)| *name == id);
    Some(PolicyVerdict { text: policy.to_string(), id, effect, is_built_in, outcome })
}

/// Whether a policy applies that did not decide: it permits, and another one forbids.
fn applies(policy: &Policy, asked: &Asked) -> bool {
    let alone = PolicySet::from_policies([policy.clone()]);
    alone.is_ok_and(|alone| !ask(asked, &alone).deciding.is_empty())
}
