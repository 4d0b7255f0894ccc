//! The audit log of an organization.

use auth::form::AuditForm;
use auth::view::{AuditDay, AuditItem, Me, OrganizationView};
use auth::{Page, flow};
use leptos::prelude::*;

use super::super::organization;
use super::Log;
use super::asked::{Scope, asked};
use crate::error::AppError;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{OrganizationArea, OrganizationShell, provide_zone};

/// Who asks, the organization, how many lines each day has, and a page of them.
type Loaded = (Me, OrganizationView, Vec<AuditDay>, Result<Page<AuditItem>, AppError>);

async fn load((slug, form): (String, AuditForm)) -> Result<Loaded, AppError> {
    let (me, view) = organization::load(slug).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let days = flow::organization_audit_days(&auth, &caller, &view.id, &context).await?;
    let list = match form.parse(me.time_zone.as_ref()) {
        Ok(filter) => {
            let page = flow::search_organization_audit(&auth, &caller, &view.id, &filter, form.after, &context).await;
            page.map_err(AppError::from)
        }
        Err(refusal) => Err(AppError::from(refusal)),
    };
    Ok((me, view, days, told(list)?))
}

/// The page `/orgs/{slug}/audit`.
#[component]
pub fn OrganizationAuditPage() -> impl IntoView {
    let form = asked();
    let wanted = (organization::slug(), form.clone());
    let loaded = resource(move || wanted.clone(), load);
    view! {
        <Suspense>
            {move || {
                let form = form.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok(loaded) => view! { <Audit form loaded/> }.into_any(),
                        Err(error) => organization::refused(&error),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Audit(form: AuditForm, loaded: Loaded) -> impl IntoView {
    let (me, view, days, list) = loaded;
    provide_zone(&me);
    let is_refused = list.is_err();
    let scope = Scope::Organization(view.slug.to_string());
    view! {
        <OrganizationShell
            current=OrganizationArea::Audit title=t("page.organization.audit") purpose=t("page.audit.organization_purpose")
            me organization=view refused=is_refused
        >
            <Log scope form days list/>
        </OrganizationShell>
    }
}
