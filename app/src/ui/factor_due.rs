//! The banner of an account that must have a second factor soon: how long it has, and the way there.

use auth::Timestamp;
use leptos::prelude::*;

use super::Icon;
use crate::page::SECOND_FACTOR_REQUIRED;
use crate::server;
use crate::text::{t, t_with};

const DAY: i64 = 24 * 60 * 60;

/// Days that are left, the one that has begun included; none once the moment is over.
fn days_left(due: Timestamp, now: Timestamp) -> Option<i64> {
    let seconds = due.seconds_since(now);
    (seconds > 0).then_some((seconds + DAY - 1) / DAY)
}

/// The banner, while there is time. On the page that it leads to there is none: that says it all.
#[component]
pub fn FactorDue(due: Option<Timestamp>) -> impl IntoView {
    let left = due.and_then(|due| days_left(due, server::auth().now()));
    let is_there = server::path().is_some_and(|path| path == SECOND_FACTOR_REQUIRED);
    left.filter(|_| !is_there).map(|days| {
        let text = match days {
            1 => t("page.factor_required.banner_day"),
            days => t_with("page.factor_required.banner", &[("days", &days.to_string())]),
        };
        view! {
            // No `Notice`: that has an id, and what a form is refused with may stand on the same page.
            <div class="notice notice-info">
                <Icon name="shield"/>
                <div>
                    <p>{text}</p>
                    <p><a href=SECOND_FACTOR_REQUIRED>{t("page.factor_required.banner_link")}</a></p>
                </div>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_that_has_begun_counts() {
        let now = Timestamp(1_800_000_000_000);
        for (seconds, days) in [
            (7 * DAY, Some(7)),
            (7 * DAY - 1, Some(7)),
            (DAY + 1, Some(2)),
            (DAY, Some(1)),
            (1, Some(1)),
            (0, None),
            (-1, None),
        ] {
            assert_eq!(days_left(now.plus_seconds(seconds), now), days, "{seconds}");
        }
    }
}
