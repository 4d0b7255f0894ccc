//! Making an organization.

use auth::form::OrganizationForm;
use auth::view::Me;
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{PATH, refused};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::session::load_me;
use crate::text::t;
use crate::ui::{Area, Shell, Submit, provide_zone};

/// Makes an organization that the signed-in person owns.
///
/// # Errors
/// A name or a slug that cannot be accepted, or is another one's; too many; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "create_organization")]
pub async fn create_organization(
    #[server(default)] name: String,
    #[server(default)] slug: String,
) -> Result<(), AppError> {
    server::caller()?;
    let outcome = create(&name, &slug).await;
    if outcome.is_err() {
        server::keep_chosen(&[&name, &slug]);
    }
    outcome
}

async fn create(name: &str, slug: &str) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let wanted = OrganizationForm { name: name.to_owned(), slug: slug.to_owned() }.parse()?;
    let id = flow::create_organization(&auth, &caller, wanted, &context).await?;
    let made = flow::show_organization(&auth, &caller, &id, &context).await?;
    server::see_other(&format!("{PATH}/{}?note=created", made.slug));
    Ok(())
}

/// The page `/orgs/new`.
#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    let me = resource(|| (), |()| load_me());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => view! { <NewOrganization me/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn NewOrganization(me: Me) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(CreateOrganization::PATH);
    let is_refused = refusal.is_some();
    let mut typed = if is_refused { server::chosen() } else { Vec::new() };
    typed.resize(2, String::new());
    let (name, slug) = (typed[0].clone(), typed[1].clone());
    view! {
        <Shell
            current=Area::MyOrganizations title=t("page.organizations.new")
            purpose=t("page.organizations.new_purpose") me refused=is_refused
        >
            <section class="card">
                <PostForm action=CreateOrganization::PATH refusal class="form account-form">
                    <Field
                        field=Name::Name label=t("ui.name") autocomplete="organization" value=name maxlength=200
                        hint=t("page.organizations.name_hint")
                    />
                    <Field
                        field=Name::Slug label=t("ui.slug") autocomplete="off" value=slug maxlength=80 is_optional=true
                        hint=t("page.organizations.slug_hint")
                    />
                    <Submit label=t("page.organizations.create")/>
                </PostForm>
            </section>
        </Shell>
    }
}
