//! The browsers in which the second factor is not asked for, and asking for it there again.

use auth::id::TrustedDeviceId;
use auth::view::{Me, TrustedDeviceItem};
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{address_text, device_text, query, refused};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Moment, Notice, Shell, Tone, provide_zone};

/// Revokes one trusted device of the signed-in person.
///
/// # Errors
/// It is none of theirs; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "revoke_trusted_device")]
pub async fn revoke_trusted_device(#[server(default)] id: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::revoke_trusted_device(&auth, &caller, &TrustedDeviceId(id), &context).await?;
    server::see_other("/account/trusted-devices?note=revoked");
    Ok(())
}

/// Revokes every trusted device of the signed-in person.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "revoke_all_trusted_devices")]
pub async fn revoke_all_trusted_devices() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::revoke_all_trusted_devices(&auth, &caller, &context).await?;
    server::clear_cookie(server::TRUSTED_DEVICE_COOKIE);
    server::see_other("/account/trusted-devices?note=all_revoked");
    Ok(())
}

async fn load() -> Result<(Me, Vec<TrustedDeviceItem>), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let cookie = server::cookie(server::TRUSTED_DEVICE_COOKIE);
    let devices = flow::list_trusted_devices(&auth, &caller, cookie.as_ref()).await?;
    Ok((auth.me(&caller).await?, devices))
}

/// The page `/account/trusted-devices`.
#[component]
pub fn TrustedDevicesPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, devices)) => view! { <Devices me devices/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Devices(me: Me, devices: Vec<TrustedDeviceItem>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(RevokeTrustedDevice::PATH).or_else(|| refusal_of(RevokeAllTrustedDevices::PATH));
    let is_refused = refusal.is_some();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).map(|text| (Tone::Ok, text)),
    };
    let list = if devices.is_empty() {
        view! { <div class="empty"><Icon name="shield"/><p>{t("page.trusted_devices.empty")}</p></div> }.into_any()
    } else {
        view! {
            <form method="post" action=RevokeAllTrustedDevices::PATH class="actions">
                <button type="submit" class="button button-danger">{t("page.trusted_devices.revoke_all")}</button>
            </form>
            <ul class="devices">{devices.into_iter().map(|item| view! { <Device item/> }).collect_view()}</ul>
        }
        .into_any()
    };
    view! {
        <Shell
            current=Area::Security title=t("page.trusted_devices.title") purpose=t("page.trusted_devices.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {list}
            <p><a class="quiet-link" href="/account/security">{t("page.trusted_devices.back")}</a></p>
        </Shell>
    }
}

#[component]
fn Device(item: TrustedDeviceItem) -> impl IntoView {
    let TrustedDeviceItem { id, device, address, trusted_at, last_used_at, expires_at, is_current } = item;
    let heading = format!("trusted-{}", id.as_str());
    let is_phone = ["iPhone", "Android"].iter().any(|system| device.contains(system));
    let icon = if is_phone { "phone" } else { "display" };
    let facts = [
        (t("page.trusted_devices.trusted_at"), view! { <Moment at=trusted_at with_time=true/> }.into_any()),
        (t("page.trusted_devices.last_used"), view! { <Moment at=last_used_at with_time=true/> }.into_any()),
        (t("page.trusted_devices.ends"), view! { <Moment at=expires_at/> }.into_any()),
        (t("ui.address"), address_text(&address).into_any()),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    view! {
        <li class="card device">
            <div class="device-head">
                <Icon name=icon/>
                <h2 id=heading.clone()>{device_text(&device)}</h2>
                {is_current.then(|| view! { <span class="badge badge-ok">{t("page.devices.this_device")}</span> })}
                <form method="post" action=RevokeTrustedDevice::PATH>
                    <input type="hidden" name="id" value=id.as_str().to_owned()/>
                    <button type="submit" class="button button-secondary button-small" aria-describedby=heading>
                        {t("page.trusted_devices.revoke")}
                    </button>
                </form>
            </div>
            <dl class="device-facts">{rows.collect_view()}</dl>
        </li>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.trusted_devices.not_found"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "revoked" => Some(t("page.trusted_devices.revoked")),
        "all_revoked" => Some(t("page.trusted_devices.all_revoked")),
        _ => None,
    }
}
