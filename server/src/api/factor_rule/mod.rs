//! `/api/v1/organizations/{organization}/second-factor`: whether the members of an organization must have one.

use utoipa::ToSchema;

pub mod set;
pub mod show;

/// The rule of an organization.
#[derive(ToSchema)]
#[schema(as = FactorRule)]
#[expect(dead_code, reason = "the shape of `auth::view::FactorRule` for the document")]
pub struct FactorRuleShape {
    /// Since when members must have a second factor, in milliseconds since 1970; null: they need not.
    required_from: Option<i64>,
    /// Days that each has for it, from then or from the day they joined.
    #[schema(example = 7)]
    grace_days: i64,
    /// Members.
    members: i64,
    /// Those who have none yet.
    without: i64,
}
