//! Whether the log is whole, since when, and where not.

use auth::view::{AuditFault, AuditFaultKind, AuditState};
use leptos::prelude::*;

use crate::text::{t, t_with};
use crate::ui::{Icon, Moment, moment_words};

/// The state of the chain, with its end to keep elsewhere.
#[component]
pub(super) fn State(state: AuditState) -> impl IntoView {
    let (class, icon, verdict) = if state.is_whole {
        ("notice notice-ok", "check", "page.audit.whole")
    } else {
        ("notice notice-danger", "alert", "page.audit.not_whole")
    };
    let walked = state.first.zip(state.since).map(|(first, since)| {
        let numbers = [first, state.last, state.count].map(|number| number.to_string());
        let since = moment_words(since, true);
        let values = [
            ("first", numbers[0].as_str()),
            ("last", numbers[1].as_str()),
            ("count", numbers[2].as_str()),
            ("since", since.as_str()),
        ];
        view! { <p>{t_with("page.audit.walked", &values)}</p> }
    });
    let faults: Vec<_> = state.faults.iter().map(|fault| view! { <li>{fault_text(fault)}</li> }).collect();
    let faults = (!faults.is_empty()).then(|| view! { <ul class="audit-faults">{faults}</ul> });
    let is_cut = state.cut > 0;
    let cut = is_cut.then(|| view! { <p>{t_with("page.audit.cut", &[("last", &state.cut.to_string())])}</p> });
    let is_adopted = state.adopted > state.cut;
    let adopted =
        is_adopted.then(|| view! { <p>{t_with("page.audit.adopted", &[("last", &state.adopted.to_string())])}</p> });
    let head = (state.last > 0).then(|| {
        view! {
            <div>
                <dt>{t("page.audit.head")}</dt>
                <dd><code class="audit-head">{format!("{}:{}", state.last, state.head)}</code></dd>
            </div>
        }
    });
    let all = match state.all_checked_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.audit.not_all_checked").into_any(),
    };
    view! {
        <section class="card">
            <h2>{t("page.audit.chain")}</h2>
            <div class=class><Icon name=icon/><div><p>{t(verdict)}</p>{walked}{faults}</div></div>
            {cut}
            {adopted}
            <dl class="facts">
                <div>
                    <dt>{t("page.audit.checked")}</dt>
                    <dd><Moment at=state.checked_at with_time=true/></dd>
                </div>
                <div><dt>{t("page.audit.all_checked")}</dt><dd>{all}</dd></div>
                {head}
            </dl>
            <p class="muted">{t("page.audit.head_text")}</p>
        </section>
    }
    .into_any()
}

fn fault_text(fault: &AuditFault) -> String {
    let what = match fault.kind {
        AuditFaultKind::Altered => "page.audit.fault_altered",
        AuditFaultKind::Missing => "page.audit.fault_missing",
        AuditFaultKind::OutOfOrder => "page.audit.fault_out_of_order",
        AuditFaultKind::TruncatedTail => "page.audit.fault_truncated_tail",
        AuditFaultKind::Inserted => "page.audit.fault_inserted",
        AuditFaultKind::UnsealedTooLong => "page.audit.fault_unsealed",
    };
    let place = match (fault.sequence, fault.until) {
        (Some(first), Some(last)) if first < last => {
            t_with("page.audit.fault_lines", &[("first", &first.to_string()), ("last", &last.to_string())])
        }
        (Some(first), _) => t_with("page.audit.fault_line", &[("number", &first.to_string())]),
        (None, _) => t("page.audit.fault_unnumbered"),
    };
    let at = fault.at.map(|at| format!(" ({})", moment_words(at, true))).unwrap_or_default();
    t_with("page.audit.fault", &[("place", &format!("{place}{at}")), ("what", &t(what))])
}
