//! What browsers refused by the rules of our pages, and told.

use auth::flow;
use auth::view::{BrowserReportItem, BrowserReports, Me};
use leptos::prelude::*;

use super::refused;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Moment, Shell, provide_zone};

pub(super) const PATH: &str = "/admin/browser-reports";

async fn load() -> Result<(Me, BrowserReports), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let reports = flow::list_browser_reports(&auth, &caller).await?;
    Ok((auth.me(&caller).await?, reports))
}

/// The page `/admin/browser-reports`.
#[component]
pub fn AdminBrowserReportsPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, reports)) => view! { <Shown me reports/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(me: Me, reports: BrowserReports) -> impl IntoView {
    provide_zone(&me);
    view! {
        <Shell
            current=Area::Health title=t("page.browser_reports.title") purpose=t("page.browser_reports.purpose") me
        >
            <p><a href="/admin/health">{t("page.browser_reports.back")}</a></p>
            <List reports/>
        </Shell>
    }
}

#[component]
fn List(reports: BrowserReports) -> impl IntoView {
    let BrowserReports { items, kinds, reports } = reports;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="shield"/><p>{t("page.browser_reports.none")}</p></div> }
            .into_any();
    }
    let total =
        t_with("page.browser_reports.total", &[("reports", &reports.to_string()), ("kinds", &kinds.to_string())]);
    let is_cut = usize::try_from(kinds).is_ok_and(|kinds| kinds > items.len());
    let newest = is_cut.then(|| view! { " "{t("page.browser_reports.newest")} });
    let rows = items.into_iter().map(|item| view! { <Report item/> }).collect_view();
    view! {
        <p>{total}{newest}</p>
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.browser_reports.title")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.browser_reports.rule")}</th>
                        <th scope="col">{t("page.browser_reports.blocked")}</th>
                        <th scope="col">{t("page.browser_reports.path")}</th>
                        <th scope="col">{t("page.browser_reports.reports")}</th>
                        <th scope="col">{t("page.browser_reports.first")}</th>
                        <th scope="col">{t("page.browser_reports.last")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="muted">{t("page.browser_reports.meaning")}</p>
    }
    .into_any()
}

/// What was kept out is somebody else's text: it is shown, and leads nowhere.
#[component]
fn Report(item: BrowserReportItem) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><code>{item.directive}</code></th>
            <td class="setting-value"><code>{item.blocked}</code></td>
            <td><code>{item.path}</code></td>
            <td>{item.reports}</td>
            <td><Moment at=item.first_at with_time=true/></td>
            <td><Moment at=item.last_at with_time=true/></td>
        </tr>
    }
}
