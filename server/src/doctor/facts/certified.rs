//! The certificate that is served: how long it lasts, whom it is for, and who renews it.

use auth::Timestamp;
use auth::view::TlsHealth;

use crate::tls::{Tls, TlsOrigin};

/// What is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Certified {
    /// How it is.
    pub health: TlsHealth,
    /// Whether it is for the host of the public address.
    pub is_for_host: bool,
    /// Whom it comes from.
    pub origin: TlsOrigin,
}

impl Certified {
    /// Looks at it.
    pub fn look(tls: &Tls, host: &str, now: Timestamp) -> Self {
        Self { health: tls.health(now), is_for_host: tls.is_for(host), origin: tls.origin() }
    }
}
