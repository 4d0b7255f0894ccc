//! The decision, and what every policy had to say to it.

use super::{Act, Decision};
use crate::engine::Engine;
use crate::view::ExplainedDecision;

impl Engine {
    /// Whether an act may be done. Reads no database.
    pub fn decide(&self, act: &Act) -> Decision {
        self.policies.current().decide(act)
    }

    /// The same, with each policy that had to do with it: those that decided, and those that almost did. Dearer than
    /// [`Engine::decide`]: every policy is asked alone.
    pub fn explain(&self, act: &Act) -> ExplainedDecision {
        self.policies.current().explain(act)
    }
}
