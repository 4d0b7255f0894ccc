//! One's own data: everything that is known in one file, and the end of the account.

use auth::form::ExportFormat;
use auth::view::Me;
use auth::{Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Meta;

use super::wanted_act::WantedAct;
use super::{query, refused};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::session::load_me;
use crate::text::{t, t_with};
use crate::ui::{Area, Moment, Notice, Shell, Tone, provide_zone};

/// Leads to the file, once the person was proved.
///
/// # Errors
/// A format that is not known; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "export_data")]
pub async fn export_data(#[server(default)] format: String) -> Result<(), AppError> {
    server::caller()?;
    ExportFormat::parse(&format)?;
    WantedAct::ExportData { format }.perform_or_ask().await
}

/// Sets the day the account goes.
///
/// # Errors
/// It was set before; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "delete_account")]
pub async fn delete_account() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::DeleteAccount.perform_or_ask().await
}

/// Keeps the account.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "keep_account")]
pub async fn keep_account() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::keep_account(&auth, &caller, &context).await?;
    server::see_other("/account/data?note=kept");
    Ok(())
}

/// The page `/account/data`.
#[component]
pub fn DataPage() -> impl IntoView {
    let me = resource(|| (), |()| load_me());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => view! { <Data me/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Data(me: Me) -> impl IntoView {
    provide_zone(&me);
    let (export, deletion) = (refusal_of(ExportData::PATH), refusal_of(DeleteAccount::PATH));
    let is_refused = export.is_some() || deletion.is_some();
    let download = ExportFormat::parse(&query("download")).ok().filter(|_| !is_refused);
    let note = note_text(&query("note"), &me).filter(|_| !is_refused);
    let delete_at = me.delete_at;
    view! {
        <Shell current=Area::Data title=t("page.data.nav") purpose=t("page.data.purpose") me refused=is_refused>
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            {download.map(|format| view! { <Download format/> })}
            <section class="card">
                <h2>{t("page.data.export_title")}</h2>
                <p>{t("page.data.export_text")}</p>
                <div class="actions">
                    <ExportButton format=ExportFormat::Html label=t("page.data.export_html") refusal=export/>
                    <ExportButton format=ExportFormat::Json label=t("page.data.export_json") refusal=None/>
                </div>
            </section>
            {match delete_at {
                Some(at) => view! { <Going at/> }.into_any(),
                None => view! { <Danger refusal=deletion/> }.into_any(),
            }}
        </Shell>
    }
}

#[component]
fn ExportButton(format: ExportFormat, label: String, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <PostForm action=ExportData::PATH refusal class="">
            <input type="hidden" name="format" value=format.as_str()/>
            <button type="submit" class="button button-secondary">{label}</button>
        </PostForm>
    }
}

/// The download begins by itself; the page stays. At once: a refresh that waits counts as one that
/// surprises (WCAG 2.2, technique F41).
#[component]
fn Download(format: ExportFormat) -> impl IntoView {
    let path = format!("/account/data/export?format={}", format.as_str());
    view! {
        <Meta http_equiv="refresh" content=format!("0;url={path}")/>
        <Notice tone=Tone::Ok text=t("page.data.ready")>
            <p><a href=path>{t("page.data.download")}</a></p>
        </Notice>
    }
}

#[component]
fn Danger(refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.data.delete_title")}</h2>
            <p>{t("page.data.delete_text")}</p>
            <ul class="plain-list">
                <li>{t("page.data.delete_goes")}</li>
                <li>{t("page.data.delete_stays")}</li>
                <li>{t("page.data.delete_undo")}</li>
            </ul>
            <PostForm action=DeleteAccount::PATH refusal class="actions">
                <button type="submit" class="button button-danger">{t("page.data.delete_action")}</button>
            </PostForm>
        </section>
    }
}

/// The account is to go: when, and the way back.
#[component]
fn Going(at: Timestamp) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.data.going_title")}</h2>
            <p>{t("page.data.going_text")}" "<strong><Moment at with_time=true/></strong></p>
            <form method="post" action=KeepAccount::PATH class="actions">
                <button type="submit" class="button button-primary">{t("page.data.keep_action")}</button>
            </form>
        </section>
    }
}

fn note_text(note: &str, me: &Me) -> Option<String> {
    match note {
        "deleting" => Some(t_with("page.data.deleting", &[("email", me.email.as_str())])),
        "kept" => Some(t("page.data.kept")),
        _ => None,
    }
}
