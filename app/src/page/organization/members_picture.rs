//! The members by role as a picture (SVG 2, without script and without inline styles): a bar for each role, with its
//! number in words beside it.

use auth::view::RoleCount;
use leptos::prelude::*;

use super::role_text;
use crate::text::{t, t_with};

const WIDTH: i64 = 480;
/// Where the bars begin and end; the names stand before, the numbers behind.
const LEFT: i64 = 128;
const RIGHT: i64 = WIDTH - 56;
/// The height of a row, and where its bar lies.
const ROW: i64 = 36;
const BAR: i64 = 10;
const HIGH: i64 = 16;
/// Roles that have a bar; what more there are is one together.
const MOST: usize = 8;
/// Letters of a name that are shown: those of a built-in role always.
const LETTERS: usize = 14;

/// The card with the number of all and the picture.
#[component]
pub(super) fn MembersPicture(counts: Vec<RoleCount>) -> impl IntoView {
    let all: i64 = counts.iter().map(|count| count.members).sum();
    let bars = bars(&counts);
    let most = bars.iter().map(|(_, members)| *members).max().unwrap_or(1).max(1);
    let described = bars.iter().map(|(name, members)| format!("{name}: {members}")).collect::<Vec<_>>().join(", ");
    let height = i64::try_from(bars.len()).unwrap_or(1) * ROW;
    let rows = bars.into_iter().zip(0_i64..).map(|((name, members), row)| {
        let top = row * ROW + BAR;
        let foot = top + HIGH - 4;
        let width = ((RIGHT - LEFT) * members / most).max(2);
        let (before, behind) = (LEFT - 12, LEFT + width + 8);
        view! {
            <text class="members-name" x=before y=foot text-anchor="end">{shortened(&name)}</text>
            <rect class="members-bar" x=LEFT y=top width=width height=HIGH rx="3"></rect>
            <text class="members-number" x=behind y=foot>{members}</text>
        }
    });
    let rows = rows.collect_view();
    let view_box = format!("0 0 {WIDTH} {height}");
    view! {
        <section class="card">
            <h2>{t("page.organization.members")}</h2>
            <p class="figure-number">{t_with("page.organization.members_all", &[("count", &all.to_string())])}</p>
            <svg
                class="members-picture" role="img" aria-labelledby="members-title members-desc" viewBox=view_box
            >
                <title id="members-title">{t("page.organization.members_picture")}</title>
                <desc id="members-desc">{described}</desc>
                {rows}
            </svg>
        </section>
    }
}

/// A bar for each role; the smallest of many together.
fn bars(counts: &[RoleCount]) -> Vec<(String, i64)> {
    let named = |count: &RoleCount| {
        let built_in = if count.is_built_in { count.name.as_str() } else { "" };
        (role_text(built_in, &count.name), count.members)
    };
    if counts.len() <= MOST {
        return counts.iter().map(named).collect();
    }
    let mut sorted: Vec<&RoleCount> = counts.iter().collect();
    sorted.sort_by_key(|count| -count.members);
    let (shown, others) = sorted.split_at(MOST - 1);
    let others = others.iter().map(|count| count.members).sum();
    shown.iter().map(|count| named(count)).chain([(t("page.organization.other_roles"), others)]).collect()
}

/// A name that fits before its bar.
fn shortened(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    format!("{}…", name.chars().take(LETTERS - 1).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_between_letters() {
        assert_eq!(shortened("Owner"), "Owner");
        assert_eq!(shortened("Éditeur en chef de tout"), "Éditeur en ch…");
    }
}
