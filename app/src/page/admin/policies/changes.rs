//! What differs between two versions, drawn line by line. A line says by a sign what became of it, not by its colour
//! alone; what is far from every change is left out.

use auth::view::{DiffKind, DiffLine};
use leptos::prelude::*;

use crate::text::{t, t_with};

/// Lines shown around a change.
const AROUND: usize = 3;

/// The lines of two versions.
#[component]
pub(super) fn Changes(lines: Vec<DiffLine>) -> impl IntoView {
    if lines.iter().all(|line| line.kind == DiffKind::Same) {
        return view! { <p class="muted">{t("page.policy_version.no_changes")}</p> }.into_any();
    }
    let shown = shown(&lines);
    let mut rows = Vec::new();
    let mut left_out = 0_usize;
    for (line, is_shown) in lines.into_iter().zip(shown) {
        if is_shown {
            if left_out > 0 {
                rows.push(gap(std::mem::take(&mut left_out)));
            }
            rows.push(row(line));
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        rows.push(gap(left_out));
    }
    view! {
        <div class="source-wrap" tabindex="0" role="region" aria-label=t("page.policy_version.changes")>
            <table class="changes">
                <thead class="visually-hidden">
                    <tr>
                        <th scope="col">{t("page.policy_version.old_line")}</th>
                        <th scope="col">{t("page.policy_version.new_line")}</th>
                        <th scope="col">{t("page.policy_version.change")}</th>
                        <th scope="col">{t("page.policies.text")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Whether each line is a change or near one.
fn shown(lines: &[DiffLine]) -> Vec<bool> {
    let mut shown = vec![false; lines.len()];
    for (index, line) in lines.iter().enumerate() {
        if line.kind != DiffKind::Same {
            let end = (index + AROUND + 1).min(lines.len());
            shown[index.saturating_sub(AROUND)..end].fill(true);
        }
    }
    shown
}

fn row(line: DiffLine) -> AnyView {
    let DiffLine { kind, old, new, text } = line;
    let (class, sign, words) = match kind {
        DiffKind::Same => ("", " ", None),
        DiffKind::Added => ("line-added", "+", Some(t("page.policy_version.added"))),
        DiffKind::Removed => ("line-removed", "−", Some(t("page.policy_version.removed"))),
    };
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    view! {
        <tr class=class>
            <td class="line-number">{number(old)}</td>
            <td class="line-number">{number(new)}</td>
            <td class="line-sign">
                <span aria-hidden="true">{sign}</span>
                {words.map(|words| view! { <span class="visually-hidden">{words}</span> })}
            </td>
            <td><code>{text}</code></td>
        </tr>
    }
    .into_any()
}

fn gap(lines: usize) -> AnyView {
    let words = t_with("page.policy_version.left_out", &[("count", &lines.to_string())]);
    view! { <tr class="line-gap"><td colspan="4">{words}</td></tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_from_every_change_is_left_out() {
        let line = |kind| DiffLine { kind, old: None, new: None, text: String::new() };
        let mut lines: Vec<_> = (0..20).map(|_| line(DiffKind::Same)).collect();
        lines[10] = line(DiffKind::Added);
        let shown = shown(&lines);
        let first = shown.iter().position(|shown| *shown);
        assert_eq!((first, shown.iter().filter(|shown| **shown).count()), (Some(7), 7));
    }
}
