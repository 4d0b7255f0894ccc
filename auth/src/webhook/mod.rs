//! Webhooks: an address is told of what happens, by the scheme of Standard Webhooks (standardwebhooks.com). Who may have
//! one and how it is changed is in `flow/`; the work of telling is in `job/`.

#[cfg(feature = "engine")]
mod address;
#[cfg(feature = "engine")]
mod caller;
mod kinds;
#[cfg(feature = "engine")]
mod message;
#[cfg(feature = "engine")]
mod patience;
#[cfg(feature = "engine")]
mod sealed;
#[cfg(feature = "engine")]
mod secret;
#[cfg(feature = "engine")]
mod settings;

#[cfg(feature = "engine")]
pub(crate) use address::{admit_address, host_of};
#[cfg(feature = "engine")]
pub(crate) use caller::{Attempt, WebhookCaller};
pub use kinds::WebhookKinds;
#[cfg(feature = "engine")]
pub(crate) use message::{Message, test_message};
#[cfg(feature = "engine")]
pub(crate) use patience::delay_seconds;
#[cfg(feature = "engine")]
pub use secret::WebhookSecret;
#[cfg(feature = "engine")]
pub use settings::WebhookSettings;

/// The kind of what a test tells. No line of the audit log has it.
pub const TEST_KIND: &str = "webhook.test";

/// Why a delivery ended whose host the operator does not allow any more. It is kept in the place of an answer.
pub const HOST_NOT_ALLOWED: &str = "host_not_allowed";
