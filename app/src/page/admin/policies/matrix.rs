//! Roles beside permissions, as the policies in force decide them. A picture that is a table: it is read by signs, not
//! by colours, and by screen readers cell by cell.

use auth::flow;
use auth::view::{Me, PermissionMatrix, PermissionRow, RoleTable};
use leptos::prelude::*;

use super::{MATRIX, Places, reader, refused};
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Shell, provide_zone};

async fn load() -> Result<(Me, PermissionMatrix), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let matrix = flow::policy_matrix(&auth, &caller).await?;
    let (me, _) = reader().await?;
    Ok((me, matrix))
}

/// The page `/admin/policies/matrix`.
#[component]
pub fn PolicyMatrixPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, matrix)) => view! { <Matrix me matrix/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Matrix(me: Me, matrix: PermissionMatrix) -> impl IntoView {
    provide_zone(&me);
    let PermissionMatrix { platform, organization } = matrix;
    view! {
        <Shell
            current=Area::Policies title=t("page.policies.matrix") purpose=t("page.policy_matrix.purpose") me
        >
            <Places current=MATRIX/>
            <p class="muted">{t("page.policy_matrix.when")}</p>
            <Legend/>
            <h2>{t("page.policy_matrix.organization")}</h2>
            <Table table=organization name=t("page.policy_matrix.organization")/>
            <h2>{t("page.policy_matrix.platform")}</h2>
            <Table table=platform name=t("page.policy_matrix.platform")/>
        </Shell>
    }
}

#[component]
fn Legend() -> impl IntoView {
    view! {
        <ul class="legend">
            <li><Sign allowed=true/>{t("page.policy_matrix.allowed")}</li>
            <li><Sign allowed=false/>{t("page.policy_matrix.denied")}</li>
        </ul>
    }
}

#[component]
fn Table(table: RoleTable, name: String) -> impl IntoView {
    let RoleTable { roles, rows } = table;
    let heads = roles.into_iter().map(|role| view! { <th scope="col"><code>{role}</code></th> }).collect_view();
    let rows = rows.into_iter().map(|row| view! { <Row row/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=name>
            <table class="table matrix">
                <thead><tr><th scope="col">{t("page.policy_matrix.permission")}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: PermissionRow) -> impl IntoView {
    let cells = row.allowed.into_iter().map(|allowed| {
        let words = t(if allowed { "page.policy_matrix.allowed" } else { "page.policy_matrix.denied" });
        view! { <td><Sign allowed/><span class="visually-hidden">{words}</span></td> }
    });
    view! { <tr><th scope="row"><code>{row.permission}</code></th>{cells.collect_view()}</tr> }
}

/// A full square for what is allowed, an empty one for what is not.
#[component]
fn Sign(allowed: bool) -> impl IntoView {
    let class = if allowed { "matrix-allowed" } else { "matrix-denied" };
    view! {
        <svg class="legend-mark" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <rect class=class x="2" y="2" width="12" height="12" rx="2"></rect>
        </svg>
    }
}
