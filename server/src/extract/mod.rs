//! Who is calling and what they may do, as arguments of a handler: `docs/integrate-authorization.md`.

mod current_user;
mod require;

pub use current_user::CurrentUser;
pub use require::{Guard, Needed, Require};
