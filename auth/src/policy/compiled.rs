//! The policies that are active, ready to be asked. A picture that never changes: another version is another picture.

use cedar_policy::{AuthorizationError, Authorizer, Decision as Answer, Effect, Policy, PolicyId, PolicySet};
use std::sync::Arc;

use super::asked::Asked;
use super::built_in::{BuiltIn, built_in};
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
    pub(super) built_in: &'static BuiltIn,
    pub(super) custom: Vec<Policy>,
    slices: Arc<Slices>,
}

impl Compiled {
    /// Of a version that was checked when it was saved. Nothing is checked again: a policy that a newer program would
    /// not accept goes on, and what cannot be evaluated any more permits nothing, or forbids.
    ///
    /// # Errors
    /// When the text cannot be read.
    pub async fn of(number: i64, generation: i64, text: String) -> anyhow::Result<Self> {
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
        let built_in = built_in()?;
        let slices = if custom.is_empty() {
            Arc::clone(&built_in.slices)
        } else {
            let all: Vec<_> = built_in.policies.iter().chain(&custom).cloned().collect();
            Arc::new(Slices::of(&all, &built_in.names)?)
        };
        Ok(Self { number, generation, built_in, custom, slices })
    }

    /// The decision. Reads no database.
    pub fn decide(&self, act: &Act) -> Decision {
        self.judge(act, self.slices_for(act))
    }

    /// The decision if administrators were judged by every policy: what the guard against a lock-out asks.
    pub(super) fn decide_strictly(&self, act: &Act) -> Decision {
        self.judge(act, &self.slices)
    }

    /// Administrators of the platform are judged by the built-in policies alone where they look after the platform:
    /// whatever is activated, they can put it right.
    fn slices_for(&self, act: &Act) -> &Slices {
        if is_beyond_custom(act) { &self.built_in.slices } else { &self.slices }
    }

    fn judge(&self, act: &Act, slices: &Slices) -> Decision {
        let denied = Decision { is_allowed: false, deciding: Vec::new(), failed: Vec::new() };
        let Some(slice) = slices.get(act) else { return denied };
        match Asked::of(act, &slice.action, &self.built_in.names) {
            Ok(asked) => ask(&asked, &slice.policies),
            Err(error) => {
                tracing::error!(act = act.action, error = format!("{error:#}"), "a question could not be asked");
                denied
            }
        }
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
