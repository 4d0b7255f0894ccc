//! Second factors at a glance: which there are, and what happens when the phone is lost.

use auth::view::FactorsOverview;
use leptos::prelude::*;

use crate::text::t;
use ladder::PhoneLost;
use rows::Rows;

mod ladder;
mod notice;
mod picture;
mod rows;

pub use notice::{CancelAccountRecovery, RecoveryNotice};

/// The two sections of the security page.
#[component]
pub(super) fn SecondFactors(overview: FactorsOverview) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.factors.title")}</h2>
            <p>{t("page.factors.lead")}</p>
            <Rows overview=overview.clone()/>
        </section>
        <PhoneLost overview/>
    }
}
