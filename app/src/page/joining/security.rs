//! What an organization demands of its members.

use auth::flow;
use auth::view::{FactorRule as Rule, Me, OrganizationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::query;
use super::factor_rule::{FactorRule, SetFactorRule};
use super::organization::{self, refusal_text, refused, slug};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Notice, OrganizationArea, OrganizationShell, Tone, provide_zone};

async fn load(slug: String) -> Result<(Me, OrganizationView, Rule), AppError> {
    let (me, organization) = organization::load(slug).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let rule = flow::organization_factor_rule(&auth, &caller, &organization.id, &context).await?;
    Ok((me, organization, rule))
}

/// The page `/orgs/{slug}/security`.
#[component]
pub fn OrganizationSecurityPage() -> impl IntoView {
    let asked = slug();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, rule)) => view! { <Security me organization rule/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Security(me: Me, organization: OrganizationView, rule: Rule) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(SetFactorRule::PATH);
    let is_refused = refusal.is_some();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).map(|text| (Tone::Ok, text)),
    };
    view! {
        <OrganizationShell
            current=OrganizationArea::Security title=t("page.organization_security.title")
            purpose=t("page.organization_security.purpose") me organization=organization.clone() refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <FactorRule organization rule/>
        </OrganizationShell>
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "required" => Some(t("page.factor_rule.now_on")),
        "optional" => Some(t("page.factor_rule.now_off")),
        _ => None,
    }
}
