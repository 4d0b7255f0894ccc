//! Whether this machine's clock and the database's agree (ASVS 5.0, 16.2.2): lines of the log are told in the order of
//! their moments, and what one node writes another one reads.

use auth::Timestamp;
use auth::clock::{Clock as _, SystemClock};
use auth::store::Store;

use super::report::Report;
use crate::settings::Settings;

const CHECK: &str = "clock";
/// What clocks that are kept by NTP never reach.
const MOST_MILLISECONDS: i64 = 2000;

/// Asks the database for its time. An SQLite file has that of this machine.
pub(super) async fn clock(settings: &Settings, report: &mut Report) {
    let Ok(store) = Store::open(&settings.database()).await else { return };
    let before = SystemClock.now();
    let there = store.time().await;
    let after = SystemClock.now();
    store.close().await;
    match there {
        Ok(there) => {
            let (is_fault, text) = judged(before, there, after);
            report.tell(CHECK, is_fault, text);
        }
        Err(why) => report.fault(CHECK, format!("The database does not tell its time: {why}.")),
    }
}

/// Whether the time there is too far from the time in which it was asked, and the words for it.
fn judged(before: Timestamp, there: Timestamp, after: Timestamp) -> (bool, String) {
    let (ahead, behind) = (before.0 - there.0, there.0 - after.0);
    if ahead.max(behind) <= MOST_MILLISECONDS {
        return (false, "This machine's clock and the database's agree.".to_owned());
    }
    let seconds = ahead.max(behind) / 1000;
    let way = if ahead > behind { "ahead of" } else { "behind" };
    let text =
        format!("This machine's clock is {seconds} seconds {way} the database's: let NTP keep both, then look again.");
    (true, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_two_seconds_apart_is_a_fault() {
        let told = |there: i64| judged(Timestamp(100_000), Timestamp(there), Timestamp(100_300));
        for agreeing in [98_000, 99_999, 100_000, 100_150, 100_300, 102_300] {
            assert!(!told(agreeing).0, "{agreeing}");
        }
        for (there, words) in
            [(97_999, "2 seconds ahead of"), (40_000, "60 seconds ahead of"), (102_301, "2 seconds behind")]
        {
            let (is_fault, text) = told(there);
            assert!(is_fault && text.contains(words), "{there}: {text}");
        }
    }
}
