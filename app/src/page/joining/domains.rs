//! The mail domains of an organization: claimed, proved by a record in the DNS, given a rule, given back.

use auth::form::{DomainForm, JoinRuleForm};
use auth::id::DomainId;
use auth::organization::OrganizationPermission;
use auth::view::{DomainItem, DomainState, Me, OrganizationView, RoleItem};
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::query;
use super::domain_card::DomainCard;
use super::organization::{self, Target, refusal_text, refused, roles_to_give, slug};
use super::role_choice::roles_to_join;
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Notice, OrganizationArea, OrganizationShell, Submit, Tone, provide_zone};

/// Claims a domain.
///
/// # Errors
/// What is no domain, or another organization's; too many; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "claim_domain")]
pub async fn claim_domain(
    #[server(default)] organization: String,
    #[server(default)] domain: String,
) -> Result<(), AppError> {
    server::caller()?;
    server::keep_typed("", &domain);
    let target = Target::of(&organization).await?;
    let domain = DomainForm { domain }.parse()?;
    flow::claim_domain(&target.auth, &target.caller, &target.id, domain, &target.context).await?;
    server::see_other(&target.page("/domains?note=claimed"));
    Ok(())
}

/// Looks for the record of a domain.
///
/// # Errors
/// Too soon; no server answers; another organization was faster; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "check_domain")]
pub async fn check_domain(
    #[server(default)] organization: String,
    #[server(default)] domain: String,
) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    let item =
        flow::check_domain(&target.auth, &target.caller, (&target.id, &DomainId(domain)), &target.context).await?;
    let note = if item.state == DomainState::Verified { "verified" } else { "not_found" };
    server::see_other(&target.page(&format!("/domains?note={note}")));
    Ok(())
}

/// Sets who joins by a domain.
///
/// # Errors
/// A role that cannot be given so; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "change_domain")]
pub async fn change_domain(
    #[server(default)] organization: String,
    #[server(default)] domain: String,
    #[server(default)] role: String,
) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    let role = JoinRuleForm { join_role: Some(role) }.parse()?;
    flow::change_domain(&target.auth, &target.caller, (&target.id, &DomainId(domain)), role, &target.context).await?;
    server::see_other(&target.page("/domains?note=changed"));
    Ok(())
}

/// Gives a domain back.
///
/// # Errors
/// It is none of the organization; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "release_domain")]
pub async fn release_domain(
    #[server(default)] organization: String,
    #[server(default)] domain: String,
) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    flow::release_domain(&target.auth, &target.caller, (&target.id, &DomainId(domain)), &target.context).await?;
    server::see_other(&target.page("/domains?note=released"));
    Ok(())
}

/// Who asks, the organization, its domains, and the roles that people may join with.
type Loaded = (Me, OrganizationView, Vec<DomainItem>, Vec<RoleItem>);

async fn load(slug: String) -> Result<Loaded, AppError> {
    let (me, organization) = organization::load(slug).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let domains = flow::list_domains(&auth, &caller, &organization.id, &context).await?;
    let roles = roles_to_join(roles_to_give(&organization).await?);
    Ok((me, organization, domains, roles))
}

/// The page `/orgs/{slug}/domains`.
#[component]
pub fn OrganizationDomainsPage() -> impl IntoView {
    let asked = slug();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, domains, roles)) => {
                        view! { <Domains me organization domains roles/> }.into_any()
                    }
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Domains(me: Me, organization: OrganizationView, domains: Vec<DomainItem>, roles: Vec<RoleItem>) -> impl IntoView {
    provide_zone(&me);
    let claim = refusal_of(ClaimDomain::PATH);
    let other = [CheckDomain::PATH, ChangeDomain::PATH, ReleaseDomain::PATH].into_iter().find_map(refusal_of);
    let is_refused = claim.is_some() || other.is_some();
    let note = match other {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_of(&query("note")).filter(|_| !is_refused),
    };
    let may_manage = organization.may(OrganizationPermission::ManageDomains);
    let slug = organization.slug.to_string();
    let list = if domains.is_empty() {
        view! { <div class="empty"><Icon name="globe"/><p>{t("page.domains.empty")}</p></div> }.into_any()
    } else {
        let cards = domains.into_iter().map(|domain| {
            view! { <DomainCard item=domain slug=slug.clone() roles=roles.clone() may_manage/> }
        });
        view! { <div class="domains">{cards.collect_view()}</div> }.into_any()
    };
    view! {
        <OrganizationShell
            current=OrganizationArea::Domains title=t("page.organization.domains") purpose=t("page.domains.purpose")
            me organization refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {list}
            {may_manage.then(|| view! { <Claim slug=slug.clone() refusal=claim/> })}
        </OrganizationShell>
    }
}

/// The form that claims one.
#[component]
fn Claim(slug: String, refusal: Option<AppError>) -> impl IntoView {
    let typed = if refusal.is_some() { server::typed().1 } else { String::new() };
    view! {
        <section class="card">
            <h2>{t("page.domains.new_title")}</h2>
            <PostForm action=ClaimDomain::PATH refusal class="form account-form">
                <input type="hidden" name="organization" value=slug/>
                <Field
                    field=Name::Domain label=t("ui.domain") autocomplete="off" value=typed maxlength=253
                    hint=t("page.domains.domain_hint")
                />
                <Submit label=t("page.domains.claim")/>
            </PostForm>
        </section>
    }
    .into_any()
}

fn note_of(note: &str) -> Option<(Tone, String)> {
    Some(match note {
        "claimed" => (Tone::Ok, t("page.domains.claimed")),
        "verified" => (Tone::Ok, t("page.domains.verified")),
        "not_found" => (Tone::Info, t("page.domains.not_found")),
        "changed" => (Tone::Ok, t("page.domains.changed")),
        "released" => (Tone::Ok, t("page.domains.released")),
        _ => return None,
    })
}
