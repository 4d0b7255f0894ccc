//! The settings in effect: what holds, where it was set, and nothing of a secret.

use auth::view::{Me, SettingItem, SettingOrigin};
use auth::{Permission, flow};
use leptos::prelude::*;

use super::refused;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Shell, provide_zone};

async fn load() -> Result<(Me, Vec<SettingItem>), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ReadSettings).await?;
    Ok((auth.me(&caller).await?, server::settings_in_effect()))
}

/// The page `/admin/settings`.
#[component]
pub fn AdminSettingsPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, settings)) => view! { <Settings me settings/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Settings(me: Me, settings: Vec<SettingItem>) -> impl IntoView {
    provide_zone(&me);
    // What somebody set comes first: that is what differs from every other installation.
    let (set, unset): (Vec<_>, Vec<_>) = settings.into_iter().partition(|item| item.origin != SettingOrigin::Default);
    let set = if set.is_empty() {
        view! { <div class="empty"><Icon name="code"/><p>{t("page.admin_settings.none_set")}</p></div> }.into_any()
    } else {
        view! { <Table name=t("page.admin_settings.set") settings=set/> }.into_any()
    };
    view! {
        <Shell current=Area::Settings title=t("page.admin_settings.nav") purpose=t("page.admin_settings.purpose") me>
            <h2>{t("page.admin_settings.set")}</h2>
            {set}
            <h2>{t("page.admin_settings.unset")}</h2>
            <Table name=t("page.admin_settings.unset") settings=unset/>
            <p class="hint">{t("page.admin_settings.hint")}</p>
        </Shell>
    }
}

#[component]
fn Table(name: String, settings: Vec<SettingItem>) -> impl IntoView {
    let rows = settings.into_iter().map(|item| view! { <Setting item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=name>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.admin_settings.name")}</th>
                        <th scope="col">{t("page.admin_settings.value")}</th>
                        <th scope="col">{t("page.admin_settings.origin")}</th>
                        <th scope="col">{t("page.admin_settings.about")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Setting(item: SettingItem) -> impl IntoView {
    let SettingItem { name, value, origin, is_secret, about } = item;
    let value = match value {
        Some(value) if origin == SettingOrigin::Default => view! { <span class="muted">{value}</span> }.into_any(),
        Some(value) => view! { <code>{value}</code> }.into_any(),
        None => view! { <span class="badge">{t("page.admin_settings.secret")}</span> }.into_any(),
    };
    let origin = t(match origin {
        SettingOrigin::Default => "page.admin_settings.of_default",
        SettingOrigin::File => "page.admin_settings.of_file",
        SettingOrigin::Environment => "page.admin_settings.of_environment",
        SettingOrigin::Credential => "page.admin_settings.of_credential",
        SettingOrigin::Vault => "page.admin_settings.of_vault",
    });
    let lock = is_secret.then(|| view! { <Icon name="lock"/> });
    view! {
        <tr>
            <th scope="row"><code>{name}</code>{lock}</th>
            <td class="setting-value">{value}</td>
            <td>{origin}</td>
            <td lang="en">{about}</td>
        </tr>
    }
    .into_any()
}
