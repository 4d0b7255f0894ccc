//! How unusual a sign-in is: points for each sign, and what gave them.

use super::{AnomalyReason, Travel};

/// From here on a second factor is asked for, on a trusted device as well.
pub const ASKS_FROM: i64 = 50;
/// More than everything is not unusual.
pub const MOST_POINTS: i64 = 100;

const TRAVEL: i64 = 50;
/// Less than what asks for more: people buy telephones.
const NEW_DEVICE: i64 = 20;
/// Of some accounts at one client, with [`NEW_DEVICE`] as much as asks.
const SOME_ACCOUNTS: i64 = 30;
const MANY_ACCOUNTS: i64 = 50;
/// At the next sign-ins: whoever knows the password and comes with a known device is most likely the owner.
const REUSED_LATELY: i64 = 30;
/// At the moment itself.
const REUSED: i64 = 60;

/// Accounts that are some, and that are many, new at one client within an hour.
const SOME: i64 = 5;
const MANY: i64 = 10;

/// What is known of a sign-in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signals {
    /// From where the account was used last; none when that is not known, or the same client.
    pub travel: Option<Travel>,
    /// The account has been used before, and not with this device.
    pub is_new_device: bool,
    /// Accounts that came from this client for the first time within an hour, this one included.
    pub accounts: i64,
    /// A token of the account was used twice within a day.
    pub reused_lately: bool,
}

/// How unusual it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// 0: not at all; at most [`MOST_POINTS`].
    pub points: i64,
    /// What gave them, each reason once at most.
    pub reasons: Vec<(AnomalyReason, i64)>,
}

impl Score {
    /// Whether a second factor is asked for, and its owner told.
    pub const fn asks(&self) -> bool {
        self.points >= ASKS_FROM
    }

    /// What a reason gave; 0: it was none.
    pub fn of(&self, reason: AnomalyReason) -> i64 {
        self.reasons.iter().find(|(one, _)| *one == reason).map_or(0, |(_, points)| *points)
    }

    fn sum(reasons: Vec<(AnomalyReason, i64)>) -> Self {
        let points = reasons.iter().map(|(_, points)| points).sum::<i64>().min(MOST_POINTS);
        Self { points, reasons }
    }
}

/// The score of a sign-in.
pub fn score(signals: &Signals) -> Score {
    let is_impossible = signals.travel.is_some_and(Travel::is_impossible);
    let accounts = match signals.accounts {
        MANY.. => MANY_ACCOUNTS,
        SOME.. => SOME_ACCOUNTS,
        _ => 0,
    };
    let given = [
        (AnomalyReason::ImpossibleTravel, if is_impossible { TRAVEL } else { 0 }),
        (AnomalyReason::NewDevice, if signals.is_new_device { NEW_DEVICE } else { 0 }),
        (AnomalyReason::ManyAccounts, accounts),
        (AnomalyReason::TokenReuse, if signals.reused_lately { REUSED_LATELY } else { 0 }),
    ];
    Score::sum(given.into_iter().filter(|(_, points)| *points > 0).collect())
}

/// The score of a refresh token that is used again after its time.
pub fn score_of_reuse() -> Score {
    Score::sum(vec![(AnomalyReason::TokenReuse, REUSED)])
}
