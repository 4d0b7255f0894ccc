//! What a person tells of themselves: name, picture, language, time zone.

mod avatar;
mod change_avatar;
mod change_locale;
mod change_name;
mod change_time_zone;
mod remove_avatar;

pub use avatar::avatar;
pub(super) use avatar::is_id;
pub use change_avatar::change_avatar;
pub(super) use change_avatar::read_picture;
pub use change_locale::change_locale;
pub use change_name::change_name;
pub use change_time_zone::change_time_zone;
pub use remove_avatar::remove_avatar;
