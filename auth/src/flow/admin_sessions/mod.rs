//! Sessions as an administrator sees them: a list, and one with its family of refresh tokens.

mod list;
mod show;

pub use list::admin_list_sessions;
pub use show::admin_show_session;
