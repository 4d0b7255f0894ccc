//! The pictures of the last thirty days: sign-ins, refusals, active accounts, and who has a second factor.

use auth::view::{SignInCounts, Statistics, StatisticsDay};
use leptos::prelude::*;

use crate::text::{t, t_with};
use crate::ui::{BarChart, LineChart, Mark, Moment, Numbers, Series, plain, short_day_words};

/// Every picture.
#[component]
pub(super) fn Pictures(statistics: Statistics) -> impl IntoView {
    let Statistics { counted_at, days } = statistics;
    let counted = counted_at.map(|at| {
        view! { <p class="hint">{t("page.admin_overview.counted")}" "<Moment at with_time=true/></p> }
    });
    view! {
        <section class="card">
            <h2>{t("page.admin_overview.sign_ins")}</h2>
            <BarChart numbers=sign_ins(&days)/>
        </section>
        <div class="card-grid">
            <section class="card">
                <h2>{t("page.admin_overview.refused")}</h2>
                <BarChart numbers=one(&days, "refused", Mark::Stripes, |day| Some(day.refused))/>
            </section>
            <section class="card">
                <h2>{t("page.admin_overview.active")}</h2>
                <LineChart numbers=one(&days, "active", Mark::Full, |day| day.active)/>
            </section>
        </div>
        <section class="card">
            <h2>{t("page.admin_overview.share")}</h2>
            {share(&days)}
        </section>
        {counted}
    }
    .into_any()
}

/// One way of signing in among the counts of a day.
type Counted = fn(&SignInCounts) -> i64;

/// Sign-ins of each day, by how they were proved.
fn sign_ins(days: &[StatisticsDay]) -> Numbers {
    let ways: [(&str, Mark, Counted); 4] = [
        ("page.admin_overview.by_password", Mark::Full, |counts| counts.password),
        ("page.admin_overview.by_passkey", Mark::Stripes, |counts| counts.passkey),
        ("page.admin_overview.by_provider", Mark::Dots, |counts| counts.provider),
        ("page.admin_overview.by_other", Mark::Frame, |counts| counts.other),
    ];
    let series = ways.map(|(name, mark, count)| Series {
        name: t(name),
        mark,
        values: days.iter().map(|day| Some(count(&day.sign_ins))).collect(),
    });
    let total: i64 = days.iter().map(|day| day.sign_ins.total()).sum();
    // What nobody uses needs no place in the legend.
    let used = series.into_iter().filter(|series| series.values.iter().flatten().any(|value| *value > 0));
    Numbers {
        id: "sign-ins",
        title: t("page.admin_overview.sign_ins"),
        described: t_with("page.admin_overview.sign_ins_described", &[("count", &total.to_string())]),
        places: places(days),
        place_name: t("page.admin_overview.day"),
        series: used.collect(),
        said: plain,
    }
}

/// One number of each day, under its name.
fn one(days: &[StatisticsDay], id: &'static str, mark: Mark, value: fn(&StatisticsDay) -> Option<i64>) -> Numbers {
    let name = t(&format!("page.admin_overview.{id}"));
    let values: Vec<_> = days.iter().map(value).collect();
    let most = values.iter().flatten().max().copied().unwrap_or_default().to_string();
    let described = t_with("page.admin_overview.one_described", &[("name", &name), ("most", &most)]);
    Numbers {
        id,
        title: name.clone(),
        described,
        places: places(days),
        place_name: t("page.admin_overview.day"),
        series: vec![Series { name, mark, values }],
        said: plain,
    }
}

fn places(days: &[StatisticsDay]) -> Vec<String> {
    days.iter().map(|day| short_day_words(day.start)).collect()
}

/// Which share of all accounts has a strong second factor: a bar and the same in words.
fn share(days: &[StatisticsDay]) -> AnyView {
    let newest = days.iter().rev().find_map(|day| Some((day.accounts?, day.with_factor?)));
    let Some((accounts, with_factor)) = newest.filter(|(accounts, _)| *accounts > 0) else {
        return view! { <p class="muted">{t("page.charts.nothing")}</p> }.into_any();
    };
    let percent = with_factor * 100 / accounts;
    let values = [("count", with_factor.to_string()), ("all", accounts.to_string()), ("percent", percent.to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let words = t_with("page.admin_overview.share_text", &values);
    view! {
        <p>{words.clone()}</p>
        <svg class="share" role="img" aria-label=words viewBox="0 0 100 4" preserveAspectRatio="none">
            <rect class="share-rest" x="0" y="0" width="100" height="4"></rect>
            <rect class="share-part" x="0" y="0" width=percent height="4"></rect>
        </svg>
    }
    .into_any()
}
