//! The first page of the administration: the places that the role may see, and how the product does.

use auth::view::{Me, Statistics};
use auth::{ErrorCode, Permission, flow};
use leptos::prelude::*;

use super::refused;
use super::statistics::Pictures;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Shell, provide_zone};

/// Places of the administration: what it takes to see one, its name, what it is for, its address, and the act.
const PLACES: [(Permission, &str, &str, &str, &str); 10] = [
    (Permission::ReadUsers, "page.admin_users.nav", "page.admin.users_text", "/admin/users", "page.admin.to_users"),
    (
        Permission::ReadOrganizations,
        "page.admin_organizations.nav",
        "page.admin_overview.organizations_text",
        "/admin/organizations",
        "page.admin_overview.to_organizations",
    ),
    (Permission::ReadPolicies, "page.policies.nav", "page.policies.overview", "/admin/policies", "page.policies.open"),
    (
        Permission::ReadAudit,
        "page.audit.nav",
        "page.admin_overview.audit_text",
        "/admin/audit",
        "page.admin_overview.to_audit",
    ),
    (
        Permission::ReadAudit,
        "page.admin_anomalies.nav",
        "page.admin_anomalies.overview",
        "/admin/anomalies",
        "page.admin_anomalies.open",
    ),
    (
        Permission::ReadMails,
        "page.mails.nav",
        "page.admin_overview.mails_text",
        "/admin/mails",
        "page.admin_overview.to_mails",
    ),
    (
        Permission::ReadWebhooks,
        "page.webhooks.nav",
        "page.admin_overview.webhooks_text",
        "/admin/webhooks",
        "page.admin_overview.to_webhooks",
    ),
    (Permission::ReadKeys, "page.admin_keys.nav", "page.admin.keys_text", "/admin/keys", "page.admin.to_keys"),
    (
        Permission::ReadSettings,
        "page.admin_settings.nav",
        "page.admin_overview.settings_text",
        "/admin/settings",
        "page.admin_overview.to_settings",
    ),
    (
        Permission::ReadHealth,
        "page.admin_health.nav",
        "page.admin_overview.health_text",
        "/admin/health",
        "page.admin_overview.to_health",
    ),
];

/// Who asks, and the numbers for whoever may see them.
async fn load() -> Result<(Me, Option<Statistics>), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    if !me.role.administers() {
        return Err(ErrorCode::NotFound.into());
    }
    match flow::show_statistics(&auth, &caller).await.map_err(AppError::from) {
        Ok(statistics) => Ok((me, Some(statistics))),
        Err(error) if error.code() == ErrorCode::NotFound => Ok((me, None)),
        Err(error) => Err(error),
    }
}

/// The page `/admin`.
#[component]
pub fn AdminPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, statistics)) => view! { <Overview me statistics/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Overview(me: Me, statistics: Option<Statistics>) -> impl IntoView {
    provide_zone(&me);
    let cards = PLACES.into_iter().filter(|(permission, ..)| me.role.grants(*permission));
    let cards = cards.map(|(_, name, text, path, act)| {
        view! {
            <section class="card">
                <h2>{t(name)}</h2>
                <p class="muted">{t(text)}</p>
                <div class="actions"><a class="button button-secondary" href=path>{t(act)}</a></div>
            </section>
        }
    });
    let cards = cards.collect_view();
    view! {
        <Shell current=Area::Administration title=t("page.admin.nav") purpose=t("page.admin.purpose") me>
            {statistics.map(|statistics| view! { <Pictures statistics/> })}
            <div class="card-grid">{cards}</div>
        </Shell>
    }
}
