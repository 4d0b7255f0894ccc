//! What is known of a person as a page of its own, to be kept: readable, and with the same data for
//! programs inside. It needs nothing from this site.

use auth::text::event_text;
use auth::view::{CivilDay, PersonalData, SessionRecord, TokenRecord, TrustedDeviceRecord};
use auth::{Locale, Timestamp};
use leptos::prelude::*;

use super::account::device_text;
use crate::text::{provide_locale, t};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{text-align:start;padding:.375rem .75rem .375rem 0;\
border-bottom:1px solid #8884;vertical-align:top}h2{margin-top:2.5rem}";

/// The file as HTML.
pub fn personal_data_file(data: &PersonalData, locale: Locale) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(locale);
        provide_locale();
        // Nothing in it may end the element around it.
        let json = data.to_json().to_string().replace('<', "\\u003c");
        let me = &data.me;
        let facts = [
            (t("ui.name"), me.name.to_string()),
            (t("ui.email"), me.email.to_string()),
            (t("ui.language"), me.locale.own_name().to_owned()),
            (t("page.dashboard.member_since"), moment(me.created_at)),
            (t("page.authenticator.title"), data.totp_since.map(moment).unwrap_or_default()),
            (t("page.recovery_codes.title"), data.recovery_codes.left.to_string()),
        ];
        let facts = facts.map(|(term, fact)| view! { <tr><th scope="row">{term}</th><td>{fact}</td></tr> });
        let sessions = data.sessions.iter().map(|session| {
            row([
                device_text(&session.device),
                addresses(session),
                moment(session.signed_in_at),
                session.ended_at.map(moment).unwrap_or_default(),
            ])
        });
        let tokens = data.tokens.iter().map(|TokenRecord { token, revoked_at }| {
            row([
                token.name.to_string(),
                token.scopes.to_text(),
                moment(token.created_at),
                token.expires_at.map(moment).unwrap_or_default(),
                token.last_used_at.map(moment).unwrap_or_default(),
                revoked_at.map(moment).unwrap_or_default(),
            ])
        });
        let trusted = data.trusted_devices.iter().map(|TrustedDeviceRecord { device, revoked_at }| {
            row([
                device_text(&device.device),
                device.address.clone(),
                moment(device.trusted_at),
                moment(device.expires_at),
                revoked_at.map(moment).unwrap_or_default(),
            ])
        });
        let numbers = data.phone_numbers.iter().map(|phone| {
            row([
                phone.number.to_string(),
                phone.asked_at.map(moment).unwrap_or_default(),
                phone.proved_at.map(moment).unwrap_or_default(),
            ])
        });
        let connections = data.connections.iter().map(|connection| {
            row([
                connection.provider.to_string(),
                connection.email.as_ref().map(ToString::to_string).unwrap_or_default(),
                connection.subject.clone(),
                moment(connection.connected_at),
                connection.last_used_at.map(moment).unwrap_or_default(),
            ])
        });
        let organizations = data.organizations.iter().map(|organization| {
            row([
                organization.name.to_string(),
                organization.role_name.clone(),
                organization.department.clone().unwrap_or_default(),
                moment(organization.joined_at),
            ])
        });
        let changes = data.email_changes.iter().map(|change| {
            row([
                change.old_email.to_string(),
                change.new_email.to_string(),
                moment(change.requested_at),
                change.confirmed_at.map(moment).unwrap_or_default(),
            ])
        });
        let activity = data.activity.iter().map(|event| {
            row([moment(event.at), event_text(locale, event.kind), device_text(&event.device), event.address.clone()])
        });
        let document = view! {
            <html lang=locale.tag()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title inner_html=t("page.data.file_title")></title>
                    <style inner_html=STYLE></style>
                </head>
                <body>
                    <h1>{t("page.data.file_title")}</h1>
                    <p>{moment(data.at)}</p>
                    {data.picture.clone().map(|picture| view! { <img src=picture alt="" width="96" height="96"/> })}
                    <h2>{t("page.dashboard.account")}</h2>
                    <table>{facts.collect_view()}</table>
                    <h2>{t("page.devices.nav")}</h2>
                    <table>{sessions.collect_view()}</table>
                    <h2>{t("page.trusted_devices.title")}</h2>
                    <table>{trusted.collect_view()}</table>
                    <h2>{t("page.tokens.nav")}</h2>
                    <table>{tokens.collect_view()}</table>
                    <h2>{t("page.data.connections")}</h2>
                    <table>{connections.collect_view()}</table>
                    <h2>{t("ui.phone_number")}</h2>
                    <table>{numbers.collect_view()}</table>
                    <h2>{t("page.activity.organization")}</h2>
                    <table>{organizations.collect_view()}</table>
                    <h2>{t("page.email.title")}</h2>
                    <table>{changes.collect_view()}</table>
                    <h2>{t("page.activity.nav")}</h2>
                    <table>{activity.collect_view()}</table>
                    <script type="application/json" id="data" inner_html=json></script>
                </body>
            </html>
        };
        format!("<!DOCTYPE html>{}", document.to_html())
    })
}

/// Where a session signed in, and from where else it was used.
fn addresses(session: &SessionRecord) -> String {
    let elsewhere = session.elsewhere.iter().filter_map(|origin| origin.address.clone());
    let mut all: Vec<String> = elsewhere.filter(|address| !address.is_empty() && *address != session.address).collect();
    all.sort_unstable();
    all.dedup();
    all.insert(0, session.address.clone());
    all.join(", ")
}

fn row<const N: usize>(cells: [String; N]) -> impl IntoView {
    view! { <tr>{cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
}

fn moment(at: Timestamp) -> String {
    CivilDay::of(at).iso
}
