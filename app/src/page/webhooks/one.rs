//! One webhook: how it goes, what it was told, and everything that can be done with it.

use auth::view::{DeliveryItem, DeliveryState, DeliveryView, Me, WebhookItem};
use auth::{Cursor, ErrorCode, Page, Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::deliveries::Deliveries;
use super::delivery::Delivery;
use super::form::{Typed, WebhookFields, kinds_issue};
use super::list::{kind_badges, state_badge};
use super::{
    ChangeWebhook, Place, PlaceShell, RemoveWebhook, ReplayWebhookDelivery, RotateWebhookSecret, SwitchWebhook,
    TestWebhook, refusal_text, refused, slug,
};
use crate::error::AppError;
use crate::island::{CopyButton, PostForm, refusal_of};
use crate::page::account::{after, query};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Moment, Notice, Submit, Tone, facts, provide_zone};

/// The element that shows a secret, for the button that copies it.
const MADE_ID: &str = "made-webhook";

/// What an address asks for.
#[derive(Clone, PartialEq)]
struct Asked {
    slug: Option<String>,
    id: String,
    state: String,
    after: Option<Cursor>,
    delivery: String,
}

/// What is shown.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    me: Me,
    place: Place,
    webhook: WebhookItem,
    list: Result<Page<DeliveryItem>, AppError>,
    delivery: Option<DeliveryView>,
}

async fn load(asked: Asked) -> Result<Shown, AppError> {
    let Asked { slug, id, state, after, delivery } = asked;
    let (me, place) = Place::of(slug.as_deref()).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = place.owner();
    let webhook = flow::show_webhook(&auth, &caller, &owner, &id, &context).await.map_err(AppError::from);
    // An id that is none is an address where nothing is.
    let webhook = webhook.map_err(|error| match error.code() {
        ErrorCode::MalformedRequest => ErrorCode::NotFound.into(),
        _ => error,
    })?;
    let list = match (state.as_str(), DeliveryState::parse(&state)) {
        ("", _) | (_, Some(_)) => {
            let state = DeliveryState::parse(&state);
            flow::list_deliveries(&auth, &caller, &owner, &id, state, after, &context).await.map_err(AppError::from)
        }
        (_, None) => Err(ErrorCode::MalformedRequest.into()),
    };
    let delivery = if delivery.is_empty() {
        None
    } else {
        flow::show_delivery(&auth, &caller, &owner, (&id, &delivery), &context).await.ok()
    };
    Ok(Shown { me, place, webhook, list, delivery })
}

/// The page `/admin/webhooks/{id}`.
#[component]
pub fn AdminWebhookPage() -> impl IntoView {
    page(None)
}

/// The page `/orgs/{slug}/webhooks/{id}`.
#[component]
pub fn OrganizationWebhookPage() -> impl IntoView {
    page(Some(slug().unwrap_or_default()))
}

fn page(slug: Option<String>) -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let asked = Asked { slug, id, state: query("state"), after: after(), delivery: query("delivery") };
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(shown) => view! { <Webhook shown/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Webhook(shown: Shown) -> impl IntoView {
    let Shown { me, place, webhook, list, delivery } = shown;
    provide_zone(&me);
    let change = refusal_of(ChangeWebhook::PATH);
    let act = [
        SwitchWebhook::PATH,
        RotateWebhookSecret::PATH,
        RemoveWebhook::PATH,
        TestWebhook::PATH,
        ReplayWebhookDelivery::PATH,
    ];
    let act = act.into_iter().find_map(refusal_of);
    let is_refused = change.is_some() || act.is_some() || list.is_err();
    let note = match act {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let may_manage = place.may_manage(&me);
    let path = format!("{}/{}", place.path(), webhook.id.as_str());
    let (tools_place, tools_webhook) = (place.clone(), webhook.clone());
    let (list_place, replayable) = (place.clone(), may_manage && webhook.enabled);
    let id = webhook.id.clone();
    view! {
        <PlaceShell place me title=t("page.webhooks.one") purpose=t("page.webhooks.one_purpose") is_refused>
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {take_made().map(|secret| view! { <Made secret/> })}
            <About webhook/>
            {delivery.map(|shown| view! { <Delivery shown back=path.clone()/> })}
            <Deliveries place=list_place webhook=id list path replayable/>
            {may_manage.then(|| view! { <Tools place=tools_place webhook=tools_webhook change/> })}
        </PlaceShell>
    }
}

#[component]
fn About(webhook: WebhookItem) -> impl IntoView {
    let none = || t("page.webhooks.none").into_any();
    let moment = |at: Option<Timestamp>| match at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => none(),
    };
    let about = [
        (t("ui.url").into_any(), view! { <code class="webhook-url">{webhook.url.clone()}</code> }.into_any()),
        (t("page.webhooks.state").into_any(), state_badge(&webhook)),
        (t("ui.kinds").into_any(), kind_badges(&webhook.kinds)),
        (t("page.webhooks.failing_since").into_any(), moment(webhook.failing_since)),
        (t("page.webhooks.disabled_at").into_any(), moment(webhook.disabled_at)),
        (t("page.webhooks.old_secret").into_any(), moment(webhook.old_secret_until)),
        (t("page.webhooks.made_at").into_any(), moment(Some(webhook.created_at))),
    ];
    view! { <section class="card"><h2>{t("page.webhooks.about")}</h2>{facts(about)}</section> }.into_any()
}

/// Testing, changing, switching, another secret, and the end.
#[component]
fn Tools(place: Place, webhook: WebhookItem, change: Option<AppError>) -> impl IntoView {
    let (organization, id) = (place.organization(), webhook.id.as_str().to_owned());
    let hidden = move || {
        view! {
            <input type="hidden" name="organization" value=organization.clone()/>
            <input type="hidden" name="webhook" value=id.clone()/>
        }
    };
    let (hidden_test, hidden_change, hidden_rotate) = (hidden.clone(), hidden.clone(), hidden.clone());
    let hidden_switch = hidden.clone();
    let typed = Typed::or(change.as_ref(), (webhook.url, webhook.kinds));
    let issue = kinds_issue(change.as_ref());
    let (state, switch_text, switch_action) = if webhook.enabled {
        ("off", "page.webhooks.switch_off_text", "page.webhooks.switch_off")
    } else {
        ("on", "page.webhooks.switch_on_text", "page.webhooks.switch_on")
    };
    view! {
        {webhook.enabled.then(|| view! {
            <section class="card">
                <h2>{t("page.webhooks.test_title")}</h2>
                <p>{t("page.webhooks.test_text")}</p>
                <form method="post" action=TestWebhook::PATH class="actions">
                    {hidden_test()}
                    <button type="submit" class="button button-primary">{t("page.webhooks.test_action")}</button>
                </form>
            </section>
        })}
        <section class="card">
            <h2>{t("page.webhooks.change_title")}</h2>
            <PostForm action=ChangeWebhook::PATH refusal=change class="form webhook-form">
                {hidden_change()}
                <WebhookFields place typed issue/>
                <Submit label=t("page.webhooks.change_action")/>
            </PostForm>
        </section>
        <section class="card">
            <h2>{t("page.webhooks.rotate_title")}</h2>
            <p>{t("page.webhooks.rotate_text")}</p>
            <form method="post" action=RotateWebhookSecret::PATH class="actions">
                {hidden_rotate()}
                <button type="submit" class="button button-secondary">{t("page.webhooks.rotate_action")}</button>
            </form>
        </section>
        <section class="card danger-zone">
            <h2>{t("page.webhooks.end_title")}</h2>
            <p>{t(switch_text)}</p>
            <form method="post" action=SwitchWebhook::PATH class="actions">
                {hidden_switch()}
                <input type="hidden" name="state" value=state/>
                <button type="submit" class="button button-secondary">{t(switch_action)}</button>
            </form>
            <details class="revoke">
                <summary>{t("page.webhooks.remove")}</summary>
                <form method="post" action=RemoveWebhook::PATH>
                    <p>{t("page.webhooks.remove_text")}</p>
                    {hidden()}
                    <button type="submit" class="button button-danger button-small">
                        {t("page.webhooks.remove_action")}
                    </button>
                </form>
            </details>
        </section>
    }
    .into_any()
}

/// The secret that was made a moment ago, once: the cookie that carries it goes with this answer.
fn take_made() -> Option<SecretString> {
    let sealed = server::take_cookie(server::MADE_WEBHOOK_COOKIE)?;
    flow::open_shown_once(&server::auth(), &server::caller().ok()?, &sealed)
}

/// The secret, to be copied now or never. Not given to the island: what is given travels twice.
#[component]
fn Made(secret: SecretString) -> impl IntoView {
    view! {
        <Notice tone=Tone::Ok text=t("page.webhooks.made")>
            <p class="made-token">
                <code class="code" id=MADE_ID>{secret.expose_secret().to_owned()}</code>
                <CopyButton
                    of=MADE_ID label=t("page.tokens.copy") copied=t("page.tokens.copied")
                    failed=t("page.webhooks.copy_failed")
                />
            </p>
        </Notice>
    }
}

fn note_text(note: &str) -> Option<String> {
    let key = match note {
        "changed" => "page.webhooks.changed",
        "on" => "page.webhooks.switched_on",
        "off" => "page.webhooks.switched_off",
        "tested" => "page.webhooks.tested",
        "replayed" => "page.webhooks.replayed",
        _ => return None,
    };
    Some(t(key))
}
