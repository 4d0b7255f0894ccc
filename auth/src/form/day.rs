//! A day of the calendar, as `<input type="date">` sends it.

use crate::view::CivilDay;
use crate::{FieldIssue, Timestamp};

const DAY: i64 = 24 * 60 * 60;

/// The first moment in UTC of a day such as `2027-01-15`; none when none was chosen.
///
/// # Errors
/// [`FieldIssue::Unknown`] for what is no day of the calendar.
pub(super) fn start_of_day(text: &str) -> Result<Option<Timestamp>, FieldIssue> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some).ok_or(FieldIssue::Unknown) }
}

/// The first moment of the day after it.
///
/// # Errors
/// As [`start_of_day`].
pub(super) fn end_of_day(text: &str) -> Result<Option<Timestamp>, FieldIssue> {
    Ok(start_of_day(text)?.map(|start| start.plus_seconds(DAY)))
}

fn day(text: &str) -> Option<Timestamp> {
    let is_written_so = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_written_so {
        return None;
    }
    let number = |part: &str| part.parse::<i64>().ok();
    let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
    let start = Timestamp(days_since_1970(year, month, day) * DAY * 1000);
    // What is no day became another one: February 30 is March 2.
    let civil = CivilDay::of(start);
    (civil.year == year && civil.month == month && civil.day == day).then_some(start)
}

/// Days since 1970-01-01 of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date
/// algorithms").
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_and_ends_with_the_next() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2027-01-15", 1_799_971_200),
            ("2100-03-01", 4_107_542_400),
        ] {
            assert_eq!(start_of_day(text), Ok(Some(Timestamp(seconds * 1000))), "{text}");
            assert_eq!(end_of_day(text), Ok(Some(Timestamp((seconds + DAY) * 1000))), "{text}");
        }
        assert_eq!(start_of_day(""), Ok(None));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2027",
            "2027-1-5",
            "2027-02-29",
            "2027-00-10",
            "2027-13-01",
            "2027-01-00",
            "2027-01-32",
            "20270115",
            "2027-01-15T00:00",
            " 2027-01-15",
            "2027/01/15",
            "+027-01-15",
            "２０２７",
        ] {
            assert_eq!(start_of_day(text), Err(FieldIssue::Unknown), "{text:?}");
        }
    }
}
