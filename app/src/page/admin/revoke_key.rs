//! Revoking a key: first what happens then.

use auth::view::{KeyView, Me};
use auth::{ErrorCode, Permission};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{WantedAct, query};
use super::keys::{StateBadge, can_be_revoked, load};
use super::refused;
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Moment, Shell, facts, provide_zone};

/// Revokes a key, once the person was proved.
///
/// # Errors
/// There is no such key; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "revoke_key")]
pub async fn revoke_key(#[server(default)] key: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::RevokeKey { key }.perform_or_ask().await
}

/// Who asks, and the key, while it can be revoked.
async fn load_key(id: String) -> Result<(Me, KeyView), AppError> {
    let (me, keys, _) = load().await?;
    let manages = me.role.grants(Permission::ManageKeys);
    let key = keys.into_iter().find(|key| manages && key.id == id && can_be_revoked(key.state));
    Ok((me, key.ok_or(ErrorCode::NotFound)?))
}

/// The page `/admin/keys/revoke`.
#[component]
pub fn AdminRevokeKeyPage() -> impl IntoView {
    let id = query("key");
    let loaded = resource(move || id.clone(), load_key);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, key)) => view! { <Ask me key_view=key/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Ask(me: Me, key_view: KeyView) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(RevokeKey::PATH);
    let is_refused = refusal.is_some();
    let KeyView { id, algorithm, state, created_at, signs_from, .. } = key_view;
    let about = [
        (t("page.admin_keys.key").into_any(), view! { <code class="code">{id.clone()}</code> }.into_any()),
        (t("page.admin_user.state").into_any(), view! { <StateBadge state/> }.into_any()),
        (t("page.admin_keys.algorithm").into_any(), algorithm.into_any()),
        (t("page.admin_keys.published").into_any(), view! { <Moment at=created_at with_time=true/> }.into_any()),
        (t("page.admin_keys.signs_from").into_any(), view! { <Moment at=signs_from with_time=true/> }.into_any()),
    ];
    view! {
        <Shell
            current=Area::Keys title=t("page.admin_keys.revoke_title") purpose=t("page.admin_keys.revoke_purpose") me
            refused=is_refused
        >
            <section class="card">{facts(about)}</section>
            <section class="card danger-zone">
                <h2>{t("page.admin_keys.revoke_then")}</h2>
                <ul class="plain-list">
                    <li>{t("page.admin_keys.revoke_tokens")}</li>
                    <li>{t("page.admin_keys.revoke_people")}</li>
                    <li>{t("page.admin_keys.revoke_services")}</li>
                    <li>{t("page.admin_keys.revoke_for_good")}</li>
                </ul>
                <PostForm action=RevokeKey::PATH refusal class="actions">
                    <input type="hidden" name="key" value=id/>
                    <button type="submit" class="button button-danger">{t("page.admin_keys.revoke_action")}</button>
                    <a class="button button-secondary" href="/admin/keys">{t("page.confirm.cancel")}</a>
                </PostForm>
            </section>
        </Shell>
    }
}
