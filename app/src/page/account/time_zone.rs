//! The time zone of the profile.

use auth::form::TimeZoneForm;
use auth::time_zone::UTC;
use auth::view::CivilDay;
use auth::{Field as Name, TimeZone, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::error::AppError;
use crate::island::PostForm;
use crate::server;
use crate::text::{issue_text, t, t_with};
use crate::ui::Submit;

/// The parts of the world, in the order of their names in the database, with the keys of ours.
const AREAS: [(&str, &str); 10] = [
    ("Africa", "ui.area_africa"),
    ("America", "ui.area_america"),
    ("Antarctica", "ui.area_antarctica"),
    ("Arctic", "ui.area_arctic"),
    ("Asia", "ui.area_asia"),
    ("Atlantic", "ui.area_atlantic"),
    ("Australia", "ui.area_australia"),
    ("Europe", "ui.area_europe"),
    ("Indian", "ui.area_indian"),
    ("Pacific", "ui.area_pacific"),
];

/// Shows the signed-in person times in another zone.
///
/// # Errors
/// An unknown zone; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_time_zone")]
pub async fn change_time_zone(#[server(default)] time_zone: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let zone = TimeZoneForm { time_zone }.parse()?;
    flow::change_time_zone(&auth, &caller, zone, &context).await?;
    server::see_other("/account?note=time_zone_saved");
    Ok(())
}

/// The card of the time zone: every zone there is, by part of the world.
#[component]
pub(super) fn Zone(zone: Option<TimeZone>, refusal: Option<AppError>) -> impl IntoView {
    let id = Name::TimeZone.as_str();
    let (hint_id, issue_id) = (format!("{id}-hint"), format!("{id}-issue"));
    let issue = refusal.as_ref().and_then(|refusal| refusal.issue(Name::TimeZone)).map(issue_text);
    let described_by = if issue.is_some() { format!("{hint_id} {issue_id}") } else { hint_id.clone() };
    let is_invalid = issue.is_some().then_some("true");
    let civil = CivilDay::in_zone(server::auth().now(), zone.as_ref());
    let now = format!("{} {}", civil.time, civil.zone);
    let chosen = zone.map_or_else(|| UTC.to_owned(), |zone| zone.to_string());
    let groups = AREAS.map(|(area, key)| {
        let places = TimeZone::all().iter().filter(|zone| zone.area() == area);
        let options = places.map(|zone| option(zone.as_str(), zone.place(), &chosen)).collect_view();
        view! { <optgroup label=t(key)>{options}</optgroup> }
    });
    view! {
        <section class="card">
            <h2>{t("page.profile.time_zone")}</h2>
            <PostForm action=ChangeTimeZone::PATH refusal class="form account-form">
                <div class="field">
                    <div class="field-head"><label for=id>{t("ui.time_zone")}</label></div>
                    <select
                        class="input" id=id name=id autocomplete="off" aria-invalid=is_invalid
                        aria-describedby=described_by
                    >
                        {option(UTC, t("page.profile.utc"), &chosen)}
                        {groups.collect_view()}
                    </select>
                    <p class="hint" id=hint_id>{t_with("page.profile.time_zone_hint", &[("now", &now)])}</p>
                    {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
                </div>
                <Submit label=t("page.profile.time_zone_action")/>
            </PostForm>
        </section>
    }
    .into_any()
}

fn option(name: &str, label: String, chosen: &str) -> impl IntoView + use<> {
    let is_chosen = name == chosen;
    view! { <option value=name.to_owned() selected=is_chosen>{label}</option> }
}
