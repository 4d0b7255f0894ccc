//! Who one is: the picture, the name, the time zone, the address, the language.

use auth::form::NameForm;
use auth::view::Me;
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::picture::{CHANGE_AVATAR, Picture, RemoveAvatar};
use super::time_zone::{ChangeTimeZone, Zone};
use super::{query, refused};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::session::load_me;
use crate::text::t;
use crate::ui::{Area, Moment, Notice, Shell, Submit, Tone, facts, provide_zone};

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
    let me = resource(|| (), |()| load_me());
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
    provide_zone(&me);
    let refusal = refusal_of(ChangeName::PATH);
    let (zone_refusal, picture_refusal) = (refusal_of(ChangeTimeZone::PATH), refusal_of(CHANGE_AVATAR));
    let not_removed = refusal_of(RemoveAvatar::PATH);
    let is_refused = [&refusal, &zone_refusal, &picture_refusal, &not_removed].into_iter().any(Option::is_some);
    let note = note_text(&query("note")).filter(|_| !is_refused);
    let name = if refusal.is_some() { server::typed().1 } else { me.name.to_string() };
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
    let (picture_of, zone) = (me.clone(), me.time_zone.clone());
    view! {
        <Shell
            current=Area::Profile title=t("page.profile.nav") purpose=t("page.profile.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <div class="card-grid card-grid-wide">
                <Picture me=picture_of refusal=picture_refusal not_removed/>
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
                <Zone zone refusal=zone_refusal/>
                <section class="card"><h2>{t("page.dashboard.account")}</h2>{facts(account)}</section>
            </div>
        </Shell>
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "saved" => Some(t("page.profile.saved")),
        "time_zone_saved" => Some(t("page.profile.time_zone_saved")),
        "picture_saved" => Some(t("page.profile.picture_saved")),
        "picture_removed" => Some(t("page.profile.picture_removed")),
        _ => None,
    }
}
