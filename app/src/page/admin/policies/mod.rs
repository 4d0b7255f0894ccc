//! Policies: their versions, writing one, the cases they must pass, who can do what and why, and roles beside
//! permissions. Everything is a plain page with plain forms.

use auth::view::{AllowedActs, Me};
use auth::{Permission, flow};
use leptos::prelude::*;

use super::account::{NoList, WantedAct, after, query};
use super::{id, refused};
use crate::error::AppError;
use crate::server;
use crate::text::t;

mod cases;
mod changes;
mod edit;
mod list;
mod matrix;
mod outcome;
mod question;
mod source;
mod verdicts;
mod version;
mod who;

pub use cases::{PolicyCasesPage, RemovePolicyCase, SavePolicyCase};
pub use edit::{DiscardPolicyDraft, PolicyEditPage, SavePolicies};
pub use list::PoliciesPage;
pub use matrix::PolicyMatrixPage;
pub use version::{ActivatePolicies, PolicyVersionPage};
pub use who::WhoCanPage;

pub(in crate::page) const PATH: &str = "/admin/policies";
const EDIT: &str = "/admin/policies/edit";
const CASES: &str = "/admin/policies/cases";
const WHO: &str = "/admin/policies/who";
const MATRIX: &str = "/admin/policies/matrix";

/// What it takes to write and activate.
const MANAGE: &str = Permission::ManagePolicies.as_str();

/// Who asks, and what they may do.
async fn reader() -> Result<(Me, AllowedActs), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let acts = flow::allowed_acts(&auth, &caller, None, &server::context()).await?;
    Ok((auth.me(&caller).await?, acts))
}

/// The pages about policies, beside each other.
#[component]
fn Places(current: &'static str) -> impl IntoView {
    let places = [
        (PATH, "page.policies.versions"),
        (CASES, "page.policies.cases"),
        (WHO, "page.policies.who"),
        (MATRIX, "page.policies.matrix"),
    ];
    let links = places.map(|(path, name)| {
        let is_current = (path == current).then_some("page");
        view! { <li><a href=path aria-current=is_current>{t(name)}</a></li> }
    });
    view! { <nav class="filters" aria-label=t("page.policies.places")><ul>{links.collect_view()}</ul></nav> }
}

/// The page of a version.
fn version_path(number: i64) -> String {
    format!("{PATH}/versions/{number}")
}

/// What a version is called.
fn version_name(number: i64) -> String {
    if number == 0 {
        t("page.policies.version_zero")
    } else {
        crate::text::t_with("page.policies.version", &[("number", &number.to_string())])
    }
}
