//! The picture of a person: what may be sent as one.
//!
//! A browser knows the limits; what the engine makes of a file is in `avatar/picture.rs`.

use crate::FieldIssue;

#[cfg(feature = "engine")]
mod picture;
#[cfg(feature = "engine")]
mod webp;

#[cfg(feature = "engine")]
pub use picture::Avatar;

/// The most bytes of a file: 1 MB.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The kinds of files that are read.
pub const MEDIA_TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];
/// Where pictures are shown: their id follows.
pub const PATH: &str = "/avatars/";
/// Where logos of organizations are shown: their id follows.
pub const LOGO_PATH: &str = "/organization-logos/";

/// What is wrong with a file of so many bytes, before anybody looks into it.
pub fn issue_of_size(bytes: usize) -> Option<FieldIssue> {
    match bytes {
        0 => Some(FieldIssue::InvalidImage),
        1..=MAX_BYTES => None,
        _ => Some(FieldIssue::ImageTooLarge),
    }
}
