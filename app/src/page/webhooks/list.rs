//! The webhooks there are, and making one.

use auth::flow;
use auth::view::{Me, WebhookEnd, WebhookItem};
use auth::webhook::WebhookKinds;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::form::{Typed, WebhookFields, kinds_issue};
use super::{CreateWebhook, Place, PlaceShell, RemoveWebhook, refusal_text, refused, slug};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::account::query;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Moment, Notice, Submit, Tone, provide_zone};

async fn load(slug: Option<String>) -> Result<(Me, Place, Vec<WebhookItem>), AppError> {
    let (me, place) = Place::of(slug.as_deref()).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let webhooks = flow::list_webhooks(&auth, &caller, &place.owner(), &context).await?;
    Ok((me, place, webhooks))
}

/// The page `/admin/webhooks`.
#[component]
pub fn AdminWebhooksPage() -> impl IntoView {
    page(None)
}

/// The page `/orgs/{slug}/webhooks`.
#[component]
pub fn OrganizationWebhooksPage() -> impl IntoView {
    page(Some(slug().unwrap_or_default()))
}

fn page(slug: Option<String>) -> impl IntoView {
    let loaded = resource(move || slug.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, place, webhooks)) => view! { <Webhooks me place webhooks/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Webhooks(me: Me, place: Place, webhooks: Vec<WebhookItem>) -> impl IntoView {
    provide_zone(&me);
    let create = refusal_of(CreateWebhook::PATH);
    let remove = refusal_of(RemoveWebhook::PATH);
    let is_refused = create.is_some() || remove.is_some();
    let note = match remove {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => (query("note") == "removed" && !is_refused).then(|| (Tone::Ok, t("page.webhooks.removed"))),
    };
    let may_manage = place.may_manage(&me);
    let purpose = match place {
        Place::Platform => t("page.webhooks.purpose"),
        Place::Organization(_) => t("page.webhooks.purpose_organization"),
    };
    let (list_place, new_place) = (place.clone(), place.clone());
    view! {
        <PlaceShell place me title=t("page.webhooks.nav") purpose is_refused>
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <List place=list_place webhooks/>
            {may_manage.then(|| view! { <New place=new_place refusal=create/> })}
        </PlaceShell>
    }
}

#[component]
fn List(place: Place, webhooks: Vec<WebhookItem>) -> impl IntoView {
    if webhooks.is_empty() {
        return view! { <div class="empty"><Icon name="bolt"/><p>{t("page.webhooks.empty")}</p></div> }.into_any();
    }
    let path = place.path();
    let rows = webhooks.into_iter().map(|item| {
        let address = format!("{path}/{}", item.id.as_str());
        let badge = state_badge(&item);
        view! {
            <tr>
                <th scope="row"><a class="webhook-url" href=address>{item.url}</a></th>
                <td>{badge}</td>
                <td>{kind_badges(&item.kinds)}</td>
                <td><Moment at=item.created_at/></td>
            </tr>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.webhooks.nav")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.url")}</th>
                        <th scope="col">{t("page.webhooks.state")}</th>
                        <th scope="col">{t("ui.kinds")}</th>
                        <th scope="col">{t("page.webhooks.made_at")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn New(place: Place, refusal: Option<AppError>) -> impl IntoView {
    let typed = Typed::or(refusal.as_ref(), (String::new(), WebhookKinds::from_text("")));
    let issue = kinds_issue(refusal.as_ref());
    let organization = place.organization();
    view! {
        <section class="card">
            <h2>{t("page.webhooks.new_title")}</h2>
            <PostForm action=CreateWebhook::PATH refusal class="form webhook-form">
                <input type="hidden" name="organization" value=organization/>
                <WebhookFields place typed issue/>
                <Submit label=t("page.webhooks.new_action")/>
            </PostForm>
        </section>
    }
    .into_any()
}

/// Whether a webhook is on, and how it goes, in words.
pub(super) fn state_badge(item: &WebhookItem) -> AnyView {
    let (class, words) = match (item.disabled_reason, item.enabled, item.failing_since) {
        (Some(WebhookEnd::Gone), false, _) => ("badge badge-danger", "page.webhooks.state_gone"),
        (Some(WebhookEnd::Failing), false, _) => ("badge badge-danger", "page.webhooks.state_given_up"),
        (_, false, _) => ("badge", "page.webhooks.state_off"),
        (_, true, Some(_)) => ("badge badge-warn", "page.webhooks.state_failing"),
        (_, true, None) => ("badge badge-ok", "page.webhooks.state_on"),
    };
    view! { <span class=class>{t(words)}</span> }.into_any()
}

/// What a webhook is told of.
pub(super) fn kind_badges(kinds: &WebhookKinds) -> AnyView {
    let names = kinds.iter().map(|name| view! { <li class="badge">{name.to_owned()}</li> });
    view! { <ul class="badges" aria-label=t("ui.kinds")>{names.collect_view()}</ul> }.into_any()
}
