//! Whether limits hold.

/// Settings of the limits.
#[derive(Clone, Copy, Debug)]
pub struct LimitSettings {
    /// Off only for load tests and for stories of something else.
    pub on: bool,
}

impl LimitSettings {
    /// No limits at all.
    pub const OFF: Self = Self { on: false };
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { on: true }
    }
}
