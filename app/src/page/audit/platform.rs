//! The audit log of everything, for those who look after the platform.

use auth::form::AuditForm;
use auth::view::{AuditDay, AuditItem, AuditState, Me};
use auth::{Page, flow};
use leptos::prelude::*;

use super::super::admin;
use super::Log;
use super::asked::{Scope, asked};
use super::state::State;
use crate::error::AppError;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Shell, provide_zone};

/// Who asks, how the chain is, how many lines each day has, and a page of them.
type Loaded = (Me, AuditState, Vec<AuditDay>, Result<Page<AuditItem>, AppError>);

async fn load(form: AuditForm) -> Result<Loaded, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let state = flow::audit_state(&auth, &caller).await?;
    let days = flow::audit_days(&auth, &caller).await?;
    let me = auth.me(&caller).await?;
    let list = match form.parse(me.time_zone.as_ref()) {
        Ok(filter) => flow::search_audit(&auth, &caller, &filter, form.after).await.map_err(AppError::from),
        Err(refusal) => Err(AppError::from(refusal)),
    };
    Ok((me, state, days, told(list)?))
}

/// The page `/admin/audit`.
#[component]
pub fn AdminAuditPage() -> impl IntoView {
    let form = asked();
    let wanted = form.clone();
    let loaded = resource(move || wanted.clone(), load);
    view! {
        <Suspense>
            {move || {
                let form = form.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(loaded) => view! { <Audit form loaded/> }.into_any(),
                        Err(error) => admin::refused(&error),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Audit(form: AuditForm, loaded: Loaded) -> impl IntoView {
    let (me, state, days, list) = loaded;
    provide_zone(&me);
    let is_refused = list.is_err();
    view! {
        <Shell
            current=Area::Audit title=t("page.audit.nav") purpose=t("page.audit.purpose") me refused=is_refused
        >
            <State state/>
            <Log scope=Scope::Platform form days list/>
        </Shell>
    }
}
