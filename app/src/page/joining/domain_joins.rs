//! Tells somebody that they joined an organization by the domain of their address, until they say that they know.

use auth::flow;
use auth::view::JoinedByDomain;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::error::AppError;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::Icon;

/// Notes that the signed-in person knows.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "forget_domain_joins")]
pub async fn forget_domain_joins() -> Result<(), AppError> {
    flow::forget_domain_joins(&server::auth(), &server::caller()?).await?;
    server::see_other("/dashboard");
    Ok(())
}

/// What there is to tell; nothing where that cannot be found out.
pub async fn load() -> Vec<JoinedByDomain> {
    let Ok(caller) = server::caller() else { return Vec::new() };
    flow::list_domain_joins(&server::auth(), &caller).await.unwrap_or_default()
}

/// The notice; nothing when there is nothing to tell.
#[component]
pub fn DomainJoins(joins: Vec<JoinedByDomain>) -> impl IntoView {
    if joins.is_empty() {
        return ().into_any();
    }
    let lines = joins.into_iter().map(|joined| {
        let values = [("organization", joined.name.as_str()), ("domain", joined.domain.as_str())];
        let sentence = t_with("page.domain_joins.text", &values);
        let path = format!("/orgs/{}", joined.slug);
        view! { <p>{sentence}" "<a href=path>{t("page.domain_joins.open")}</a></p> }
    });
    let lines = lines.collect_view();
    view! {
        <section class="card joining-notice">
            <Icon name="building"/>
            <div>{lines}</div>
            <form method="post" action=ForgetDomainJoins::PATH>
                <button type="submit" class="button button-secondary button-small">{t("page.domain_joins.seen")}</button>
            </form>
        </section>
    }
    .into_any()
}
