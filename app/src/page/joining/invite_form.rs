//! The form that invites somebody. What was typed and chosen stays when it is refused.

use auth::Field as Name;
use auth::view::RoleItem;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::invitations::Invite;
use super::role_choice::RoleChoice;
use crate::error::AppError;
use crate::island::{Field, PostForm};
use crate::server;
use crate::text::{issue_text, t};
use crate::ui::Submit;

/// What is chosen before anybody chose.
const USUAL_ROLE: &str = "member";

/// Keeps what was typed and chosen for the page that a refused form leads to.
pub(super) fn keep(email: &str, role: &str, department: &str) {
    server::keep_typed(email, department);
    server::keep_chosen(&[role]);
}

/// The card with the form.
#[component]
pub(super) fn InviteForm(slug: String, roles: Vec<RoleItem>, refusal: Option<AppError>) -> impl IntoView {
    if roles.is_empty() {
        return view! { <p class="muted">{t("page.invitations.no_role")}</p> }.into_any();
    }
    let is_refused = refusal.is_some();
    let (email, department) = if is_refused { server::typed() } else { (String::new(), String::new()) };
    let mut kept = if is_refused { server::chosen() } else { Vec::new() };
    let chosen = if kept.is_empty() { USUAL_ROLE.to_owned() } else { kept.remove(0) };
    let issue_of = |field| refusal.as_ref().and_then(|refusal| refusal.issue(field)).map(issue_text);
    let (role_issue, department_issue) = (issue_of(Name::Role), issue_of(Name::Department));
    view! {
        <section class="card">
            <h2>{t("page.invitations.new_title")}</h2>
            <PostForm action=Invite::PATH refusal class="form account-form">
                <input type="hidden" name="organization" value=slug/>
                <Field
                    field=Name::Email label=t("ui.email") kind="email" autocomplete="off" inputmode="email" value=email
                />
                <RoleChoice roles chosen issue=role_issue/>
                <Department typed=department issue=department_issue/>
                <Submit label=t("page.invitations.invite")/>
            </PostForm>
        </section>
    }
    .into_any()
}

/// Where in the organization; nobody must say it.
#[component]
fn Department(typed: String, issue: Option<String>) -> impl IntoView {
    let (hint_id, issue_id) = ("department-hint", "department-issue");
    let described_by = if issue.is_some() { format!("{hint_id} {issue_id}") } else { hint_id.to_owned() };
    let is_invalid = issue.is_some().then_some("true");
    view! {
        <div class="field">
            <div class="field-head"><label for="department">{t("ui.department")}</label></div>
            <input
                class="input" id="department" name="department" value=typed maxlength="120" autocomplete="off"
                aria-invalid=is_invalid aria-describedby=described_by
            />
            <p class="hint" id=hint_id>{t("page.invitations.department_hint")}</p>
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </div>
    }
}
