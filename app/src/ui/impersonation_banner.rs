//! The banner of every page that is shown in somebody else's place: whose it is, how long it lasts, the way back.

use auth::{ErrorCode, Timestamp};
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::use_url;

use super::Icon;
use crate::error::AppError;
use crate::page::EndImpersonation;
use crate::server::{self, Impersonated};
use crate::text::{t, t_with};

const MINUTE: i64 = 60;

/// Minutes that are left, the one that has begun included.
fn minutes_left(until: Option<Timestamp>, now: Timestamp) -> i64 {
    until.map_or(0, |until| (until.seconds_since(now).max(0) + MINUTE - 1) / MINUTE)
}

/// Whether the page was come to because something was refused in the other's place. Not every form says so itself.
fn was_refused() -> bool {
    // `FlatRoutes` tells it to the pages within; the banner stands before them.
    use_url().read_untracked().provide_server_action_error();
    use_context::<ServerActionError>()
        .is_some_and(|error| ServerFnUrlError::<AppError>::decode_err(error.err()).code() == ErrorCode::ReadOnly)
}

/// The banner. Its button works without script, on every page.
#[component]
pub fn ImpersonationBanner(by: Impersonated) -> impl IntoView {
    let Impersonated { name, until, writes } = by;
    let minutes = minutes_left(until, server::auth().now()).to_string();
    let rule = match (was_refused(), writes) {
        (true, _) => "page.impersonate.refused",
        (false, true) => "page.impersonate.banner_writes",
        (false, false) => "page.impersonate.banner_reads",
    };
    view! {
        <aside class="impersonation" aria-label=t("page.impersonate.banner_label")>
            <Icon name="eye"/>
            <p>
                <strong>{t_with("page.impersonate.banner", &[("name", name.as_str())])}</strong>
                <span>{t(rule)}" "{t_with("page.impersonate.banner_left", &[("minutes", &minutes)])}</span>
            </p>
            <form method="post" action=EndImpersonation::PATH>
                <button type="submit" class="button button-secondary button-small">{t("page.impersonate.stop")}</button>
            </form>
        </aside>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minute_that_has_begun_counts() {
        let now = Timestamp(1_800_000_000_000);
        for (seconds, minutes) in [(1800, 30), (1799, 30), (61, 2), (60, 1), (1, 1), (0, 0), (-1, 0)] {
            assert_eq!(minutes_left(Some(now.plus_seconds(seconds)), now), minutes, "{seconds}");
        }
        assert_eq!(minutes_left(None, now), 0);
    }
}
