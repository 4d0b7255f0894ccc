//! The keys that sign access tokens: which there are, publishing the next, and the way to revoke one.

use auth::view::{KeyState, KeyView, Me};
use auth::{ErrorCode, Permission, Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{WantedAct, query};
use super::keys_picture::KeysPicture;
use super::refused;
use super::revoke_key::RevokeKey;
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Moment, Notice, Shell, Tone, provide_zone};

/// Publishes the next key, once the person was proved.
///
/// # Errors
/// Nobody is signed in; who is may not; what the rotation refuses.
#[server(prefix = "/rpc", endpoint = "rotate_keys")]
pub async fn rotate_keys() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::RotateKeys.perform_or_ask().await
}

/// Who asks, every key, and what time it is.
pub(super) async fn load() -> Result<(Me, Vec<KeyView>, Timestamp), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let keys = flow::admin_list_keys(&auth, &caller).await?;
    Ok((auth.me(&caller).await?, keys, auth.now()))
}

/// The page `/admin/keys`.
#[component]
pub fn AdminKeysPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, keys, now)) => view! { <Keys me keys now/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Keys(me: Me, keys: Vec<KeyView>, now: Timestamp) -> impl IntoView {
    provide_zone(&me);
    let manages = me.role.grants(Permission::ManageKeys);
    let refusal = refusal_of(RotateKeys::PATH).or_else(|| refusal_of(RevokeKey::PATH));
    let is_refused = refusal.is_some();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).map(|text| (Tone::Ok, text)),
    };
    view! {
        <Shell
            current=Area::Keys title=t("page.admin_keys.nav") purpose=t("page.admin_keys.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <section class="card">
                <h2>{t("page.admin_keys.picture")}</h2>
                <KeysPicture keys=keys.clone() now/>
            </section>
            <KeyTable keys manages/>
            {manages.then(|| view! { <Rotate/> })}
        </Shell>
    }
}

/// Publishing the next key, and what that means.
#[component]
fn Rotate() -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.admin_keys.rotate_title")}</h2>
            <p>{t("page.admin_keys.rotate_text")}</p>
            <PostForm action=RotateKeys::PATH class="actions">
                <button type="submit" class="button button-primary">{t("page.admin_keys.rotate_action")}</button>
            </PostForm>
        </section>
    }
}

/// Every key; with `manages` what can be done to it.
#[component]
fn KeyTable(keys: Vec<KeyView>, manages: bool) -> impl IntoView {
    let rows = keys.into_iter().map(|key| view! { <Key key_view=key manages/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_keys.table")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.admin_keys.key")}</th>
                        <th scope="col">{t("page.admin_user.state")}</th>
                        <th scope="col">{t("page.admin_keys.algorithm")}</th>
                        <th scope="col">{t("page.admin_keys.published")}</th>
                        <th scope="col">{t("page.admin_keys.signs_from")}</th>
                        <th scope="col">{t("page.admin_keys.verifies_until")}</th>
                        <th scope="col"><span class="visually-hidden">{t("page.admin_keys.acts")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Key(key_view: KeyView, manages: bool) -> impl IntoView {
    let KeyView { id, algorithm, state, created_at, signs_from, verifies_until, revoked_at } = key_view;
    let until = match revoked_at.or(verifies_until) {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.admin_keys.open").into_any(),
    };
    let act = (manages && can_be_revoked(state)).then(|| {
        let path = format!("/admin/keys/revoke?key={id}");
        view! { <a class="button button-danger button-small" href=path>{t("page.admin_keys.revoke")}</a> }
    });
    view! {
        <tr>
            <th scope="row"><code class="key-id">{id}</code></th>
            <td><StateBadge state/></td>
            <td>{algorithm}</td>
            <td><Moment at=created_at with_time=true/></td>
            <td><Moment at=signs_from with_time=true/></td>
            <td>{until}</td>
            <td>{act}</td>
        </tr>
    }
    .into_any()
}

/// What a key does now, in words.
#[component]
pub(super) fn StateBadge(state: KeyState) -> impl IntoView {
    let class = match state {
        KeyState::Signing => "badge badge-ok",
        KeyState::Revoked => "badge badge-danger",
        KeyState::Next | KeyState::Verifying | KeyState::Retired => "badge",
    };
    view! { <span class=class>{state_text(state)}</span> }
}

/// What a key does now, in words.
pub(super) fn state_text(state: KeyState) -> String {
    t(match state {
        KeyState::Next => "page.admin_keys.state_next",
        KeyState::Signing => "page.admin_keys.state_signing",
        KeyState::Verifying => "page.admin_keys.state_verifying",
        KeyState::Retired => "page.admin_keys.state_retired",
        KeyState::Revoked => "page.admin_keys.state_revoked",
    })
}

/// Whether revoking it would change anything.
pub(super) fn can_be_revoked(state: KeyState) -> bool {
    matches!(state, KeyState::Next | KeyState::Signing | KeyState::Verifying)
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.admin_keys.not_found"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "rotated" => Some(t("page.admin_keys.rotated")),
        "revoked" => Some(t("page.admin_keys.revoked")),
        _ => None,
    }
}
