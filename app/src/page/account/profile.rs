//! Who one is: the name, the address, the language.

use auth::form::NameForm;
use auth::view::Me;
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{query, refused};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::server;
use crate::session::load_me;
use crate::text::t;
use crate::ui::{Area, Moment, Notice, Shell, Submit, Tone, facts};

/// Gives the signed-in person another name.
///
/// # Errors
/// A name that cannot be accepted; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_name")]
pub async fn change_name(#[server(default)] name: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    server::keep_typed("", &name);
    let name = NameForm { name }.parse()?;
    flow::change_name(&auth, &caller, name, &context).await?;
    server::see_other("/account?note=saved");
    Ok(())
}

/// The page `/account`.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let me = Resource::new_blocking(|| (), |()| load_me());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => view! { <Profile me/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Profile(me: Me) -> impl IntoView {
    let refusal = refusal_of(ChangeName::PATH);
    let is_refused = refusal.is_some();
    let is_saved = !is_refused && query("note") == "saved";
    let name = if is_refused { server::typed().1 } else { me.name.to_string() };
    // The badge stands by the term: beside an address it would wrap as soon as that is long.
    let email = view! { {t("ui.email")}" "<span class="badge badge-ok">{t("page.dashboard.verified")}</span> };
    let language = view! {
        <span lang=me.locale.tag()>{me.locale.own_name()}</span>
        <a class="fact-link" href="#language">{t("page.profile.change_language")}</a>
    };
    let address = view! {
        <span>{me.email.to_string()}</span>
        <a class="fact-link" href="/account/email">{t("page.profile.change_email")}</a>
    };
    let account = [
        (email.into_any(), address.into_any()),
        (t("page.dashboard.member_since").into_any(), view! { <Moment at=me.created_at/> }.into_any()),
        (t("ui.language").into_any(), language.into_any()),
    ];
    view! {
        <Shell
            current=Area::Profile title=t("page.profile.nav") purpose=t("page.profile.purpose") me
            refused=is_refused
        >
            {is_saved.then(|| view! { <Notice tone=Tone::Ok text=t("page.profile.saved")/> })}
            <div class="card-grid">
                <section class="card">
                    <h2>{t("page.profile.name")}</h2>
                    <PostForm action=ChangeName::PATH refusal class="form account-form">
                        <Field
                            field=Name::Name label=t("ui.name") autocomplete="name" value=name maxlength=200
                            hint=t("page.profile.name_hint")
                        />
                        <Submit label=t("page.profile.action")/>
                    </PostForm>
                </section>
                <section class="card"><h2>{t("page.dashboard.account")}</h2>{facts(account)}</section>
            </div>
        </Shell>
    }
}
