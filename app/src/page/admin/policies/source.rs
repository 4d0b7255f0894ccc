//! A text of policies, line by line with numbers; lines with faults are marked, and say what is wrong with them.

use auth::view::PolicyFault;
use leptos::prelude::*;

use crate::text::{t, t_with};
use crate::ui::Icon;

/// The text with its numbers. Where a page has several, each has a `name` of its own.
#[component]
pub(super) fn Source(
    #[prop(into)] text: String,
    faults: Vec<PolicyFault>,
    #[prop(optional, into)] name: Option<String>,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| t("page.policies.text"));
    let lines = text.lines().zip(1_u32..).map(|(line, number)| {
        let is_wrong = faults.iter().any(|fault| fault.line == number);
        let class = if is_wrong { "source-line source-wrong" } else { "source-line" };
        // A line of nothing keeps its height.
        let line = if line.is_empty() { " ".to_owned() } else { line.to_owned() };
        view! { <li class=class id=is_wrong.then(|| line_id(number))><code>{line}</code></li> }
    });
    view! {
        <div class="source-wrap" tabindex="0" role="region" aria-label=name>
            <ol class="source">{lines.collect_view()}</ol>
        </div>
    }
    .into_any()
}

/// What is wrong with a text, with the lines that it is about.
#[component]
pub(super) fn Faults(text: String, faults: Vec<PolicyFault>) -> impl IntoView {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let items = faults.into_iter().map(|fault| {
        let PolicyFault { line, column, message, help } = fault;
        let of_text = usize::try_from(line).ok().and_then(|line| lines.get(line.checked_sub(1)?));
        let of_text = of_text.filter(|line| !line.trim().is_empty()).cloned();
        let place = t_with("page.policies.place", &[("line", &line.to_string()), ("column", &column.to_string())]);
        view! {
            <li class="fault">
                <p class="fault-place"><Icon name="alert"/><a href=format!("#{}", line_id(line))>{place}</a></p>
                {of_text.map(|line| view! { <pre class="fault-line"><code>{line}</code></pre> })}
                // In the words of the policy language, which is English.
                <p lang="en">{message}</p>
                {help.map(|help| view! { <p class="muted" lang="en">{help}</p> })}
            </li>
        }
    });
    view! { <ol class="faults" aria-label=t("page.policies.faults")>{items.collect_view()}</ol> }.into_any()
}

fn line_id(line: u32) -> String {
    format!("line-{line}")
}
