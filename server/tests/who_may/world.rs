//! The people of these tests, on a database that is copied for whoever changes something.

use super::rules::{CUSTOM, Part, Rule};
use crate::support::{self, CHEAP, TestApp};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a8001";
pub const GLOBEX: &str = "01890a5d-ac96-774b-bcce-b302099a8002";
/// The role that Acme made.
const PRESS: &str = "01890a5d-ac96-774b-bcce-b302099a8003";
pub const UNKNOWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// Whom things are done to.
const VICTIM: &str = "victim@example.com";
const SETTINGS: &str = "access_token_seconds = 3600\norganization_domains = 'on'\n";

/// A program with everybody in it, and what stands for the places of a path.
pub struct World {
    pub app: TestApp,
    people: BTreeMap<&'static str, Credentials>,
    places: BTreeMap<&'static str, String>,
}

/// A cookie and an access token.
#[derive(Clone)]
struct Credentials {
    cookie: String,
    token: String,
}

/// The world as it was made, to be copied.
pub struct Template {
    folder: PathBuf,
    people: BTreeMap<&'static str, Credentials>,
    places: BTreeMap<&'static str, String>,
    /// Holds the folder.
    _app: TestApp,
}

/// Where an id stands, by the segment before it: one of its own, and one of somebody else's organization.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// Those of Acme.
    Own,
    /// Those of another organization.
    Foreign,
    /// Those of nothing.
    Missing,
}

impl Template {
    /// Makes everybody.
    pub async fn make() -> Self {
        let holder = tempfile::tempdir().unwrap();
        let folder = holder.path().to_owned();
        let app = TestApp::start_in(holder, &format!("{CHEAP}{SETTINGS}")).await;
        let mut people = BTreeMap::new();
        for part in Part::ALL.into_iter().filter(|part| *part != Part::SignedOut) {
            let address = format!("{}@example.com", part.name());
            app.create_account(&address).await;
            if let Part::Platform(role) = part {
                app.set_role(&address, role).await;
            }
            let (cookie, token) = app.sign_in(&address).await;
            people.insert(part.name(), Credentials { cookie, token });
        }
        app.create_account(VICTIM).await;
        app.sign_in(VICTIM).await;
        for statement in FOUND {
            app.execute(statement).await;
        }
        let victim = app.read("SELECT id AS text FROM users WHERE email = $1", VICTIM).await;
        let member = app.read("SELECT id AS text FROM users WHERE email = $1", "member@example.com").await;
        let stranger = app.read("SELECT id AS text FROM users WHERE email = $1", "stranger@example.com").await;
        let session = app.read("SELECT id AS text FROM sessions WHERE user_id = $1", &victim).await;
        let key = app.read("SELECT id AS text FROM signing_keys WHERE algorithm = $1", "EdDSA").await;
        let places = BTreeMap::from([
            ("users", victim),
            ("members", member),
            ("foreign members", stranger),
            ("sessions", session),
            ("keys", key),
        ]);
        app.application.auth.store().close().await;
        Self { folder, people, places, _app: app }
    }

    /// A copy of it, running.
    pub async fn world(&self) -> World {
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let file = entry.unwrap();
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        let app = TestApp::start_in(folder, &format!("{CHEAP}{SETTINGS}")).await;
        World { app, people: self.people.clone(), places: self.places.clone() }
    }
}

impl World {
    /// Uses a route as somebody, with these ids.
    pub async fn ask(&self, rule: &Rule, part: Part, ids: Ids) -> support::Answer {
        self.ask_at(rule, &self.filled(rule.path, ids), part, &self.filled(rule.body, ids)).await
    }

    /// The same at this address and with this body.
    pub async fn ask_at(&self, rule: &Rule, path: &str, part: Part, body: &str) -> support::Answer {
        let credentials = self.people.get(part.name());
        if rule.method == "PAGE" {
            return self.app.get(path, credentials.map_or("", |person| &person.cookie)).await;
        }
        let is_form = rule.method == "FORM";
        let method = if is_form { Method::POST } else { Method::from_bytes(rule.method.as_bytes()).unwrap() };
        let kind = match rule.path {
            _ if is_form => "application/x-www-form-urlencoded",
            path if path.ends_with("/logo") => "image/png",
            _ => "application/json",
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", kind)
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin");
        if let Some(Credentials { token, .. }) = credentials {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.app.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A path or body with an id for each of its places.
    pub fn filled(&self, text: &str, ids: Ids) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            // What is no name in braces is JSON.
            let Some((name, end)) = after.split_once('}').filter(|(name, _)| is_name(name)) else {
                filled.push('{');
                rest = after;
                continue;
            };
            let collection = before.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            filled.push_str(&self.id(if before.ends_with('/') { collection } else { name }, ids));
            rest = end;
        }
        filled + rest
    }

    /// The id for a collection of the path, such as `users`, or for a name of a body.
    fn id(&self, name: &str, ids: Ids) -> String {
        let own = match (name, ids) {
            (_, Ids::Missing) => None,
            ("organizations" | "organization", Ids::Own) => Some(ACME.to_owned()),
            ("organizations" | "organization", Ids::Foreign) => Some(GLOBEX.to_owned()),
            ("orgs" | "slug", Ids::Own) => Some("acme".to_owned()),
            ("orgs" | "slug", Ids::Foreign) => Some("globex".to_owned()),
            ("roles" | "role", Ids::Own) => Some(PRESS.to_owned()),
            ("members" | "member", Ids::Foreign) => self.places.get("foreign members").cloned(),
            ("member", _) => self.places.get("members").cloned(),
            ("user", _) => self.places.get("users").cloned(),
            ("session", _) => self.places.get("sessions").cloned(),
            ("key", _) => self.places.get("keys").cloned(),
            (name, _) => self.places.get(name).cloned(),
        };
        own.unwrap_or_else(|| UNKNOWN.to_owned())
    }

    /// What nobody may change by a field that is not asked for.
    pub async fn rights(&self) -> Value {
        let mut rights = Vec::new();
        for statement in [
            "SELECT COALESCE(GROUP_CONCAT(told), '') AS text FROM (SELECT id || role || email_verified_at AS told FROM users \
             WHERE $1 = '' ORDER BY id)",
            "SELECT COALESCE(GROUP_CONCAT(told), '') AS text FROM (SELECT organization_id || user_id || role AS told \
             FROM memberships WHERE $1 = '' ORDER BY organization_id, user_id)",
            "SELECT COALESCE(GROUP_CONCAT(id), '') AS text FROM (SELECT id FROM organizations WHERE $1 = '' ORDER BY id)",
        ] {
            rights.push(Value::from(self.app.read(statement, "").await));
        }
        Value::from(rights)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Acme with a member of each role, and Globex.
const FOUND: [&str; 9] = [
    "INSERT INTO organizations (id, slug, name, created_at) VALUES ('01890a5d-ac96-774b-bcce-b302099a8001', 'acme', 'Acme', 1)",
    "INSERT INTO organizations (id, slug, name, created_at) VALUES ('01890a5d-ac96-774b-bcce-b302099a8002', 'globex', 'Globex', 1)",
    "INSERT INTO organization_roles (id, organization_id, name, permissions, created_at) VALUES \
     ('01890a5d-ac96-774b-bcce-b302099a8003', '01890a5d-ac96-774b-bcce-b302099a8001', 'Press', \
     'organization:read documents:read documents:publish', 1)",
    "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
     SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, 'owner', 1 FROM users WHERE email = 'owner@example.com'",
    "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
     SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, 'admin', 1 FROM users WHERE email = 'admin@example.com'",
    "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
     SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, 'member', 1 FROM users WHERE email = 'member@example.com'",
    "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
     SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, 'viewer', 1 FROM users WHERE email = 'viewer@example.com'",
    "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
     SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, '01890a5d-ac96-774b-bcce-b302099a8003', 1 \
     FROM users WHERE email = 'custom@example.com'",
    "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
     SELECT '01890a5d-ac96-774b-bcce-b302099a8002', id, 'owner', 1 FROM users WHERE email = 'stranger@example.com'",
];

#[test]
fn the_custom_role_is_the_one_of_the_rules() {
    assert!(FOUND.iter().any(|statement| statement.contains(CUSTOM)));
}
