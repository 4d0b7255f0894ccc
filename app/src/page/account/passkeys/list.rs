//! The passkeys there are, naming and removing them.

use auth::view::PasskeyItem;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{RemovePasskey, RenamePasskey};
use crate::text::t;
use crate::ui::{Icon, Moment};

/// Nothing yet: what a passkey is and does.
#[component]
pub(super) fn Empty() -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="passkey"/>
            <p>{t("page.passkeys.empty")}</p>
        </div>
    }
}

#[component]
pub(super) fn List(passkeys: Vec<PasskeyItem>) -> impl IntoView {
    let is_last = passkeys.len() == 1;
    view! {
        <ul class="devices">
            {passkeys.into_iter().map(|item| view! { <Passkey item is_last/> }).collect_view()}
        </ul>
    }
}

#[component]
fn Passkey(item: PasskeyItem, is_last: bool) -> impl IntoView {
    let (id, name) = (item.id.as_str().to_owned(), item.name.to_string());
    let (heading, field) = (format!("passkey-{id}"), format!("passkey-name-{id}"));
    let used = match item.last_used_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.passkeys.never_used").into_any(),
    };
    let warning = item.counter_regressed_at.map(|at| {
        view! {
            <p class="notice notice-warn">
                <Icon name="alert"/>
                <span>{t("page.passkeys.counter_regressed")}" "<Moment at with_time=true/></span>
            </p>
        }
    });
    // What it was made by, where its owner calls it something else.
    let maker = item.authenticator.filter(|maker| *maker != name);
    let (kept, about) = if item.is_synced {
        (t("page.passkeys.synced"), t("page.passkeys.synced_text"))
    } else {
        (t("page.passkeys.device_bound"), t("page.passkeys.device_bound_text"))
    };
    let facts = [
        (t("page.passkeys.created"), view! { <Moment at=item.created_at/> }.into_any()),
        (t("page.passkeys.last_used"), used),
        (t("page.passkeys.kept"), view! { {kept}" "<span class="muted">{about}</span> }.into_any()),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    let remove_text = if is_last { t("page.passkeys.remove_last_text") } else { t("page.passkeys.remove_text") };
    view! {
        <li class="card device">
            <div class="device-head">
                <Icon name="passkey"/>
                <h2 id=heading.clone()>{name.clone()}</h2>
                {maker.map(|maker| view! { <span class="muted">{maker}</span> })}
            </div>
            {warning}
            <dl class="device-facts">{rows.collect_view()}</dl>
            <div class="passkey-acts">
                <details class="revoke">
                    <summary aria-describedby=heading.clone()>{t("page.passkeys.rename")}</summary>
                    <form method="post" action=RenamePasskey::PATH class="passkey-name">
                        <input type="hidden" name="id" value=id.clone()/>
                        <div class="field">
                            <label for=field.clone()>{t("ui.name")}</label>
                            <input
                                class="input" id=field name="name" type="text" value=name autocomplete="off"
                                maxlength="80" required
                            />
                        </div>
                        <button type="submit" class="button button-secondary button-small">
                            {t("page.passkeys.rename_action")}
                        </button>
                    </form>
                </details>
                <details class="revoke">
                    <summary aria-describedby=heading.clone()>{t("page.passkeys.remove")}</summary>
                    <form method="post" action=RemovePasskey::PATH>
                        <p>{remove_text}</p>
                        <input type="hidden" name="id" value=id/>
                        <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                            {t("page.passkeys.remove_action")}
                        </button>
                    </form>
                </details>
            </div>
        </li>
    }
}
