//! The whole program in this process: the real router with all its layers, on a fresh database.

#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses a part of it")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use server::settings::source::from_toml;
use server::{Application, Settings};
use sqlx::{AnyConnection, Connection, Executor, Row};
use std::path::Path;
use std::time::Duration;
use tower::ServiceExt;

#[path = "../../../auth/tests/support/authenticator.rs"]
pub mod authenticator;

#[path = "../../../auth/tests/support/mmdb.rs"]
pub mod mmdb;

#[path = "../../../auth/tests/support/skipped.rs"]
pub mod skipped;

#[cfg(feature = "acme")]
pub mod acme;
#[path = "../../../bench/src/chaos/postgres.rs"]
pub mod cluster;
#[path = "../../../bench/src/chaos/shipped.rs"]
pub mod shipped;

pub mod browser;
pub mod bucket;
pub mod certificates;
pub mod door;
pub mod factors;
pub mod http2;
pub mod log;
pub mod nginx;
pub mod postgres;
pub mod program;
pub mod provider;
pub mod small_disk;
pub mod sources;
pub mod vault;

pub const PASSWORD: &str = "correct horse battery staple";

/// Settings of cheap hashes.
pub const CHEAP: &str = "hash_memory_kib = 32\nhash_passes = 1\nhash_queue = 512\n";

/// The database of a folder.
pub fn database_url(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join("test.db").display())
}

pub struct TestApp {
    pub application: Application,
    folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// Starts with cheap hashes and more settings, as lines of TOML.
    pub async fn start_with(more: &str) -> Self {
        Self::start_toml(&format!("{CHEAP}{more}")).await
    }

    /// Starts with exactly these settings.
    pub async fn start_toml(settings: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings).await
    }

    /// Starts on the database of a folder.
    pub async fn start_in(folder: tempfile::TempDir, settings: &str) -> Self {
        // Stories of something else try as often as they like; production and stories of limits have them.
        let is_own = settings.contains("limits =") || settings.contains("production");
        let limits = if is_own { "" } else { "limits = false\n" };
        let toml = format!("database_url = '{}'\n{limits}{settings}", database_url(folder.path()));
        let settings = Settings::parse(&from_toml(&toml).unwrap()).unwrap();
        Self { application: Application::build(settings).await.unwrap(), folder }
    }

    /// Starts with settings that were read; the folder is that of their database.
    pub async fn start_settings(folder: tempfile::TempDir, settings: Settings) -> Self {
        Self { application: Application::build(settings).await.unwrap(), folder }
    }

    /// Starts with cheap hashes and these bounds of connections and bodies.
    pub async fn start_with_door(limits: server::door::DoorLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let toml = format!("database_url = '{}'\n{CHEAP}", database_url(folder.path()));
        let settings = Settings { door: limits, ..Settings::parse(&from_toml(&toml).unwrap()).unwrap() };
        Self { application: Application::build(settings).await.unwrap(), folder }
    }

    pub fn router(&self) -> Router {
        self.application.router.clone()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A page as a browser asks for it.
    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(ACCEPT, "text/html,*/*;q=0.8").header("sec-fetch-mode", "navigate");
        self.send(with_cookie(request, cookie).body(Body::empty()).unwrap()).await
    }

    /// A JSON call as a program makes it.
    pub async fn json(&self, path: &str, body: &Value) -> Answer {
        self.raw_json(path, body.to_string().into()).await
    }

    pub async fn raw_json(&self, path: &str, body: Body) -> Answer {
        self.send(Request::post(path).header(CONTENT_TYPE, "application/json").body(body).unwrap()).await
    }

    /// A form post as a browser without script makes it.
    pub async fn form(&self, path: &str, body: &str, cookie: &str) -> Answer {
        self.form_of("/sign-in", path, body, cookie).await
    }

    /// The same from a page, to which a refusal leads back.
    pub async fn form_of(&self, page: &str, path: &str, body: &str, cookie: &str) -> Answer {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "text/html,*/*;q=0.8")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
            .header("referer", format!("http://localhost:3000{page}"));
        self.send(with_cookie(request, cookie).body(body.to_owned().into()).unwrap()).await
    }

    /// A server function call as the hydrated page makes it.
    pub async fn call(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(body.to_owned().into()).unwrap()).await
    }

    /// The newest mail of an address, waited for: the real worker delivers it.
    pub async fn mail(&self, email: &str, kind: &str) -> Value {
        for _ in 0..200 {
            self.deliver().await;
            let inbox = self.get("/dev/inbox.json", "").await;
            let mails: Vec<Value> = serde_json::from_str(&inbox.body).unwrap();
            if let Some(mail) = mails.into_iter().find(|mail| mail["to"] == email && mail["kind"] == kind) {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no {kind} for {email}");
    }

    /// Runs a statement of the test's own on the database.
    pub async fn execute(&self, statement: &'static str) {
        let url = format!("sqlite://{}", self.folder.path().join("test.db").display());
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Asks the database for one value, called `text`.
    pub async fn read(&self, statement: &'static str, argument: &str) -> String {
        let url = format!("sqlite://{}", self.folder.path().join("test.db").display());
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        let row = sqlx::query(statement).bind(argument.to_owned()).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        row.try_get("text").unwrap()
    }

    /// Makes every proof of a person too old for a risky act: no clock can be advanced here.
    pub async fn forget_proofs(&self) {
        self.execute("UPDATE sessions SET authenticated_at = 0, factor_at = 0").await;
    }

    /// A moment of the program's clock, in milliseconds.
    pub fn in_thirty_days(&self) -> i64 {
        self.application.auth.now().plus_seconds(30 * 24 * 60 * 60).0
    }

    /// Does what the outbox promised.
    pub async fn deliver(&self) {
        let auth = &self.application.auth;
        let transport = auth::mail::Transport::new(None, auth.store()).unwrap();
        auth::job::Worker::new(auth.clone(), transport).deliver_due().await.unwrap();
    }

    pub async fn create_account(&self, email: &str) {
        let answer = self.json("/api/v1/sign-up", &json!({"email": email, "password": PASSWORD, "name": "Sam"})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        let code = self.mail(email, "verify_email").await["code"].clone();
        let answer = self.json("/api/v1/verify-email", &json!({"email": email, "code": code})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// Makes an account an administrator's, as the command line does.
    pub async fn make_admin(&self, email: &str) {
        self.set_role(email, auth::Role::PlatformAdmin).await;
    }

    /// The token of a new link that makes the first administrator.
    pub async fn setup_token(&self) -> String {
        let link = auth::flow::make_setup_link(&self.application.auth).await.unwrap().expect("there is none yet");
        link.expose_secret().split_once("?token=").unwrap().1.to_owned()
    }

    pub async fn set_role(&self, email: &str, role: auth::Role) {
        let email = auth::Email::parse(email).unwrap();
        let context = auth::Context {
            address: String::new(),
            device: String::new(),
            locale: auth::Locale::En,
            request_id: String::new(),
        };
        auth::flow::set_role(&self.application.auth, &email, role, &context).await.unwrap();
    }

    /// Puts an account into an organization, as an invitation would.
    pub async fn join(&self, organization: &str, user: &str, role: auth::organization::BuiltInRole) {
        let auth = &self.application.auth;
        let mut tx = auth.store().begin().await.unwrap();
        let (organization_id, user_id) = (auth::id::OrganizationId(organization.into()), auth::id::UserId(user.into()));
        let new = auth::store::NewMembership {
            organization_id: &organization_id,
            user_id: &user_id,
            role: &auth::organization::OrganizationRole::BuiltIn(role),
            department: None,
            joined_at: auth.now(),
        };
        assert!(tx.add_membership(new).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Signs in; gives the refresh cookie as a browser sends it, and the access token.
    pub async fn sign_in(&self, email: &str) -> (String, String) {
        let answer = self.json("/api/v1/sign-in", &json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        (answer.cookie("__Host-refresh").unwrap(), answer.value()["access_token"].as_str().unwrap().to_owned())
    }

    /// Signs in with Firefox, which the account has not seen; gives the access token.
    pub async fn sign_in_on_new_device(&self, email: &str) -> String {
        let request = Request::post("/api/v1/sign-in")
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let answer = self.send(request.body(body.into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.value()["access_token"].as_str().unwrap().to_owned()
    }

    /// Makes a personal access token with every scope.
    pub async fn personal_token(&self, access_token: &str) -> String {
        let scopes = auth::Scope::ALL.map(auth::Scope::as_str);
        let body = json!({"name": "Backup", "scopes": scopes}).to_string();
        let answer = self.bearer_body(Method::POST, "/api/v1/tokens", access_token, body.into()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.value()["token"].as_str().unwrap().to_owned()
    }

    pub async fn bearer(&self, method: Method, path: &str, token: &str) -> Answer {
        self.bearer_body(method, path, token, Body::empty()).await
    }

    /// A JSON call of somebody signed in.
    pub async fn bearer_body(&self, method: Method, path: &str, token: &str, body: Body) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, "application/json")
            .header("authorization", format!("Bearer {token}"));
        self.send(request.body(body).unwrap()).await
    }
}

impl Answer {
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The code of a refusal, of REST and of server functions.
    pub fn code(&self) -> String {
        self.value()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether the page shows a sentence. The words it carries for its script are not shown.
    pub fn says(&self, key: &str) -> bool {
        let shown = self.body.split("id=\"words\"").next().unwrap_or_default();
        shown.contains(&auth::text::text(auth::Locale::En, key))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    /// `name=value` of a cookie this answer sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.set_cookie(name).map(|line| line.split(';').next().unwrap().to_owned())
    }

    /// The whole line that sets a cookie.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let mut lines = self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned());
        lines.rfind(|line| line.starts_with(&format!("{name}=")))
    }
}

/// The token of a mailed link.
pub fn token_of(mail: &Value) -> String {
    let link = mail["link"].as_str().unwrap();
    link.split_once("token=").unwrap().1.to_owned()
}

fn with_cookie(request: axum::http::request::Builder, cookie: &str) -> axum::http::request::Builder {
    if cookie.is_empty() { request } else { request.header(COOKIE, cookie) }
}
