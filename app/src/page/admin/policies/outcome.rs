//! What stands against activating a version.

use auth::flow::ActivatedPolicies;
use auth::view::PolicyCaseRun;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::source::Faults;
use crate::text::{t, t_with};
use crate::ui::{Notice, Tone};

/// The same as [`ActivatedPolicies`], as it travels to the page.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Checked {
    Nothing,
    Faults(Vec<auth::view::PolicyFault>),
    Cases(Vec<PolicyCaseRun>),
    LocksOut(Vec<String>),
}

impl From<ActivatedPolicies> for Checked {
    fn from(activated: ActivatedPolicies) -> Self {
        match activated {
            ActivatedPolicies::Done => Self::Nothing,
            ActivatedPolicies::Faults(faults) => Self::Faults(faults),
            ActivatedPolicies::CasesFailed(cases) => Self::Cases(cases),
            ActivatedPolicies::LocksOut(policies) => Self::LocksOut(policies),
        }
    }
}

/// What was found.
#[component]
pub(super) fn Outcome(checked: Checked, text: String) -> impl IntoView {
    match checked {
        Checked::Nothing => view! { <Notice tone=Tone::Ok text=t("page.policy_version.may_be_activated")/> }.into_any(),
        Checked::Faults(faults) => view! {
            <Notice tone=Tone::Danger text=t("page.policy_version.has_faults")/>
            <Faults text faults/>
        }
        .into_any(),
        Checked::Cases(cases) => view! {
            <Notice tone=Tone::Danger text=t("page.policy_version.cases_failed")/>
            <CaseResults runs=cases/>
        }
        .into_any(),
        Checked::LocksOut(policies) => {
            let names = policies.into_iter().map(|name| view! { <li><code>{name}</code></li> });
            view! {
                <Notice tone=Tone::Danger text=t("page.policy_version.locks_out")>
                    <ul class="plain-list">{names.collect_view()}</ul>
                </Notice>
            }
            .into_any()
        }
    }
}

/// Cases with their results.
#[component]
pub(super) fn CaseResults(runs: Vec<PolicyCaseRun>) -> impl IntoView {
    let items = runs.into_iter().map(|run| {
        let passes = run.passes();
        let PolicyCaseRun { case, is_allowed, deciding } = run;
        let (class, result) = if passes {
            ("badge badge-ok", t("page.policy_cases.passes"))
        } else {
            ("badge badge-danger", t("page.policy_cases.fails"))
        };
        let answer = if is_allowed { "page.policy_cases.is_allowed" } else { "page.policy_cases.is_denied" };
        let deciding = if deciding.is_empty() { t("page.policy_cases.nobody_decided") } else { deciding.join(", ") };
        let because = t_with("page.policy_cases.because", &[("policies", &deciding)]);
        view! {
            <li><span class=class>{result}</span>" "<strong>{case.name}</strong>" "{t(answer)}" "{because}</li>
        }
    });
    view! { <ul class="case-results">{items.collect_view()}</ul> }.into_any()
}
