//! The checklist on `/admin/health`: what this node found when it looked last, by what it is about. What is wrong stands
//! open, with why it matters and what to do; the rest is folded.

use auth::view::{CheckFinding, CheckGroup, CheckedItem, Examination, Verdict};
use leptos::prelude::*;

use crate::text::{t, t_with};
use crate::ui::moment_words;

/// The whole section.
pub(super) fn checklist(examination: Option<Examination>) -> AnyView {
    let body = match examination {
        None => view! { <p class="muted">{t("page.doctor.never")}</p> }.into_any(),
        Some(examination) => shown(examination),
    };
    view! { <section class="card"><h2>{t("page.doctor.heading")}</h2>{body}</section> }.into_any()
}

fn shown(Examination { at, checks }: Examination) -> AnyView {
    let about = t_with("page.doctor.about", &[("at", &moment_words(at, true))]);
    let sum = sum(&checks);
    let of_one = |group: CheckGroup| {
        let own: Vec<&CheckedItem> = checks.iter().filter(|check| check.group == group).collect();
        of_group(group, &own)
    };
    let groups = CheckGroup::ALL.into_iter().map(of_one).collect_view();
    view! { <p class="muted">{about}</p><p>{sum}</p><div class="check-groups">{groups}</div> }.into_any()
}

fn sum(checks: &[CheckedItem]) -> AnyView {
    let count = |is_one: fn(Verdict) -> bool| checks.iter().filter(|check| is_one(check.verdict())).count().to_string();
    let faults = count(Verdict::is_fault);
    let advice = count(|verdict| verdict == Verdict::Advice);
    if faults == "0" && advice == "0" {
        return view! { <span class="badge badge-ok">{t("page.doctor.all_well")}</span> }.into_any();
    }
    let good = count(|verdict| verdict == Verdict::Good);
    let skipped = count(|verdict| verdict == Verdict::Skipped);
    let values = [("faults", faults), ("advice", advice), ("good", good), ("skipped", skipped)];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    t_with("page.doctor.sum", &values).into_any()
}

fn of_group(group: CheckGroup, checks: &[&CheckedItem]) -> AnyView {
    let heading = t(&format!("page.doctor.group_{}", group.as_str()));
    // The worst first; what is alike keeps its order.
    let mut wrong: Vec<&CheckedItem> = checks.iter().copied().filter(|check| check.verdict() > Verdict::Good).collect();
    wrong.sort_by_key(|check| std::cmp::Reverse(check.verdict()));
    // What is to be read takes the width of the card; what is folded stands beside others.
    let class = if wrong.is_empty() { "check-group" } else { "check-group check-group-open" };
    let wrong = wrong.into_iter().map(open).collect_view();
    let folded = |verdict: Verdict, key: &str| {
        let alike: Vec<&CheckedItem> = checks.iter().copied().filter(|check| check.verdict() == verdict).collect();
        (!alike.is_empty()).then(|| fold(key, &alike))
    };
    let good = folded(Verdict::Good, "page.doctor.good_ones");
    let skipped = folded(Verdict::Skipped, "page.doctor.skipped_ones");
    view! { <section class=class><h3>{heading}</h3>{wrong}<div>{good}{skipped}</div></section> }.into_any()
}

/// What is wrong or could be better.
fn open(check: &CheckedItem) -> AnyView {
    let why = t(&check.key("why"));
    let mend = t(&check.key("mend"));
    let rows = [
        (t("page.doctor.why"), why.into_any()),
        (t("page.doctor.mend"), mend.into_any()),
        (t("page.doctor.link"), view! { <code>{check.link.clone()}</code> }.into_any()),
    ];
    let rows = rows.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    view! {
        <article class="finding">
            <h4>{badge(check.verdict())}{t(&check.key("title"))}</h4>
            {said(check)}
            <dl class="facts">{rows.collect_view()}</dl>
        </article>
    }
    .into_any()
}

/// Checks that need no act, under one line.
fn fold(key: &str, checks: &[&CheckedItem]) -> AnyView {
    let summary = t_with(key, &[("count", &checks.len().to_string())]);
    let item = |check: &&CheckedItem| {
        let link = view! { <p class="muted">{t("page.doctor.link")}" "<code>{check.link.clone()}</code></p> };
        view! { <li><strong>{t(&check.key("title"))}</strong>{said(check)}{link}</li> }
    };
    let items = checks.iter().map(item).collect_view();
    view! { <details class="fold"><summary>{summary}</summary><ul class="plain-list checks">{items}</ul></details> }
        .into_any()
}

/// Each thing that was found, as a sentence.
fn said(check: &CheckedItem) -> AnyView {
    let sentence = |finding: &CheckFinding| view! { <p class="finding-words">{sentence(&check.id, finding)}</p> };
    check.findings.iter().map(sentence).collect_view().into_any()
}

fn sentence(id: &str, finding: &CheckFinding) -> String {
    let values: Vec<(&str, &str)> =
        finding.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let words = t_with(&finding.key(id), &values);
    finding.about.as_ref().map_or(words.clone(), |about| format!("{about}: {words}"))
}

fn badge(verdict: Verdict) -> AnyView {
    let class = if verdict.is_fault() { "badge badge-danger" } else { "badge badge-warn" };
    view! { <span class=class>{t(&format!("page.doctor.verdict_{}", verdict.as_str()))}</span> }.into_any()
}
