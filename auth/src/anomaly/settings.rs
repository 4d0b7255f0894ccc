//! What an operator sets about unusual sign-ins.

use std::sync::Arc;

use super::GeoDatabase;

/// How unusual sign-ins are found, and whether they are acted on.
#[derive(Clone)]
pub struct AnomalySettings {
    /// Whether an unusual sign-in is asked for more. Its owner is told either way.
    pub step_up: bool,
    /// Where addresses are; none: no journey is ever impossible.
    pub places: Option<Arc<GeoDatabase>>,
}

impl Default for AnomalySettings {
    fn default() -> Self {
        Self { step_up: true, places: None }
    }
}
