//! One version: its text, what differs from another one, and putting it in force.

use auth::view::{AllowedActs, DiffLine, Me, PolicyVersionItem, PolicyVersionView};
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::changes::Changes;
use super::outcome::{Checked, Outcome};
use super::source::Source;
use super::{EDIT, MANAGE, PATH, Places, WantedAct, id, query, reader, refused, version_name, version_path};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Allowed, Area, Moment, Notice, Shell, Tone, facts, provide_allowed, provide_zone};

/// Puts a version in force, once the person was proved.
///
/// # Errors
/// There is no such version; it changed meanwhile; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "activate_policies")]
pub async fn activate_policies(#[server(default)] version: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::ActivatePolicies { version }.perform_or_ask().await
}

/// Everything that the page shows.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Shown {
    me: Me,
    acts: AllowedActs,
    version: PolicyVersionView,
    /// With which version it is compared, and what differs.
    against: i64,
    changes: Vec<DiffLine>,
    /// What would come of activating it, when that was asked.
    checked: Option<Checked>,
}

async fn load((id, against, is_checked): (String, String, bool)) -> Result<Shown, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    // To who may not see it nothing is there, also at an address that is none.
    let active = flow::list_policy_versions(&auth, &caller, None).await?.active;
    let number = |text: &str| text.parse::<u32>().map(i64::from).map_err(|_| ErrorCode::NotFound);
    let this = number(&id)?;
    let against = if against.is_empty() { other_than(this, active) } else { number(&against)? };
    let version = flow::show_policy_version(&auth, &caller, this).await?;
    let changes = flow::compare_policy_versions(&auth, &caller, against, this).await?;
    let checked = if is_checked && !version.item.is_active {
        Some(flow::preview_policies(&auth, &caller, this).await?.into())
    } else {
        None
    };
    let (me, acts) = reader().await?;
    Ok(Shown { me, acts, version, against, changes, checked })
}

/// What a version is compared with: the one in force; that one with the version before it.
fn other_than(this: i64, active: i64) -> i64 {
    if this == active { (this - 1).max(0) } else { active }
}

/// The page `/admin/policies/versions/{id}`.
#[component]
pub fn PolicyVersionPage() -> impl IntoView {
    let asked = (id(), query("against"), query("check") == "1");
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(shown) => view! { <Version shown/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Version(shown: Shown) -> impl IntoView {
    let Shown { me, acts, version, against, changes, checked } = shown;
    provide_zone(&me);
    provide_allowed(acts);
    let PolicyVersionView { item, text } = version;
    let refusal = refusal_of(ActivatePolicies::PATH);
    let is_refused = refusal.is_some();
    let note = (query("note") == "saved" && !is_refused).then(|| t("page.policy_version.saved"));
    let path = version_path(item.number);
    let compare = path.clone();
    let outcome = checked.map(|checked| view! { <Outcome checked text=text.clone()/> });
    view! {
        <Shell
            current=Area::Policies title=version_name(item.number) purpose=t("page.policy_version.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <Places current=""/>
            {outcome}
            <About item=item.clone()/>
            <section class="card">
                <h2>{t_with("page.policy_version.against", &[("version", &version_name(against))])}</h2>
                <Changes lines=changes/>
                <form method="get" action=compare class="search">
                    <label for="against">{t("page.policy_version.compare_with")}</label>
                    <input
                        class="input" type="text" inputmode="numeric" id="against" name="against"
                        value=against.to_string() maxlength="9" autocomplete="off"
                    />
                    <button type="submit" class="button button-secondary">{t("page.policy_version.compare")}</button>
                </form>
            </section>
            <h2>{t("page.policies.text")}</h2>
            <Source text faults=Vec::new()/>
            <Allowed act=MANAGE>
                <Acts item refusal path/>
            </Allowed>
            <p><a href=PATH>{t("page.policy_version.all")}</a></p>
        </Shell>
    }
}

#[component]
fn About(item: PolicyVersionItem) -> impl IntoView {
    let PolicyVersionItem { number, note, author, created_at, activated_at, is_active, .. } = item;
    let never = || t("page.policy_version.never").into_any();
    let saved = if number > 0 { view! { <Moment at=created_at with_time=true/> }.into_any() } else { never() };
    let activated = match activated_at {
        Some(at) if number > 0 => view! { <Moment at with_time=true/> }.into_any(),
        _ => never(),
    };
    let state = if is_active {
        view! { <span class="badge badge-ok">{t("page.policies.in_force")}</span> }.into_any()
    } else {
        t("page.policy_version.not_in_force").into_any()
    };
    let about = [
        (t("page.policy_version.state").into_any(), state),
        (t("page.policies.note").into_any(), note.into_any()),
        (t("page.policies.author").into_any(), author.unwrap_or_default().into_any()),
        (t("page.policies.saved").into_any(), saved),
        (t("page.policies.last_active").into_any(), activated),
    ];
    view! { <section class="card">{facts(about)}</section> }.into_any()
}

/// What can be done with the version.
#[component]
fn Acts(item: PolicyVersionItem, refusal: Option<AppError>, path: String) -> impl IntoView {
    let PolicyVersionItem { number, is_active, .. } = item;
    let edit = format!("{EDIT}?from={number}");
    let edit = view! { <a class="button button-secondary" href=edit>{t("page.policy_version.edit")}</a> };
    if is_active {
        return view! { <div class="actions">{edit}</div> }.into_any();
    }
    let check = format!("{path}?check=1");
    view! {
        <section class="card">
            <h2>{t("page.policy_version.activate_title")}</h2>
            <p>{t("page.policy_version.activate_text")}</p>
            <PostForm action=ActivatePolicies::PATH refusal class="actions">
                <input type="hidden" name="version" value=number.to_string()/>
                <button type="submit" class="button button-primary">{t("page.policy_version.activate")}</button>
                <a class="button button-secondary" href=check>{t("page.policy_version.check")}</a>
                {edit}
            </PostForm>
        </section>
    }
    .into_any()
}
