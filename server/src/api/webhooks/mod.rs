//! `/api/v1/organizations/{organization}/webhooks` and `/api/v1/admin/webhooks`: the same for an organization and for the
//! platform. Each verb has two addresses and one answer.

pub mod change;
pub mod create;
pub mod list;
pub mod list_deliveries;
pub mod remove;
pub mod replay;
pub mod rotate_secret;
pub mod show;
pub mod show_delivery;
pub mod test;

mod asked;
mod shape;

use asked::Asked;
