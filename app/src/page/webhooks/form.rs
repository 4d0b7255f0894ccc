//! The fields of a webhook: its address, and the kinds of events it is told of.

use auth::Field as Name;
use auth::webhook::WebhookKinds;
use leptos::prelude::*;

use super::Place;
use crate::error::AppError;
use crate::island::Field;
use crate::server;
use crate::text::{issue_text, t, t_with};

/// Groups of events that can happen within an organization.
const OF_ORGANIZATIONS: [&str; 10] =
    ["organization", "membership", "member", "invitation", "domain", "role", "document", "policy", "webhook", "audit"];

/// What stands in the fields: what was typed when the form was refused, else what is so now.
pub(super) struct Typed {
    pub(super) url: String,
    pub(super) kinds: WebhookKinds,
}

impl Typed {
    /// After a refusal of this form.
    pub(super) fn or(refusal: Option<&AppError>, now: (String, WebhookKinds)) -> Self {
        match refusal {
            Some(_) => Self { url: server::typed().1, kinds: WebhookKinds::from_text(&server::chosen().join(" ")) },
            None => Self { url: now.0, kinds: now.1 },
        }
    }
}

/// The two fields. `issue` is what is wrong with the kinds.
#[component]
pub(super) fn WebhookFields(place: Place, typed: Typed, issue: Option<String>) -> impl IntoView {
    let Typed { url, kinds } = typed;
    view! {
        <Field
            field=Name::Url label=t("ui.url") kind="url" autocomplete="off" inputmode="url" value=url maxlength=500
            hint=t("page.webhooks.url_hint")
        />
        <KindBoxes place kinds issue/>
    }
}

/// What is wrong with the kinds, in words.
pub(super) fn kinds_issue(refusal: Option<&AppError>) -> Option<String> {
    refusal.and_then(|refusal| refusal.issue(Name::Kinds)).map(issue_text)
}

/// A box for everything, and for each group one for all of it and one for each of its kinds.
#[component]
fn KindBoxes(place: Place, kinds: WebhookKinds, issue: Option<String>) -> impl IntoView {
    let id = Name::Kinds.as_str();
    let (issue_id, hint_id) = (format!("{id}-issue"), format!("{id}-hint"));
    let described_by = if issue.is_some() { format!("{hint_id} {issue_id}") } else { hint_id.clone() };
    let is_offered = |front: &str| matches!(place, Place::Platform) || OF_ORGANIZATIONS.contains(&front);
    let groups = WebhookKinds::groups().into_iter().filter(|(front, _)| is_offered(front));
    let groups = groups.map(|(front, members)| {
        let all = format!("{front}.*");
        let names: Vec<&str> = members.iter().map(|kind| kind.as_str()).collect();
        let is_open = kinds.names(&all) || names.iter().any(|name| kinds.names(name));
        let count = names.len().to_string();
        let boxes = names.into_iter().map(|name| kind_box(name.to_owned(), None, &kinds)).collect_view();
        view! {
            <details class="fold" open=is_open>
                <summary>
                    <code>{front}</code>
                    <span class="muted">{t_with("page.webhooks.kinds_of", &[("count", &count)])}</span>
                </summary>
                <div class="kind-boxes">{kind_box(all, Some(t("page.webhooks.kinds_all_of")), &kinds)}{boxes}</div>
            </details>
        }
    });
    view! {
        <fieldset class="scopes kinds" id=id aria-describedby=described_by>
            <legend class="legend">{t("ui.kinds")}</legend>
            <p class="hint" id=hint_id>{t("page.webhooks.kinds_hint")}</p>
            {kind_box("*".to_owned(), Some(t("page.webhooks.kinds_everything")), &kinds)}
            {groups.collect_view()}
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </fieldset>
    }
    .into_any()
}

fn kind_box(name: String, words: Option<String>, chosen: &WebhookKinds) -> AnyView {
    let is_chosen = chosen.names(&name);
    view! {
        <label class="check">
            <input type="checkbox" name="kinds[]" value=name.clone() checked=is_chosen/>
            <span><code>{name}</code>{words.map(|words| view! { <span class="muted">{words}</span> })}</span>
        </label>
    }
    .into_any()
}
