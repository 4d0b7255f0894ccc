//! A refresh token family as a list: what its picture shows, in words.

use auth::view::{Family, FamilyStep, Reuse, SessionEnd};
use leptos::prelude::*;

use super::{origin_text, reason_text};
use crate::text::{t, t_with};
use crate::ui::{Icon, Moment, Notice, Tone};

/// Every step, the use of a token after its time, and the end; the oldest first.
#[component]
pub(super) fn FamilyList(family: Family) -> impl IntoView {
    let Family { steps, is_cut, reuse, session, ended_from, .. } = family;
    let steps = steps.into_iter().map(|step| view! { <Step step/> }).collect_view();
    let ended_from = ended_from.as_ref().map(origin_text);
    view! {
        {is_cut.then(|| view! { <Notice tone=Tone::Info text=t("page.admin_session.cut")/> })}
        <ol class="events">
            {steps}
            {reuse.map(|reuse| view! { <Reused reuse/> })}
            {session.end.map(|end| view! { <End end ended_from/> })}
        </ol>
    }
}

#[component]
fn Step(step: FamilyStep) -> impl IntoView {
    let icon = if step.first == 0 { "key" } else { "circle" };
    let until = (step.until != step.since).then(|| view! { " – "<Moment at=step.until with_time=true/> });
    view! {
        <li class="event">
            <Icon name=icon/>
            <div>
                <p>{step_text(&step)}</p>
                <p class="muted">{origin_text(&step.origin)}" · "<Moment at=step.since with_time=true/>{until}</p>
            </div>
        </li>
    }
}

#[component]
fn Reused(reuse: Reuse) -> impl IntoView {
    view! {
        <li class="event event-danger">
            <Icon name="alert"/>
            <div>
                <p>{reuse_text(&reuse)}</p>
                <p class="muted">{origin_text(&reuse.origin)}" · "<Moment at=reuse.at with_time=true/></p>
            </div>
        </li>
    }
}

#[component]
fn End(end: SessionEnd, ended_from: Option<String>) -> impl IntoView {
    let ended_from = ended_from.map(|origin| format!("{origin} · "));
    view! {
        <li class="event">
            <Icon name="sign-out"/>
            <div>
                <p>{reason_text(end.reason)}</p>
                <p class="muted">{ended_from}<Moment at=end.at with_time=true/></p>
            </div>
        </li>
    }
}

/// What a step is.
pub(super) fn step_text(step: &FamilyStep) -> String {
    let (first, last, tokens) = (step.first.to_string(), step.last.to_string(), step.tokens.to_string());
    match (step.first, step.tokens) {
        (0, 1) => t("page.admin_session.step_sign_in"),
        (_, 1) => t_with("page.admin_session.step_one", &[("number", &first)]),
        _ => t_with("page.admin_session.step_many", &[("count", &tokens), ("first", &first), ("last", &last)]),
    }
}

/// What the use of a token after its time is.
pub(super) fn reuse_text(reuse: &Reuse) -> String {
    match reuse.generation {
        Some(generation) => t_with("page.admin_session.reused", &[("number", &generation.to_string())]),
        None => t("page.admin_session.reused_unknown"),
    }
}
