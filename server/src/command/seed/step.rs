//! What the steps of making data are called.

use auth::flow::SeedStep;

/// The step in words.
pub(super) const fn name(step: SeedStep) -> &'static str {
    match step {
        SeedStep::Users => "accounts",
        SeedStep::Organizations => "organizations",
        SeedStep::Memberships => "memberships",
        SeedStep::Sessions => "sessions",
        SeedStep::AuditLines => "audit lines",
        SeedStep::Index => "search index",
        SeedStep::Chain => "audit chain",
    }
}
