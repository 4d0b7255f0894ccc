//! What a hash of ours costs: settings, with a default that OWASP names.

use anyhow::anyhow;
use argon2::Params;

/// What a hash costs. The default is OWASP's second row: 19 MiB, 2 passes, 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, lanes: 1 }
    }
}

impl HashCost {
    /// OWASP Password Storage: any one of these rows, or more.
    const OWASP_ROWS: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

    /// Whether the cost reaches one of OWASP's rows; production refuses less.
    pub fn is_enough(&self) -> bool {
        Self::OWASP_ROWS.iter().any(|(memory, passes)| self.memory >= *memory && self.passes >= *passes)
    }

    pub(super) fn params(self) -> anyhow::Result<Params> {
        Params::new(self.memory, self.passes, self.lanes, None).map_err(|error| anyhow!("hash cost: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_cost_is_one_that_owasp_names() {
        assert!(HashCost::default().is_enough());
        assert!(!HashCost { memory: 32, passes: 1, lanes: 1 }.is_enough());
    }
}
