//! What is done with webhooks, one verb a file.

mod change_webhook;
mod create_webhook;
mod list_deliveries;
mod list_webhooks;
mod remove_webhook;
mod replay_delivery;
mod rotate_webhook_secret;
mod show_delivery;
mod show_webhook;
mod test_webhook;
mod webhook_owner;

pub use change_webhook::change_webhook;
pub use create_webhook::{CreatedWebhook, create_webhook};
pub use list_deliveries::list_deliveries;
pub use list_webhooks::list_webhooks;
pub use remove_webhook::remove_webhook;
pub use replay_delivery::replay_delivery;
pub use rotate_webhook_secret::{RotatedSecret, rotate_webhook_secret};
pub use show_delivery::show_delivery;
pub use show_webhook::show_webhook;
pub use test_webhook::test_webhook;
pub use webhook_owner::{WebhookOwner, WebhookRight, require_webhooks};
