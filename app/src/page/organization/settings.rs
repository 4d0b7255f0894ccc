//! The settings of an organization: what it is called, its logo, and its end, apart.

use auth::form::RenameForm;
use auth::organization::OrganizationPermission;
use auth::view::{Me, OrganizationView};
use auth::{ErrorCode, Field as Name, Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{WantedAct, query};
use super::act::OrganizationAct;
use super::logo::{CHANGE_LOGO, LogoCard, RemoveLogo};
use super::target::Target;
use super::{PATH, refused, slug};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Moment, Notice, OrganizationArea, OrganizationShell, Submit, Tone, provide_zone};

/// Gives an organization another name and slug.
///
/// # Errors
/// A name or a slug that cannot be accepted, or is another one's; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "rename_organization")]
pub async fn rename_organization(
    #[server(default)] organization: String,
    #[server(default)] name: String,
    #[server(default)] slug: String,
) -> Result<(), AppError> {
    server::caller()?;
    let outcome = rename(&organization, &name, &slug).await;
    if outcome.is_err() {
        server::keep_chosen(&[&name, &slug]);
    }
    outcome
}

async fn rename(organization: &str, name: &str, slug: &str) -> Result<(), AppError> {
    let target = Target::of(organization).await?;
    let wanted = RenameForm { name: Some(name.to_owned()), slug: Some(slug.to_owned()) }.parse()?;
    let Target { auth, caller, context, id, .. } = &target;
    flow::rename_organization(auth, caller, id, wanted, context).await?;
    let renamed = flow::show_organization(auth, caller, id, context).await?;
    server::see_other(&format!("{PATH}/{}/settings?note=saved", renamed.slug));
    Ok(())
}

/// Sets the day the organization goes.
///
/// # Errors
/// It was set before; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "delete_organization")]
pub async fn delete_organization(#[server(default)] organization: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Organization(OrganizationAct::Delete { organization }).perform_or_ask().await
}

/// Keeps the organization.
///
/// # Errors
/// Nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "keep_organization")]
pub async fn keep_organization(#[server(default)] organization: String) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    flow::keep_organization(&target.auth, &target.caller, &target.id, &target.context).await?;
    server::see_other(&target.page("/settings?note=kept"));
    Ok(())
}

async fn load(slug: String) -> Result<(Me, OrganizationView), AppError> {
    let (me, organization) = super::load(slug).await?;
    if !organization.may(OrganizationPermission::UpdateOrganization) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok((me, organization))
}

/// The page `/orgs/{slug}/settings`.
#[component]
pub fn OrganizationSettingsPage() -> impl IntoView {
    let asked = slug();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization)) => view! { <Settings me organization/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Settings(me: Me, organization: OrganizationView) -> impl IntoView {
    provide_zone(&me);
    let (renaming, deletion) = (refusal_of(RenameOrganization::PATH), refusal_of(DeleteOrganization::PATH));
    let (picture, not_removed) = (refusal_of(CHANGE_LOGO), refusal_of(RemoveLogo::PATH));
    let is_refused = [&renaming, &deletion, &picture, &not_removed].into_iter().any(Option::is_some);
    let note = note_text(&query("note")).filter(|_| !is_refused);
    let mut typed = if renaming.is_some() { server::chosen() } else { Vec::new() };
    if typed.len() != 2 {
        typed = vec![organization.name.to_string(), organization.slug.to_string()];
    }
    let (name, new_slug) = (typed[0].clone(), typed[1].clone());
    let slug = organization.slug.to_string();
    let shown_in = organization.clone();
    let end = organization.may(OrganizationPermission::DeleteOrganization).then(|| match organization.delete_at {
        Some(at) => view! { <Going at slug=slug.clone()/> }.into_any(),
        None => view! { <Danger slug=slug.clone() name=organization.name.to_string() refusal=deletion/> }.into_any(),
    });
    view! {
        <OrganizationShell
            current=OrganizationArea::Settings title=t("page.organization.settings")
            purpose=t("page.organization_settings.purpose") me organization=shown_in refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <div class="card-grid card-grid-wide">
                <section class="card">
                    <h2>{t("page.organization_settings.names")}</h2>
                    <PostForm action=RenameOrganization::PATH refusal=renaming class="form account-form">
                        <input type="hidden" name="organization" value=slug/>
                        <Field
                            field=Name::Name label=t("ui.name") autocomplete="organization" value=name maxlength=200
                        />
                        <Field
                            field=Name::Slug label=t("ui.slug") autocomplete="off" value=new_slug maxlength=80
                            hint=t("page.organization_settings.slug_hint")
                        />
                        <Submit label=t("page.organization_settings.save")/>
                    </PostForm>
                </section>
                <LogoCard organization refusal=picture not_removed/>
            </div>
            {end}
        </OrganizationShell>
    }
}

#[component]
fn Danger(slug: String, name: String, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t_with("page.organization_settings.delete_title", &[("name", &name)])}</h2>
            <ul class="plain-list">
                <li>{t("page.organization_settings.delete_goes")}</li>
                <li>{t("page.organization_settings.delete_told")}</li>
                <li>{t("page.organization_settings.delete_undo")}</li>
            </ul>
            <PostForm action=DeleteOrganization::PATH refusal class="actions">
                <input type="hidden" name="organization" value=slug/>
                <button type="submit" class="button button-danger">{t("page.organization_settings.delete")}</button>
            </PostForm>
        </section>
    }
}

/// It is to go: when, and the way back.
#[component]
fn Going(at: Timestamp, slug: String) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.organization_settings.going_title")}</h2>
            <p>{t("page.organization_settings.going_text")}" "<strong><Moment at with_time=true/></strong></p>
            <form method="post" action=KeepOrganization::PATH class="actions">
                <input type="hidden" name="organization" value=slug/>
                <button type="submit" class="button button-primary">{t("page.organization_settings.keep")}</button>
            </form>
        </section>
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "saved" => Some(t("page.organization_settings.saved")),
        "deleting" => Some(t("page.organization_settings.deleting")),
        "kept" => Some(t("page.organization_settings.kept")),
        "logo_saved" => Some(t("page.organization_settings.logo_saved")),
        "logo_removed" => Some(t("page.organization_settings.logo_removed")),
        _ => None,
    }
}
