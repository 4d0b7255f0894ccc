//! In whose place an administrator sees the product: what the banner of every page says.

use auth::{PersonName, Timestamp};

use super::from_request;

/// The person in whose place the request is made.
#[derive(Clone, Debug)]
pub struct Impersonated {
    /// What they are called.
    pub name: PersonName,
    /// When it ends at the latest.
    pub until: Option<Timestamp>,
    /// Whether what belongs to organizations may be changed.
    pub writes: bool,
}

/// The person in whose place this request is made, found by a layer; none when somebody acts for themselves.
pub fn impersonated() -> Option<Impersonated> {
    from_request(|parts| parts.extensions.get::<Impersonated>().cloned())
}
