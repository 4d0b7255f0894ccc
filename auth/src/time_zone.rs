//! The time zone somebody reads times in, by its name in the IANA Time Zone Database.
//!
//! A browser only carries the name; what the engine knows of zones is in `time_zone/database.rs`.

use serde::{Deserialize, Serialize};
use std::fmt;

#[cfg(feature = "engine")]
mod database;

#[cfg(feature = "engine")]
pub use database::{Offset, day_in_zone};

/// The zone of who has chosen none.
pub const UTC: &str = "UTC";

/// A zone such as `Europe/Paris`, or [`UTC`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeZone(String);

impl TimeZone {
    /// The name, as the database has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part of the world, such as `America`.
    pub fn area(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The place there, such as `Argentina / Buenos Aires`.
    pub fn place(&self) -> String {
        let place = self.0.split_once('/').map_or(self.as_str(), |(_, place)| place);
        place.replace('_', " ").replace('/', " / ")
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A zone that was accepted before.
impl From<String> for TimeZone {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_shown_by_part_of_the_world_and_place() {
        for (name, area, place) in [
            ("Europe/Paris", "Europe", "Paris"),
            ("America/New_York", "America", "New York"),
            ("America/Argentina/Buenos_Aires", "America", "Argentina / Buenos Aires"),
            ("UTC", "UTC", "UTC"),
        ] {
            let zone = TimeZone::from(name.to_owned());
            assert_eq!((zone.area(), zone.place().as_str()), (area, place));
        }
    }
}
