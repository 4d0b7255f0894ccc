//! Every attack, one a file. Each says what it is, with what it is compared, and runs.

use anyhow::bail;
use auth::weakened::Defence;
use axum::Json;
use serde_json::{Value, json};

use crate::Outcome;
use crate::target::{Setting, Target};

mod cache_deception;
mod cache_poisoning;
mod clickjacking;
mod code_guessing;
mod cookie_tossing;
mod cors;
mod credential_stuffing;
mod csrf_form;
mod csrf_get;
mod csrf_method_override;
mod decompression_bomb;
mod enumeration_by_time;
mod enumeration_by_words;
mod escalation;
mod header_injection;
mod host_header;
mod idor;
mod injected_script;
mod jwt_forgeries;
mod log_injection;
mod mail_injection;
mod mail_scanner;
mod mass_assignment;
mod nested_body;
mod open_redirect;
mod oversized_body;
mod password_guessing;
mod password_spraying;
mod path_traversal;
mod picture_bomb;
mod pre_account_hijacking;
mod race;
mod redos;
mod script_with_cookie;
mod session_fixation;
mod slow_body;
mod sql_injection;
mod sql_injection_second_order;
mod ssrf;
mod stolen_refresh_token;
mod token_replay;
mod web_socket;
mod xss;

/// An attack.
pub struct Attack {
    /// Its name, which is that of its file, and of its section in `docs/attacks.md`.
    pub name: &'static str,
    /// Settings that it needs, as variables.
    pub settings: &'static [Setting],
    /// Where it succeeds.
    pub control: Control,
}

/// What shows that an attack can succeed.
pub enum Control {
    /// The program without this defence.
    Without(Defence),
    /// The program with this setting, which is unsafe.
    With(Setting),
    /// A little service that does what the program does not: `service` of its file.
    Service,
}

/// All attacks, in the order of `docs/attacks.md`.
pub const ALL: &[Attack] = &[
    sql_injection::ATTACK,
    sql_injection_second_order::ATTACK,
    xss::ATTACK,
    injected_script::ATTACK,
    csrf_form::ATTACK,
    csrf_get::ATTACK,
    csrf_method_override::ATTACK,
    script_with_cookie::ATTACK,
    clickjacking::ATTACK,
    cors::ATTACK,
    session_fixation::ATTACK,
    cookie_tossing::ATTACK,
    password_guessing::ATTACK,
    password_spraying::ATTACK,
    credential_stuffing::ATTACK,
    code_guessing::ATTACK,
    enumeration_by_words::ATTACK,
    enumeration_by_time::ATTACK,
    open_redirect::ATTACK,
    host_header::ATTACK,
    header_injection::ATTACK,
    mail_injection::ATTACK,
    ssrf::ATTACK,
    mass_assignment::ATTACK,
    idor::ATTACK,
    escalation::ATTACK,
    jwt_forgeries::ATTACK,
    token_replay::ATTACK,
    stolen_refresh_token::ATTACK,
    pre_account_hijacking::ATTACK,
    race::ATTACK,
    path_traversal::ATTACK,
    picture_bomb::ATTACK,
    decompression_bomb::ATTACK,
    oversized_body::ATTACK,
    nested_body::ATTACK,
    redos::ATTACK,
    slow_body::ATTACK,
    cache_deception::ATTACK,
    cache_poisoning::ATTACK,
    log_injection::ATTACK,
    mail_scanner::ATTACK,
    web_socket::ATTACK,
];

/// Runs an attack.
///
/// # Errors
/// When it could not be tried.
pub async fn run(name: &str, target: &Target) -> anyhow::Result<Outcome> {
    match name {
        "sql_injection" => sql_injection::attack(target).await,
        "sql_injection_second_order" => sql_injection_second_order::attack(target).await,
        "xss" => xss::attack(target).await,
        "injected_script" => injected_script::attack(target).await,
        "csrf_form" => csrf_form::attack(target).await,
        "csrf_get" => csrf_get::attack(target).await,
        "csrf_method_override" => csrf_method_override::attack(target).await,
        "script_with_cookie" => script_with_cookie::attack(target).await,
        "clickjacking" => clickjacking::attack(target).await,
        "cors" => cors::attack(target).await,
        "session_fixation" => session_fixation::attack(target).await,
        "cookie_tossing" => cookie_tossing::attack(target).await,
        "password_guessing" => password_guessing::attack(target).await,
        "password_spraying" => password_spraying::attack(target).await,
        "credential_stuffing" => credential_stuffing::attack(target).await,
        "code_guessing" => code_guessing::attack(target).await,
        "enumeration_by_words" => enumeration_by_words::attack(target).await,
        "enumeration_by_time" => enumeration_by_time::attack(target).await,
        "open_redirect" => open_redirect::attack(target).await,
        "host_header" => host_header::attack(target).await,
        "header_injection" => header_injection::attack(target).await,
        "mail_injection" => mail_injection::attack(target).await,
        "ssrf" => ssrf::attack(target).await,
        "mass_assignment" => mass_assignment::attack(target).await,
        "idor" => idor::attack(target).await,
        "escalation" => escalation::attack(target).await,
        "jwt_forgeries" => jwt_forgeries::attack(target).await,
        "token_replay" => token_replay::attack(target).await,
        "stolen_refresh_token" => stolen_refresh_token::attack(target).await,
        "pre_account_hijacking" => pre_account_hijacking::attack(target).await,
        "race" => race::attack(target).await,
        "path_traversal" => path_traversal::attack(target).await,
        "picture_bomb" => picture_bomb::attack(target).await,
        "decompression_bomb" => decompression_bomb::attack(target).await,
        "oversized_body" => oversized_body::attack(target).await,
        "nested_body" => nested_body::attack(target).await,
        "redos" => redos::attack(target).await,
        "slow_body" => slow_body::attack(target).await,
        "cache_deception" => cache_deception::attack(target).await,
        "cache_poisoning" => cache_poisoning::attack(target).await,
        "log_injection" => log_injection::attack(target).await,
        "mail_scanner" => mail_scanner::attack(target).await,
        "web_socket" => web_socket::attack(target).await,
        other => bail!("there is no attack {other}"),
    }
}

/// The service that is the control of an attack.
///
/// # Errors
/// When it does not start.
pub async fn service(name: &str) -> anyhow::Result<Target> {
    match name {
        "sql_injection" => sql_injection::service().await,
        "sql_injection_second_order" => sql_injection_second_order::service().await,
        "xss" => xss::service().await,
        "csrf_get" => csrf_get::service().await,
        "csrf_method_override" => csrf_method_override::service().await,
        "cors" => cors::service().await,
        "session_fixation" => session_fixation::service().await,
        "enumeration_by_words" => enumeration_by_words::service().await,
        "host_header" => host_header::service().await,
        "header_injection" => header_injection::service().await,
        "mail_injection" => mail_injection::service().await,
        "mass_assignment" => mass_assignment::service().await,
        "pre_account_hijacking" => pre_account_hijacking::service().await,
        "race" => race::service().await,
        "path_traversal" => path_traversal::service().await,
        "decompression_bomb" => decompression_bomb::service().await,
        "nested_body" => nested_body::service().await,
        "redos" => redos::service().await,
        "slow_body" => slow_body::service().await,
        "cache_poisoning" => cache_poisoning::service().await,
        "log_injection" => log_injection::service().await,
        "mail_scanner" => mail_scanner::service().await,
        "web_socket" => web_socket::service().await,
        other => bail!("{other} has no service"),
    }
}

/// The sign-in of a service in which everybody is the same person.
async fn everybody_signs_in() -> ([(&'static str, &'static str); 1], Json<Value>) {
    ([("set-cookie", "__Host-refresh=x")], Json(json!({"access_token": "x"})))
}
