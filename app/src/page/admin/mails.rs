//! Mails and SMS on their way, and those that could not be delivered. What is in them is never shown.

use auth::view::{MailItem, MailState, Me};
use auth::{Cursor, ErrorCode, Page, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{NoList, after, query};
use super::refused;
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Moment, Notice, Paging, Shell, Tone, provide_zone};

const PATH: &str = "/admin/mails";

/// Sends a mail once more.
///
/// # Errors
/// Its link is over; it was sent, or is on its way; there is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "admin_resend_mail")]
pub async fn admin_resend_mail(#[server(default)] mail: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::resend_mail(&auth, &caller, &mail, &context).await?;
    server::see_other("/admin/mails?note=resent");
    Ok(())
}

/// Drops a mail that was not sent.
///
/// # Errors
/// It was sent, or is on its way; there is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "admin_drop_mail")]
pub async fn admin_drop_mail(#[server(default)] mail: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::drop_mail(&auth, &caller, &mail, &context).await?;
    server::see_other("/admin/mails?note=dropped");
    Ok(())
}

/// Who asks, and a page of the list.
type Found = (Me, Result<Page<MailItem>, AppError>);

async fn load((state, after): (String, Option<Cursor>)) -> Result<Found, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    // Whether it may be seen comes before what is wrong with the address.
    flow::require_permission(&auth, &caller, Permission::ReadMails).await?;
    let me = auth.me(&caller).await?;
    let wanted = MailState::parse(&state);
    if wanted.is_none() && !state.is_empty() {
        return Ok((me, Err(ErrorCode::MalformedRequest.into())));
    }
    let list = flow::list_mails(&auth, &caller, wanted, after).await;
    Ok((me, list.map_err(AppError::from)))
}

/// The page `/admin/mails`.
#[component]
pub fn AdminMailsPage() -> impl IntoView {
    let asked = (query("state"), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Mails me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Mails(me: Me, list: Result<Page<MailItem>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(AdminResendMail::PATH).or_else(|| refusal_of(AdminDropMail::PATH));
    let is_refused = refusal.is_some() || list.is_err();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let may_act = me.role.grants(Permission::ResendMails);
    let chosen = MailState::parse(&query("state"));
    let filters = std::iter::once(None).chain(MailState::ALL.map(Some)).map(move |state| {
        let is_chosen = state == chosen;
        let words = state.map_or("page.mails.all", state_key);
        view! { <li><a href=list_path(state) aria-current=is_chosen.then_some("true")>{t(words)}</a></li> }
    });
    let list = match list {
        Ok(page) => view! { <List page chosen may_act/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Mails title=t("page.mails.nav") purpose=t("page.mails.purpose") me refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <nav class="filters" aria-label=t("page.mails.filters")><ul>{filters.collect_view()}</ul></nav>
            {list}
        </Shell>
    }
}

#[component]
fn List(page: Page<MailItem>, chosen: Option<MailState>, may_act: bool) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        let words = match chosen {
            Some(MailState::Dead) => "page.mails.none_dead",
            _ => "page.mails.none",
        };
        return view! { <div class="empty"><Icon name="mail"/><p>{t(words)}</p></div> }.into_any();
    }
    let rows = items.into_iter().map(|item| view! { <Mail item may_act/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.mails.nav")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.mails.kind")}</th>
                        <th scope="col">{t("page.mails.recipient")}</th>
                        <th scope="col">{t("page.mails.state")}</th>
                        <th scope="col">{t("page.mails.promised")}</th>
                        <th scope="col">{t("page.mails.attempts")}</th>
                        <th scope="col">{t("page.mails.last_error")}</th>
                        <th scope="col"><span class="visually-hidden">{t("page.mails.acts")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list=list_path(chosen) next is_first=after().is_none()/>
    }
    .into_any()
}

#[component]
fn Mail(item: MailItem, may_act: bool) -> impl IntoView {
    let (kind, standing) = (kind_text(item.kind.as_deref()), standing(&item));
    let MailItem { id, recipient, state, attempts, last_error, created_at, is_outdated, .. } = item;
    let heading = format!("mail-{}", id.as_str());
    let acts = (may_act && state != MailState::Sent).then(|| acts(id.0, heading.clone(), is_outdated));
    view! {
        <tr>
            <th scope="row" id=heading>{kind}</th>
            <td>{recipient.unwrap_or_else(|| t("page.mails.unknown"))}</td>
            <td>{standing}</td>
            <td><Moment at=created_at with_time=true/></td>
            <td>{attempts}</td>
            <td class="webhook-answer">{last_error.unwrap_or_else(|| t("page.webhooks.none"))}</td>
            <td>{acts}</td>
        </tr>
    }
    .into_any()
}

/// Sending it again, where that helps anybody; and dropping it.
fn acts(id: String, heading: String, is_outdated: bool) -> AnyView {
    let resend = if is_outdated {
        view! { <p class="muted">{t("page.mails.outdated")}</p> }.into_any()
    } else {
        view! {
            <form method="post" action=AdminResendMail::PATH>
                <input type="hidden" name="mail" value=id.clone()/>
                <button type="submit" class="button button-secondary button-small" aria-describedby=heading.clone()>
                    {t("page.mails.resend")}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="mail-acts">
            {resend}
            <form method="post" action=AdminDropMail::PATH>
                <input type="hidden" name="mail" value=id/>
                <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                    {t("page.mails.drop")}
                </button>
            </form>
        </div>
    }
    .into_any()
}

/// What a mail is for, by the name that programs give it.
pub(super) fn kind_text(kind: Option<&str>) -> AnyView {
    match kind {
        Some(kind) => view! { <code>{kind.to_owned()}</code> }.into_any(),
        None => t("page.mails.unknown").into_any(),
    }
}

/// What becomes of a mail, in words, and when it is tried again or ended.
pub(super) fn standing(item: &MailItem) -> AnyView {
    let class = match item.state {
        MailState::Waiting => "badge badge-warn",
        MailState::Sent => "badge badge-ok",
        MailState::Dead => "badge badge-danger",
    };
    let when = item.next_at.filter(|_| item.attempts > 0).or(item.ended_at).map(|at| {
        view! { <span class="muted next-attempt"><Moment at with_time=true/></span> }
    });
    view! { <span class=class>{t(state_key(item.state))}</span>{when} }.into_any()
}

const fn state_key(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "page.mails.waiting",
        MailState::Sent => "page.mails.sent",
        MailState::Dead => "page.mails.dead",
    }
}

fn list_path(state: Option<MailState>) -> String {
    state.map_or_else(|| PATH.to_owned(), |state| format!("{PATH}?state={}", state.as_str()))
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.mails.not_found"),
        ErrorCode::LinkExpired => t("page.mails.outdated_text"),
        ErrorCode::WrongState => t("page.mails.wrong_state"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "resent" => Some(t("page.mails.resent")),
        "dropped" => Some(t("page.mails.dropped")),
        _ => None,
    }
}
