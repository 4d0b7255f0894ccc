//! The audit log: who did what, to whom, from where, and what changed. Every line for those who look after the platform;
//! of an organization its own lines, for those of its members who may see them. What is sought stands in the address.

mod asked;
mod filters;
mod line;
mod list;
mod of_organization;
mod picture;
mod platform;
mod state;

pub use of_organization::OrganizationAuditPage;
pub use platform::AdminAuditPage;

use auth::Page;
use auth::form::{AuditForm, AuditFormat};
use auth::view::{AuditDay, AuditItem};
use leptos::prelude::*;

use self::asked::{Scope, export_path};
use self::filters::Filters;
use self::list::Lines;
use self::picture::DaysPicture;
use crate::error::AppError;
use crate::text::t;
use crate::ui::Icon;

/// What both pages show: the days, what is sought, the lines that fit, and the way to a file of them.
#[component]
fn Log(scope: Scope, form: AuditForm, days: Vec<AuditDay>, list: Result<Page<AuditItem>, AppError>) -> impl IntoView {
    let refused = list.as_ref().err().cloned();
    let files = refused.is_none().then(|| view! { <Files scope=scope.clone() form=form.clone()/> });
    view! {
        <section class="card">
            <h2>{t("page.audit.days")}</h2>
            <DaysPicture days/>
        </section>
        <Filters scope=scope.clone() form=form.clone() refused/>
        <Lines scope form list/>
        {files}
    }
    .into_any()
}

/// The ways to a file of every line that fits.
#[component]
fn Files(scope: Scope, form: AuditForm) -> impl IntoView {
    let links = [(AuditFormat::Csv, "page.audit.export_csv"), (AuditFormat::Jsonl, "page.audit.export_jsonl")];
    let links = links.map(|(format, name)| {
        let path = export_path(&scope, &form, format);
        view! { <a class="button button-secondary" href=path><Icon name="download"/>{t(name)}</a> }
    });
    view! {
        <section class="card">
            <h2>{t("page.audit.export")}</h2>
            <p class="muted">{t("page.audit.export_text")}</p>
            <div class="actions">{links.collect_view()}</div>
        </section>
    }
    .into_any()
}
