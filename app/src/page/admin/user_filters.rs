//! Which accounts are listed: read from the address, chosen in a form, and written into the addresses of the list.

use auth::form::UserFilterForm;
use auth::{AccountState, Field, FieldIssue, Role};
use leptos::prelude::*;

use super::account::query;
use super::user_words::{role_text, state_text};
use crate::error::AppError;
use crate::page::address::with_query;
use crate::text::{issue_text, t};

/// The list of all accounts.
pub(super) const PATH: &str = "/admin/users";

/// What the address asks for, from the beginning of the list.
pub(super) fn asked() -> UserFilterForm {
    UserFilterForm {
        q: query("q"),
        role: query("role"),
        state: query("state"),
        second_factor: query("second_factor"),
        created_from: query("created_from"),
        created_to: query("created_to"),
        organization: query("organization"),
        after: None,
    }
}

/// What filters something, by its name in an address.
fn values(form: &UserFilterForm) -> impl Iterator<Item = (&'static str, &str)> {
    let all = [
        ("q", form.q.as_str()),
        ("role", form.role.as_str()),
        ("state", form.state.as_str()),
        ("second_factor", form.second_factor.as_str()),
        ("created_from", form.created_from.as_str()),
        ("created_to", form.created_to.as_str()),
        ("organization", form.organization.as_str()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty())
}

/// The address of something about the accounts that are listed.
pub(super) fn address(page: &str, form: &UserFilterForm) -> String {
    with_query(page, &values(form).collect::<Vec<_>>())
}

/// The same for a form that is sent elsewhere.
pub(super) fn hidden(form: &UserFilterForm) -> impl IntoView + use<> {
    let inputs: Vec<_> =
        values(form).map(|(name, value)| view! { <input type="hidden" name=name value=value.to_owned()/> }).collect();
    inputs.collect_view()
}

/// Looking for accounts. `refusal` is what was wrong with the address.
#[component]
pub(super) fn Filters(form: UserFilterForm, refusal: Option<AppError>) -> impl IntoView {
    let is_filtered = values(&form).any(|(name, _)| name != "q");
    let back = values(&form).next().is_some();
    let issue = |field| refusal.as_ref().and_then(|refusal| refusal.issue(field));
    let roles = Role::ALL.map(|role| (role.as_str(), role_text(role)));
    let states = AccountState::ALL.map(|state| (state.as_str(), state_text(state)));
    let factors = [("with", t("page.admin_users.with_factor")), ("without", t("page.admin_users.without_factor"))];
    let within = (!form.organization.is_empty()).then(|| {
        view! {
            <p class="hint">{t("page.admin_users.within_organization")}</p>
            <input type="hidden" name="organization" value=form.organization.clone()/>
        }
    });
    view! {
        <form method="get" action=PATH class="search" role="search">
            <label for="q">{t("page.admin_users.search")}</label>
            <input
                class="input" type="search" id="q" name="q" value=form.q maxlength="254" autocomplete="off"
                autocapitalize="none" spellcheck="false"
            />
            <button type="submit" class="button button-secondary">{t("page.admin_users.action")}</button>
            <details class="search-more" open=is_filtered>
                <summary>{t("page.admin_users.filters")}</summary>
                <div class="search-filters">
                    {choice(Field::Role, "page.admin_users.role", &form.role, &roles, issue(Field::Role))}
                    {choice(Field::State, "page.admin_user.state", &form.state, &states, issue(Field::State))}
                    {choice(
                        Field::SecondFactor,
                        "page.admin_factors.label",
                        &form.second_factor,
                        &factors,
                        issue(Field::SecondFactor),
                    )}
                    {day(
                        Field::CreatedFrom,
                        "page.admin_users.made_from",
                        form.created_from,
                        issue(Field::CreatedFrom),
                    )}
                    {day(Field::CreatedTo, "page.admin_users.made_to", form.created_to, issue(Field::CreatedTo))}
                </div>
            </details>
            {within}
        </form>
        {back.then(|| view! { <p class="search-back"><a href=PATH>{t("page.admin_users.everybody")}</a></p> })}
    }
    .into_any()
}

/// A list to choose from, and everything.
fn choice(
    field: Field,
    label: &'static str,
    chosen: &str,
    offered: &[(&'static str, String)],
    issue: Option<FieldIssue>,
) -> impl IntoView + use<> {
    let id = field.as_str();
    let options: Vec<_> = offered
        .iter()
        .map(|(value, name)| {
            let (value, is_chosen) = (*value, *value == chosen);
            view! { <option value=value selected=is_chosen>{name.clone()}</option> }
        })
        .collect();
    let (issue, described_by) = said(id, issue);
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            <select class="input" id=id name=id autocomplete="off" aria-describedby=described_by>
                <option value="">{t("page.admin_users.any")}</option>
                {options.collect_view()}
            </select>
            {issue}
        </div>
    }
}

/// A day of the calendar.
fn day(field: Field, label: &'static str, value: String, issue: Option<FieldIssue>) -> impl IntoView + use<> {
    let id = field.as_str();
    let (issue, described_by) = said(id, issue);
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            <input
                class="input" type="date" id=id name=id value=value autocomplete="off" aria-describedby=described_by
            />
            {issue}
        </div>
    }
}

/// What is wrong with a field, and the id that says so.
fn said(id: &str, issue: Option<FieldIssue>) -> (Option<impl IntoView + use<>>, Option<String>) {
    let issue_id = issue.map(|_| format!("{id}-issue"));
    let sentence = issue.zip(issue_id.clone()).map(|(issue, id)| {
        view! { <p class="field-error" id=id>{issue_text(issue)}</p> }
    });
    (sentence, issue_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_filters_and_nothing_else() {
        let everybody = UserFilterForm::default();
        assert_eq!(address(PATH, &everybody), "/admin/users");
        let some = UserFilterForm { q: "zoë & co".into(), state: "suspended".into(), ..everybody };
        assert_eq!(address("/admin/users/export", &some), "/admin/users/export?q=zo%C3%AB%20%26%20co&state=suspended");
    }
}
