//! Who may use what: every route of REST, every server function and every page, as somebody of every role, in one's own
//! and in somebody else's organization.
//!
//! `who_may/rules.txt` says for each who may. What everybody hears follows from it by [`Role::grants`] and the
//! permissions of the roles; `who_may/table.tsv` is that as a table, to be read. A route without a rule fails here, and
//! so does a rule without a route. `KEYWRIGHT_UPDATE_TABLE=1 cargo test who_may` writes the table anew.
//!
//! [`Role::grants`]: auth::Role::grants

mod rules;
mod world;

use crate::bad_input::calls;
use crate::support::{self, TestApp};
use auth::Role;
use auth::organization::BuiltInRole;
use axum::http::StatusCode;
use rules::{Answer, Part, Rule, Who, rules};
use serde_json::{Map, Value, json};
use server::router::page_paths;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use world::{Ids, Template, UNKNOWN, World};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/who_may/table.tsv");
/// Routes to which an id of the wrong kind names nothing: most are of before the rule that it is malformed.
const OLDER: [&str; 4] =
    ["/api/v1/admin/users/", "/api/v1/admin/sessions/", "/api/v1/admin/keys/", "/api/v1/admin/policies/cases/"];

/// What is there: method and path.
async fn routes() -> BTreeSet<(String, String)> {
    let app = TestApp::start().await;
    let document = app.get("/api/v1/openapi.json", "").await.value();
    let mut routes = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        routes.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let functions = leptos::server_fn::axum::server_fn_paths();
    routes.extend(functions.map(|(path, _)| ("FORM".to_owned(), path.to_owned())));
    routes.extend(page_paths().map(|page| ("PAGE".to_owned(), page.to_owned())));
    routes
}

/// The table: what everybody hears of each route, by the rules.
fn table() -> String {
    let mut table = String::from("method\tpath\twho");
    Part::ALL.iter().for_each(|part| write!(table, "\t{}", part.name()).unwrap());
    for rule in rules() {
        let who = match rule.who {
            Who::Public => "public".to_owned(),
            Who::Person => "person".to_owned(),
            Who::Member => "member".to_owned(),
            Who::Policies => "in it: policies".to_owned(),
            Who::Platform(permission) => permission.as_str().to_owned(),
            Who::Organization(permission) => format!("in it: {}", permission.as_str()),
        };
        write!(table, "\n{}\t{}\t{who}", rule.method, rule.path).unwrap();
        Part::ALL.iter().for_each(|part| write!(table, "\t{}", rule.answer(*part).as_str()).unwrap());
    }
    table + "\n"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_has_a_rule_and_every_rule_a_route() {
    let there = routes().await;
    let all = rules();
    let ruled: BTreeSet<_> = all.iter().map(|rule| (rule.method.to_owned(), rule.path.to_owned())).collect();
    assert_eq!(ruled.len(), all.len(), "a route has one rule");
    let without: Vec<_> = there.difference(&ruled).collect();
    assert!(without.is_empty(), "say in who_may/rules.txt who may use {without:?}");
    let gone: Vec<_> = ruled.difference(&there).collect();
    assert!(gone.is_empty(), "who_may/rules.txt names what is not there: {gone:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn the_table_says_what_the_rules_say() {
    if std::env::var("KEYWRIGHT_UPDATE_TABLE").is_ok_and(|value| value == "1") {
        std::fs::write(TABLE, table()).unwrap();
    }
    let kept = std::fs::read_to_string(TABLE).unwrap();
    assert!(kept == table(), "KEYWRIGHT_UPDATE_TABLE=1 cargo test who_may, then read the difference in git");
}

/// Whether somebody hears that they may not, and how.
fn assert_refused(heard: &support::Answer, answer: Answer, what: &str) {
    let (status, code) = match answer {
        Answer::Granted | Answer::Decided => return,
        Answer::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out"),
        Answer::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        Answer::NotFound => (StatusCode::NOT_FOUND, "not_found"),
    };
    assert_eq!((heard.status, heard.code().as_str()), (status, code), "{what}: {}", heard.body);
}

/// A page has no code: who is signed out is led to the sign-in, and for others it is not there.
fn assert_page_refused(heard: &support::Answer, answer: Answer, what: &str) {
    match answer {
        Answer::Granted | Answer::Decided => {}
        Answer::SignedOut => {
            assert_eq!(heard.status, StatusCode::SEE_OTHER, "{what}");
            assert!(heard.location().starts_with("/sign-in?next="), "{what}: {}", heard.location());
        }
        Answer::Forbidden => assert_eq!(heard.status, StatusCode::FORBIDDEN, "{what}"),
        Answer::NotFound => {
            assert_eq!(heard.status, StatusCode::NOT_FOUND, "{what}");
            assert!(heard.says("page.not_found.title"), "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_may_not_hears_so() {
    let template = Template::make().await;
    let world = template.world().await;
    let mut refused = 0;
    for rule in rules() {
        for part in Part::ALL.into_iter().filter(|part| rule.answer(*part).is_refusal()) {
            let heard = world.ask(&rule, part, Ids::Own).await;
            let what = format!("{} {} as {}", rule.method, rule.path, part.name());
            if rule.method == "PAGE" {
                assert_page_refused(&heard, rule.answer(part), &what);
            } else {
                assert_refused(&heard, rule.answer(part), &what);
            }
            refused += 1;
        }
    }
    assert!(refused > 200, "the routes were tried: {refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_may_is_let_in() {
    let template = Template::make().await;
    let shared = template.world().await;
    let mut granted = 0;
    for rule in rules() {
        let Some(status) = rule.status else { continue };
        for part in Part::ALL.into_iter().filter(|part| rule.answer(*part) == Answer::Granted) {
            // For their own matters everybody is the same.
            if rule.who == Who::Person && part != Part::Platform(Role::User) {
                continue;
            }
            let heard = if rule.changes() {
                template.world().await.ask(&rule, part, Ids::Own).await
            } else {
                shared.ask(&rule, part, Ids::Own).await
            };
            let what = format!("{} {} as {}: {}", rule.method, rule.path, part.name(), heard.body);
            assert_eq!(heard.status.as_u16(), status, "{what}");
            granted += 1;
        }
    }
    assert!(granted > 30, "the routes were tried: {granted}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_somebody_elses_answers_as_what_is_not_there() {
    let template = Template::make().await;
    let world = template.world().await;
    for rule in rules().into_iter().filter(|rule| rule.is_rest() && rule.is_of_organization()) {
        for part in Part::ALL.into_iter().filter(|part| *part != Part::SignedOut && *part != Part::Stranger) {
            let foreign = world.ask(&rule, part, Ids::Foreign).await;
            let missing = world.ask(&rule, part, Ids::Missing).await;
            let what = format!("{} {} as {}", rule.method, rule.path, part.name());
            assert_refused(&foreign, Answer::NotFound, &what);
            assert_eq!((foreign.status, &foreign.body), (missing.status, &missing.body), "{what}");
        }
    }
    // A thing of Globex, asked for within Acme.
    let inner = |rule: &Rule| rule.is_rest() && rule.is_of_organization() && rule.path.matches('{').count() > 1;
    for rule in rules().into_iter().filter(inner) {
        let (own, _) = rule.path.rsplit_once('{').unwrap();
        let end = &rule.path[rule.path.rfind('}').unwrap() + 1..];
        let within = world.filled(own, Ids::Own);
        let id = world.filled(rule.path, Ids::Foreign);
        let id = id.strip_suffix(end).unwrap().rsplit('/').next().unwrap().to_owned();
        let body = world.filled(rule.body, Ids::Own);
        let owner = Part::BuiltIn(BuiltInRole::Owner);
        let foreign = world.ask_at(&rule, &format!("{within}{id}{end}"), owner, &body).await;
        let missing = world.ask_at(&rule, &format!("{within}{UNKNOWN}{end}"), owner, &body).await;
        assert_refused(&foreign, Answer::NotFound, rule.path);
        assert_eq!(foreign.body, missing.body, "{} {}", rule.method, rule.path);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_id_of_the_wrong_kind_is_malformed() {
    let template = Template::make().await;
    let world = template.world().await;
    let mut tried = 0;
    for rule in rules().into_iter().filter(|rule| rule.is_rest() && rule.path.contains('{')) {
        let part = match rule.who {
            Who::Platform(_) if !OLDER.iter().any(|older| rule.path.starts_with(older)) => {
                Part::Platform(Role::PlatformAdmin)
            }
            Who::Organization(_) | Who::Member | Who::Policies => Part::BuiltIn(BuiltInRole::Owner),
            _ => continue,
        };
        for place in rule.path.match_indices('{').map(|(place, _)| place) {
            let (before, after) = rule.path.split_at(place);
            let end = &after[after.find('}').unwrap() + 1..];
            for wrong in ["x", "%00", "%ff", "..%2f..", "01890a5d", &"9".repeat(2000)] {
                let before = world.filled(before, Ids::Own);
                let end = world.filled(end, Ids::Missing);
                let body = world.filled(rule.body, Ids::Own);
                let heard = world.ask_at(&rule, &format!("{before}{wrong}{end}"), part, &body).await;
                let what = format!("{} {} with {wrong:.20}: {}", rule.method, rule.path, heard.body);
                assert_eq!(
                    (heard.status, heard.code().as_str()),
                    (StatusCode::BAD_REQUEST, "malformed_request"),
                    "{what}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried >= 20, "the routes were tried: {tried}");
}

/// Fields that nobody may set by putting them beside what is asked for.
fn stowaways() -> Map<String, Value> {
    let fields = json!({
        "role": "platform_admin",
        "org_id": world::GLOBEX,
        "organization_id": world::GLOBEX,
        "id": UNKNOWN,
        "verified_at": 1,
        "owner_id": UNKNOWN,
    });
    fields.as_object().unwrap().clone()
}

/// A body that the route takes, where one is known.
fn good_body(world: &World, rule: &Rule) -> Map<String, Value> {
    let known = || calls().into_iter().find(|(path, _)| *path == rule.path).map(|(_, body)| body);
    let own = Some(rule.body).filter(|body| !body.is_empty());
    let own = own.map(|body| serde_json::from_str::<Value>(&world.filled(body, Ids::Own)).expect(rule.path));
    own.or_else(known).and_then(|body| body.as_object().cloned()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_field_that_is_not_asked_for_is_refused_or_does_nothing() {
    let template = Template::make().await;
    let mut tried = 0;
    for rule in rules().into_iter().filter(|rule| rule.is_rest() && ["POST", "PUT", "PATCH"].contains(&rule.method)) {
        let part = match rule.who {
            Who::Public => Part::SignedOut,
            Who::Person => Part::Platform(Role::User),
            Who::Platform(_) => Part::Platform(Role::PlatformAdmin),
            Who::Organization(_) | Who::Member | Who::Policies => Part::BuiltIn(BuiltInRole::Owner),
        };
        let world = template.world().await;
        let good = good_body(&world, &rule);
        for (field, value) in stowaways().into_iter().filter(|(field, _)| !good.contains_key(field)) {
            let mut body = good.clone();
            body.insert(field.clone(), value);
            let before = world.rights().await;
            let path = world.filled(rule.path, Ids::Own);
            let heard = world.ask_at(&rule, &path, part, &Value::Object(body).to_string()).await;
            let what = format!("{} {} with {field}: {} {}", rule.method, rule.path, heard.status, heard.body);
            assert!(!heard.status.is_server_error(), "{what}");
            if heard.status.is_success() {
                assert_eq!(world.rights().await, before, "{what}");
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "the routes were tried: {tried}");
}
