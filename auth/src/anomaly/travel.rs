//! How far two places are from each other, and whether somebody can have gone there meanwhile.

use super::Place;

/// Nearer places are one: where an address is, is a guess, and networks move their addresses about.
const FAR_KILOMETRES: i64 = 500;
/// Faster than any airliner from door to door.
const FASTEST_KILOMETRES_AN_HOUR: i64 = 1000;
/// Mean radius of the earth (IUGG).
const EARTH_KILOMETRES: f64 = 6371.0;

/// A journey that an account made between two uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Travel {
    /// At the least: what the places are uncertain by is taken off.
    pub kilometres: i64,
    /// From the last use to this one; 0 or less where clocks differ.
    pub seconds: i64,
}

impl Travel {
    /// Whether nobody travels that fast.
    pub const fn is_impossible(self) -> bool {
        let seconds = if self.seconds < 1 { 1 } else { self.seconds };
        self.kilometres >= FAR_KILOMETRES
            && self.kilometres.saturating_mul(3600) > seconds.saturating_mul(FASTEST_KILOMETRES_AN_HOUR)
    }
}

/// Whole kilometres between two places along the earth (haversine), less what both are uncertain by; never less than 0.
#[expect(clippy::cast_possible_truncation, reason = "half of the way around the earth is 20,015 km")]
pub fn kilometres_between(from: &Place, to: &Place) -> i64 {
    let (north, south) = (from.latitude.to_radians(), to.latitude.to_radians());
    let (up, along) = ((south - north) / 2.0, (to.longitude - from.longitude).to_radians() / 2.0);
    let half = up.sin().powi(2) + north.cos() * south.cos() * along.sin().powi(2);
    let apart = 2.0 * EARTH_KILOMETRES * half.clamp(0.0, 1.0).sqrt().asin();
    let least = (apart - f64::from(from.uncertain_by) - f64::from(to.uncertain_by)).max(0.0);
    least.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(latitude: f64, longitude: f64, uncertain_by: u16) -> Place {
        Place { country: None, city: None, latitude, longitude, uncertain_by }
    }

    #[test]
    fn paris_is_as_far_from_tokyo_as_maps_say() {
        let (paris, tokyo) = (place(48.8566, 2.3522, 0), place(35.6762, 139.6503, 0));
        let far = kilometres_between(&paris, &tokyo);
        assert!((9_690..=9_730).contains(&far), "{far}");
        assert_eq!(far, kilometres_between(&tokyo, &paris));
        assert_eq!(kilometres_between(&paris, &paris), 0);
    }

    #[test]
    fn over_the_line_of_the_date_is_not_around_the_world() {
        let near = kilometres_between(&place(0.0, 179.9, 0), &place(0.0, -179.9, 0));
        assert!((20..=25).contains(&near), "{near}");
    }

    #[test]
    fn uncertain_places_are_nearer() {
        let (paris, london) = (place(48.8566, 2.3522, 200), place(51.5074, -0.1278, 100));
        assert!(kilometres_between(&paris, &london) < 50);
        assert_eq!(kilometres_between(&place(1.0, 1.0, 1000), &place(1.5, 1.0, 1000)), 0);
    }

    #[test]
    fn an_airliner_is_possible_and_a_commute_always() {
        let hours = |hours: i64| hours * 3600;
        assert!(Travel { kilometres: 9_700, seconds: 20 * 60 }.is_impossible());
        assert!(!Travel { kilometres: 9_700, seconds: hours(12) }.is_impossible());
        assert!(!Travel { kilometres: 499, seconds: 0 }.is_impossible());
        assert!(Travel { kilometres: 500, seconds: 0 }.is_impossible());
        assert!(Travel { kilometres: 20_000, seconds: -5 }.is_impossible(), "clocks of nodes may differ");
        assert!(!Travel { kilometres: 20_000, seconds: i64::MAX }.is_impossible());
    }
}
