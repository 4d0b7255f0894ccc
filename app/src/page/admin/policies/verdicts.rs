//! A decision, and what every policy had to say to it: those that decided, and those that almost did.

use auth::view::{ExplainedDecision, PolicyEffect, PolicyVerdict, VerdictOutcome};
use leptos::prelude::*;

use super::source::Source;
use crate::text::t;
use crate::ui::{Notice, Tone};

/// The decision with its policies.
#[component]
pub(super) fn Explained(decision: ExplainedDecision) -> impl IntoView {
    let ExplainedDecision { allowed, verdicts } = decision;
    let (tone, text) =
        if allowed { (Tone::Ok, t("page.policy_who.allowed")) } else { (Tone::Info, t("page.policy_who.denied")) };
    let decides = |verdict: &PolicyVerdict| match verdict.outcome {
        VerdictOutcome::Decided => true,
        VerdictOutcome::Failed => verdict.effect == PolicyEffect::Forbid,
        VerdictOutcome::Overruled | VerdictOutcome::Almost => false,
    };
    let is_undecided = !verdicts.iter().any(decides);
    let parts = [
        (VerdictOutcome::Decided, "page.policy_who.decided"),
        (VerdictOutcome::Overruled, "page.policy_who.overruled"),
        (VerdictOutcome::Failed, "page.policy_who.failed"),
        (VerdictOutcome::Almost, "page.policy_who.almost"),
    ];
    let parts = parts.map(|(outcome, title)| {
        let of_part: Vec<_> = verdicts.iter().filter(|verdict| verdict.outcome == outcome).cloned().collect();
        let is_open = outcome == VerdictOutcome::Decided;
        (!of_part.is_empty()).then(|| view! { <Part title of_part is_open/> })
    });
    view! {
        <Notice tone text/>
        {is_undecided.then(|| view! { <p>{t("page.policy_who.nothing_permits")}</p> })}
        {parts.into_iter().collect_view()}
    }
    .into_any()
}

#[component]
fn Part(title: &'static str, of_part: Vec<PolicyVerdict>, is_open: bool) -> impl IntoView {
    let policies = of_part.into_iter().map(|verdict| {
        let PolicyVerdict { id, text, effect, is_built_in, .. } = verdict;
        let name = id.clone();
        let (class, effect) = match effect {
            PolicyEffect::Permit => ("badge badge-ok", t("page.policy_who.permits")),
            PolicyEffect::Forbid => ("badge badge-danger", t("page.policy_who.forbids")),
        };
        view! {
            <details class="policy" open=is_open>
                <summary>
                    <code>{id}</code>" "<span class=class>{effect}</span>
                    {is_built_in.then(|| view! { " "<span class="badge">{t("page.policy_who.built_in")}</span> })}
                </summary>
                <Source text faults=Vec::new() name/>
            </details>
        }
    });
    view! { <section class="card"><h2>{t(title)}</h2>{policies.collect_view()}</section> }
}
