//! Whether the members of an organization must have a second factor: how it stands, and the switch for who may set it.

use auth::organization::OrganizationPermission;
use auth::view::{FactorRule as Rule, OrganizationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::WantedAct;
use super::organization::OrganizationAct;
use crate::error::AppError;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::Moment;

/// What the form sends to demand one.
const REQUIRED: &str = "on";

/// Demands a second factor of the members, or no longer.
///
/// # Errors
/// Nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "set_factor_rule")]
pub async fn set_factor_rule(
    #[server(default)] organization: String,
    #[server(default)] required: String,
) -> Result<(), AppError> {
    server::caller()?;
    let is_required = required == REQUIRED;
    WantedAct::Organization(OrganizationAct::FactorRule { organization, is_required }).perform_or_ask().await
}

/// The card. The page around it shows why the form was refused.
#[component]
pub fn FactorRule(organization: OrganizationView, rule: Rule) -> impl IntoView {
    let may_set = organization.may(OrganizationPermission::UpdateOrganization);
    let is_required = rule.required_from.is_some();
    let (members, without, days) = (rule.members.to_string(), rule.without.to_string(), rule.grace_days.to_string());
    let text = if is_required { "page.factor_rule.text_on" } else { "page.factor_rule.text_off" };
    let (class, state) = if is_required {
        ("badge badge-ok", t("page.factor_rule.is_on"))
    } else {
        ("badge", t("page.factor_rule.is_off"))
    };
    let since = rule.required_from.map(|at| {
        view! { <div><dt>{t("page.factor_rule.since")}</dt><dd><Moment at/></dd></div> }
    });
    let form = may_set.then(|| {
        let (value, class, action) = if is_required {
            ("", "button button-danger", t("page.factor_rule.switch_off"))
        } else {
            (REQUIRED, "button button-primary", t("page.factor_rule.switch_on"))
        };
        view! {
            <form method="post" action=SetFactorRule::PATH class="actions">
                <input type="hidden" name="organization" value=organization.slug.to_string()/>
                <input type="hidden" name="required" value=value/>
                <button type="submit" class=class>{action}</button>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="factor-rule">
            <div class="card-head">
                <h2 id="factor-rule">{t("page.factor_rule.title")}</h2>
                <span class=class>{state}</span>
            </div>
            <p class="muted">{t_with(text, &[("days", &days)])}</p>
            <dl class="facts">
                {since}
                <div>
                    <dt>{t("page.factor_rule.without")}</dt>
                    <dd>{t_with("page.factor_rule.without_of", &[("without", &without), ("members", &members)])}</dd>
                </div>
            </dl>
            {form}
        </section>
    }
}
