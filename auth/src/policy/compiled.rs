//! The policies that are active, ready to be asked. A picture that never changes: another version is another picture.

use cedar_policy::{AuthorizationError, Authorizer, Decision as Answer, Effect, Policy, PolicyId, PolicySet};
use std::sync::Arc;

use super::asked::Asked;
use super::built_in::built_in;
use super::deep_stack::on_deep_stack;
use super::read::parsed;
use super::slices::Slices;
use super::{Act, Decision, Resource};
use crate::Role;

/// The built-in policies with those of one version.
pub struct Compiled {
    /// The version.
    pub number: i64,
    /// How often another one was activated.
    pub generation: i64,
    pub(super) custom: Vec<Policy>,
    /// None where nobody wrote any: then the built-in ones are all there are.
    slices: Option<Arc<Slices>>,
}

impl Compiled {
    /// Of a version that was checked when it was saved. Nothing is checked again: a policy that a newer program would
    /// not accept goes on, and what cannot be evaluated any more permits nothing, or forbids.
    ///
    /// # Errors
    /// When the text cannot be read.
    pub async fn of(number: i64, generation: i64, text: String) -> anyhow::Result<Self> {
        // What nobody wrote needs no parser: it is several megabytes of code that a start would touch.
        if text.trim().is_empty() {
            return Self::with(number, generation, Vec::new());
        }
        on_deep_stack(move || {
            let custom = parsed(&text).map_err(|faults| match faults.first() {
                Some(fault) => anyhow::anyhow!("policies of version {number}, line {}: {}", fault.line, fault.message),
                None => anyhow::anyhow!("policies of version {number}"),
            })?;
            Self::with(number, generation, custom)
        })
        .await?
    }

    /// Of policies that were read.
    pub(super) fn with(number: i64, generation: i64, custom: Vec<Policy>) -> anyhow::Result<Self> {
        let slices = if custom.is_empty() {
            None
        } else {
            let built_in = built_in()?;
            let all: Vec<_> = built_in.policies.iter().chain(&custom).cloned().collect();
            Some(Arc::new(Slices::of(&all, &built_in.names)?))
        };
        Ok(Self { number, generation, custom, slices })
    }

    /// The decision. Reads no database. The first of a program reads the built-in policies.
    pub fn decide(&self, act: &Act) -> Decision {
        self.judge(act, is_beyond_custom(act))
    }

    /// The decision if administrators were judged by every policy: what the guard against a lock-out asks.
    pub(super) fn decide_strictly(&self, act: &Act) -> Decision {
        self.judge(act, false)
    }

    /// Administrators of the platform are judged by the built-in policies alone where they look after the platform:
    /// whatever is activated, they can put it right.
    fn judge(&self, act: &Act, by_built_in_alone: bool) -> Decision {
        self.judged(act, by_built_in_alone).unwrap_or_else(|error| {
            tracing::error!(act = act.action, error = format!("{error:#}"), "a question could not be asked");
            Decision::denied()
        })
    }

    fn judged(&self, act: &Act, by_built_in_alone: bool) -> anyhow::Result<Decision> {
        let built_in = built_in()?;
        let slices = self.slices.as_deref().filter(|_| !by_built_in_alone).unwrap_or(&built_in.slices);
        let Some(slice) = slices.get(act) else { return Ok(Decision::denied()) };
        let asked = Asked::of(act, &slice.action, &built_in.names)?;
        Ok(ask(&asked, slice.policies(act)?.as_ref()))
    }
}

/// Whether the policies that people write have no say in an act.
pub(super) fn is_beyond_custom(act: &Act) -> bool {
    matches!(act.resource, Resource::Platform) && act.principal.platform_role == Role::PlatformAdmin
}

/// What some policies say to a question. Cedar leaves out what cannot be evaluated; here a policy that forbids holds all
/// the same: nobody passes one by making it fail, as with a number that overflows.
pub(super) fn ask(asked: &Asked, policies: &PolicySet) -> Decision {
    let response = Authorizer::new().is_authorized(&asked.request, policies, &asked.entities);
    let diagnostics = response.diagnostics();
    let mut deciding: Vec<_> = diagnostics.reason().map(ToString::to_string).collect();
    deciding.sort_unstable();
    let mut failed: Vec<_> = diagnostics
        .errors()
        .map(|AuthorizationError::PolicyEvaluationError(error)| error.policy_id().to_string())
        .collect();
    failed.sort_unstable();
    let is_allowed = response.decision() == Answer::Allow;
    let forbids = |id: &str| policies.policy(&PolicyId::new(id)).is_none_or(|policy| policy.effect() == Effect::Forbid);
    let forbidding: Vec<_> = failed.iter().filter(|id| forbids(id)).cloned().collect();
    if is_allowed && !forbidding.is_empty() {
        return Decision { is_allowed: false, deciding: forbidding, failed };
    }
    Decision { is_allowed, deciding, failed }
}
