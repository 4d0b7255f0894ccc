//! The first page of the administration.

use auth::view::Me;
use auth::{Permission, flow};
use leptos::prelude::*;

use super::refused;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Shell};

async fn load() -> Result<Me, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ReadUsers).await?;
    Ok(auth.me(&caller).await?)
}

/// The page `/admin`.
#[component]
pub fn AdminPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(me) => view! { <Overview me/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Overview(me: Me) -> impl IntoView {
    let places = [
        ("page.admin_users.nav", "page.admin.users_text", "/admin/users", "page.admin.to_users"),
        ("page.admin_keys.nav", "page.admin.keys_text", "/admin/keys", "page.admin.to_keys"),
    ];
    let cards = places.map(|(name, text, path, act)| {
        view! {
            <section class="card">
                <h2>{t(name)}</h2>
                <p class="muted">{t(text)}</p>
                <div class="actions"><a class="button button-secondary" href=path>{t(act)}</a></div>
            </section>
        }
    });
    view! {
        <Shell current=Area::Administration title=t("page.admin.nav") purpose=t("page.admin.purpose") me>
            <div class="card-grid">{cards.collect_view()}</div>
        </Shell>
    }
}
