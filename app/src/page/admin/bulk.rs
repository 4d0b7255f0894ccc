//! An act on several accounts: to whom it is done and who is left out, before anything is done.

use auth::form::{BulkForm, MOST_AT_ONCE, SuspensionForm, UserFilterForm};
use auth::view::{BulkAct, BulkItem, BulkPreview, LeftOut, LeftOutItem, Me};
use auth::{Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::account::{WantedAct, query};
use super::refused;
use super::suspension_form::{self, SuspensionFields};
use super::user_filters::{self, asked};
use super::wanted_act::AdminAct;
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Notice, Shell, Tone, provide_zone};

/// The page that asks once more.
pub(super) const PATH: &str = "/admin/users/bulk";

/// Does to several accounts what the page showed, once the person was proved.
///
/// # Errors
/// The page is too old; how accounts are suspended cannot be accepted; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "act_on_users")]
pub async fn act_on_users(
    #[server(default)] token: String,
    #[server(default)] until: String,
    #[server(default)] reason: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ReadUsers).await?;
    // Looked at first: nobody is asked for a proof in vain.
    if [&until, &reason, &note].iter().any(|said| !said.is_empty()) {
        suspension_form::read(&until, &reason, &note)?;
    }
    WantedAct::Administer { wanted: AdminAct::ActOnUsers { token, until, reason, note } }.perform_or_ask().await
}

/// What the address asks for: an act, and the accounts or the list it is for.
type Asked = (String, Vec<String>, Option<UserFilterForm>);

async fn load((act, ids, filter): Asked) -> Result<(Me, Result<BulkPreview, AppError>), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ReadUsers).await?;
    let me = auth.me(&caller).await?;
    let form = BulkForm { act, ids, filter, suspension: SuspensionForm::default() };
    match form.parse_choice() {
        Ok(wanted) => Ok((me, Ok(flow::bulk_preview(&auth, &caller, wanted).await?))),
        Err(refusal) => Ok((me, Err(refusal.into()))),
    }
}

/// The page `/admin/users/bulk`.
#[component]
pub fn AdminBulkPage() -> impl IntoView {
    let everybody = query("everybody") == "1";
    let picked = use_query_map().get_untracked().get_all("ids").unwrap_or_default();
    let ids = if everybody { Vec::new() } else { picked };
    let asked = (query("act"), ids, everybody.then(user_filters::asked));
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, Ok(preview))) => view! { <Preview me preview/> }.into_any(),
                    Ok((me, Err(error))) => view! { <Nobody me error/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

/// Nobody was picked, or the address is not one of ours.
#[component]
fn Nobody(me: Me, error: AppError) -> impl IntoView {
    server::set_status(error.code());
    view! {
        <Shell
            current=Area::Users title=t("page.admin_bulk.nobody_title") purpose=t("page.admin_bulk.purpose") me
            refused=true
        >
            <Notice tone=Tone::Danger text=t("page.admin_bulk.nobody")/>
            <div class="actions">
                <a class="button button-secondary" href=back()>{t("page.admin_bulk.back")}</a>
            </div>
        </Shell>
    }
}

#[component]
fn Preview(me: Me, preview: BulkPreview) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(ActOnUsers::PATH);
    let is_refused = refusal.is_some();
    let BulkPreview { token, act, accounts, left_out, is_cut } = preview;
    let most = MOST_AT_ONCE.to_string();
    let cut = is_cut.then(|| {
        let text = t_with("page.admin_bulk.cut", &[("most", &most)]);
        // No `Notice`: that has an id, and what the form is refused with may stand on the same page.
        view! { <div class="notice notice-info" role="status"><Icon name="info"/><p>{text}</p></div> }
    });
    let left_out = (!left_out.is_empty()).then(|| view! { <Left left_out/> });
    let done_to = if accounts.is_empty() {
        view! {
            <Notice tone=Tone::Info text=t("page.admin_bulk.does_nothing")/>
            <div class="actions">
                <a class="button button-secondary" href=back()>{t("page.admin_bulk.back")}</a>
            </div>
        }
        .into_any()
    } else {
        view! { <Confirm act token accounts refusal/> }.into_any()
    };
    view! {
        <Shell
            current=Area::Users title=t(title(act)) purpose=t("page.admin_bulk.purpose") me refused=is_refused
        >
            {cut}
            {done_to}
            {left_out}
        </Shell>
    }
}

/// To whom it is done, and the button.
#[component]
fn Confirm(act: BulkAct, token: String, accounts: Vec<BulkItem>, refusal: Option<AppError>) -> impl IntoView {
    let count = accounts.len().to_string();
    // A few are seen at once; many stand behind their number.
    let is_open = accounts.len() <= 10;
    let rows = accounts.into_iter().map(|BulkItem { id, email }| {
        view! { <li><a href=format!("/admin/users/{}", id.as_str())>{email.to_string()}</a></li> }
    });
    let fields = refusal.clone();
    let suspends = act == BulkAct::Suspend;
    let action = t_with(action(act), &[("count", &count)]);
    view! {
        <section class="card danger-zone">
            <h2>{t_with("page.admin_bulk.accounts", &[("count", &count)])}</h2>
            <p>{t(what(act))}</p>
            <details class="bulk-accounts" open=is_open>
                <summary>{t("page.admin_bulk.show")}</summary>
                <ul class="plain-list">{rows.collect_view()}</ul>
            </details>
            <PostForm action=ActOnUsers::PATH refusal class="form account-form">
                <input type="hidden" name="token" value=token/>
                {suspends.then(|| view! { <SuspensionFields refusal=fields/> })}
                <div class="actions">
                    <button type="submit" class="button button-danger">{action}</button>
                    <a class="button button-secondary" href=back()>{t("page.confirm.cancel")}</a>
                </div>
            </PostForm>
        </section>
    }
    .into_any()
}

/// Who is left out, and why.
#[component]
fn Left(left_out: Vec<LeftOutItem>) -> impl IntoView {
    let count = left_out.len().to_string();
    let rows = left_out.into_iter().map(|LeftOutItem { id, email, why }| {
        let name = email.map_or_else(|| id.0, |email| email.to_string());
        view! { <tr><th scope="row">{name}</th><td>{t(why_key(why))}</td></tr> }
    });
    let title = t_with("page.admin_bulk.left_out", &[("count", &count)]);
    view! {
        <h2>{title.clone()}</h2>
        <div class="table-wrap" tabindex="0" role="region" aria-label=title>
            <table class="table">
                <thead>
                    <tr><th scope="col">{t("ui.email")}</th><th scope="col">{t("page.admin_bulk.why")}</th></tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The list that the accounts were picked from.
fn back() -> String {
    user_filters::address(user_filters::PATH, &asked())
}

/// An act in the list of acts.
pub(super) const fn name(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Suspend => "page.admin_bulk.name_suspend",
        BulkAct::Unsuspend => "page.admin_bulk.name_unsuspend",
        BulkAct::EndSessions => "page.admin_bulk.name_end_sessions",
        BulkAct::SendReset => "page.admin_bulk.name_send_reset",
    }
}

const fn title(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Suspend => "page.admin_bulk.title_suspend",
        BulkAct::Unsuspend => "page.admin_bulk.title_unsuspend",
        BulkAct::EndSessions => "page.admin_bulk.title_end_sessions",
        BulkAct::SendReset => "page.admin_bulk.title_send_reset",
    }
}

const fn what(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Suspend => "page.admin_bulk.what_suspend",
        BulkAct::Unsuspend => "page.admin_bulk.what_unsuspend",
        BulkAct::EndSessions => "page.admin_bulk.what_end_sessions",
        BulkAct::SendReset => "page.admin_bulk.what_send_reset",
    }
}

const fn action(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Suspend => "page.admin_bulk.action_suspend",
        BulkAct::Unsuspend => "page.admin_bulk.action_unsuspend",
        BulkAct::EndSessions => "page.admin_bulk.action_end_sessions",
        BulkAct::SendReset => "page.admin_bulk.action_send_reset",
    }
}

const fn why_key(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Own => "page.admin_bulk.why_own",
        LeftOut::Above => "page.admin_bulk.why_above",
        LeftOut::WrongState => "page.admin_bulk.why_wrong_state",
        LeftOut::LastAdministrator => "page.admin_bulk.why_last_administrator",
        LeftOut::TooSoon => "page.admin_bulk.why_too_soon",
        LeftOut::NotFound => "page.admin_bulk.why_not_found",
    }
}
