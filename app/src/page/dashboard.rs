//! The first page behind the sign-in.

use auth::view::Me;
use leptos::prelude::*;

use super::passkey_offer::{self, PasskeyOffer};
use super::what_just_happened;
use crate::page::resource::resource;
use crate::server;
use crate::session::load_me;
use crate::text::{t, t_with};
use crate::ui::{Area, Moment, Notice, Shell, Tone, facts, provide_zone};

/// The page `/dashboard`.
#[component]
pub fn Dashboard() -> impl IntoView {
    let loaded = resource(|| (), |()| async { (load_me().await, passkey_offer::is_due().await) });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    (Ok(me), is_offered) => view! { <SignedIn me is_offered/> }.into_any(),
                    (Err(_), _) => view! { <Notice tone=Tone::Info text=t("error.signed_out")/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn SignedIn(me: Me, is_offered: bool) -> impl IntoView {
    provide_zone(&me);
    let title = t_with("page.dashboard.title", &[("name", me.name.as_str())]);
    // The badge stands by the term: beside an address it would wrap as soon as that is long.
    let email = view! { {t("ui.email")}" "<span class="badge badge-ok">{t("page.dashboard.verified")}</span> };
    let account = [
        (email.into_any(), me.email.to_string().into_any()),
        (t("ui.name").into_any(), me.name.to_string().into_any()),
        (t("page.dashboard.member_since").into_any(), view! { <Moment at=me.created_at/> }.into_any()),
    ];
    let session = me.session.clone().map(|session| {
        let device = if session.device.is_empty() { t("page.dashboard.unknown_device") } else { session.device };
        facts([
            (t("page.dashboard.device").into_any(), device.into_any()),
            (t("page.dashboard.signed_in").into_any(), view! { <Moment at=session.signed_in_at/> }.into_any()),
            (t("page.dashboard.ends").into_any(), view! { <Moment at=session.expires_at/> }.into_any()),
        ])
    });
    let explained = what_just_happened::link_for(&server::auth(), &me);
    view! {
        <Shell current=Area::Dashboard title purpose=t("page.dashboard.purpose") me=me.clone()>
            <div class="card-grid">
                <section class="card"><h2>{t("page.dashboard.account")}</h2>{facts(account)}</section>
                <section class="card"><h2>{t("page.dashboard.session")}</h2>{session}{explained}</section>
            </div>
            {is_offered.then(|| view! { <PasskeyOffer/> })}
        </Shell>
    }
}
