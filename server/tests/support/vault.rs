//! A vault on a port of its own: AppRole, tokens that end, and a KV store of version 2, as Vault and OpenBao speak of them
//! over HTTP. It does what its test wants, bad things included.

use auth::Timestamp;
use auth::clock::Clock;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const PATH: &str = "secret/data/keywright";
/// Of the operator; what a login makes has a number behind it.
pub const TOKEN: &str = "hvs.token-of-the-operator";
pub const ROLE_ID: &str = "role-of-the-test-4711";
pub const SECRET_ID: &str = "secret-id-of-the-test-0815";

const LOGIN: &str = "/v1/auth/approle/login";
const RENEW: &str = "/v1/auth/token/renew-self";
const ELSEWHERE: &str = "/v1/elsewhere";

/// How it answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Honest,
    Sealed,
    /// Sends whoever asks to another address, as a node that stands by.
    Elsewhere,
    /// Not for a minute.
    Slow,
    /// With more than anybody reads.
    Large,
    /// With the secrets, in a form that no KV store of version 2 has.
    Strange,
}

/// A question.
#[derive(Clone)]
pub struct Asked {
    pub path: String,
    pub token: Option<String>,
    pub namespace: Option<String>,
    /// Whether it says that no browser was led there.
    pub is_marked: bool,
}

pub struct VaultServer {
    pub address: String,
    shared: Arc<Mutex<Shared>>,
    serving: JoinHandle<()>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    mood: Mood,
    /// None once it was deleted.
    secret: Option<Value>,
    version: u64,
    /// What a token gets.
    seconds: u32,
    is_renewable: bool,
    /// Until when each is good.
    tokens: HashMap<String, Timestamp>,
    asked: Vec<Asked>,
}

impl Drop for VaultServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl VaultServer {
    /// Starts one with a secret; tokens live for an hour of the clock.
    pub async fn start(secret: Value, clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let tokens = HashMap::from([(TOKEN.to_owned(), clock.now().plus_seconds(3600))]);
        let shared = Arc::new(Mutex::new(Shared {
            clock,
            mood: Mood::Honest,
            secret: Some(secret),
            version: 1,
            seconds: 3600,
            is_renewable: true,
            tokens,
            asked: Vec::new(),
        }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, shared, serving }
    }

    /// The settings of a program that asks with the operator's token.
    pub fn with_token(&self) -> String {
        format!("{}vault_token = '{TOKEN}'\n", self.place())
    }

    /// The settings of a program that logs in.
    pub fn with_role(&self) -> String {
        format!("{}vault_role_id = '{ROLE_ID}'\nvault_secret_id = '{SECRET_ID}'\n", self.place())
    }

    /// Its address and the place of the secret.
    pub fn place(&self) -> String {
        format!("vault_address = '{}'\nvault_path = '{PATH}'\n", self.address)
    }

    pub fn be(&self, mood: Mood) {
        self.shared.lock().unwrap().mood = mood;
    }

    /// What each token gets from now on, the operator's at once.
    pub fn give(&self, seconds: u32, is_renewable: bool) {
        let mut shared = self.shared.lock().unwrap();
        (shared.seconds, shared.is_renewable) = (seconds, is_renewable);
        let end = shared.clock.now().plus_seconds(seconds.into());
        shared.tokens.insert(TOKEN.to_owned(), end);
    }

    /// Writes a new version of the secret; none deletes it.
    pub fn write(&self, secret: Option<Value>) {
        let mut shared = self.shared.lock().unwrap();
        shared.secret = secret;
        shared.version += 1;
    }

    pub fn revoke_tokens(&self) {
        self.shared.lock().unwrap().tokens.clear();
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.shared.lock().unwrap().asked.clone()
    }

    pub fn logins(&self) -> usize {
        self.count(LOGIN)
    }

    pub fn renewals(&self) -> usize {
        self.count(RENEW)
    }

    pub fn reads(&self) -> usize {
        self.count(&format!("/v1/{PATH}"))
    }

    /// How often somebody went where it sent them.
    pub fn followed(&self) -> usize {
        self.count(ELSEWHERE)
    }

    fn count(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path == path).count()
    }
}

async fn answer(
    State(shared): State<Arc<Mutex<Shared>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let asked = Asked {
        path: uri.path().to_owned(),
        token: header("x-vault-token"),
        namespace: header("x-vault-namespace"),
        is_marked: header("x-vault-request").as_deref() == Some("true"),
    };
    let mood = {
        let mut shared = shared.lock().unwrap();
        shared.asked.push(asked.clone());
        shared.mood
    };
    if mood == Mood::Slow {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let mut shared = shared.lock().unwrap();
    match mood {
        Mood::Honest | Mood::Slow => shared.honest(&method, &asked, &body),
        Mood::Sealed => refusal(503, &["Vault is sealed"]),
        Mood::Elsewhere => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, ELSEWHERE)]).into_response(),
        Mood::Large => Json(json!({"data": {"data": {"master_key": "x".repeat(300_000)}, "metadata": {"version": 1}}}))
            .into_response(),
        Mood::Strange => Json(json!({"data": shared.secret})).into_response(),
    }
}

impl Shared {
    fn honest(&mut self, method: &Method, asked: &Asked, body: &str) -> Response {
        match (method.as_str(), asked.path.as_str()) {
            ("POST", LOGIN) => self.log_in(body),
            ("POST", RENEW) => self.renew(asked),
            ("GET", path) if path.strip_prefix("/v1/") == Some(PATH) => self.read(asked),
            _ => refusal(404, &[]),
        }
    }

    fn log_in(&mut self, body: &str) -> Response {
        let sent: Value = serde_json::from_str(body).unwrap();
        if sent != json!({"role_id": ROLE_ID, "secret_id": SECRET_ID}) {
            return refusal(400, &["invalid role or secret ID"]);
        }
        let token = format!("hvs.token-of-login-{}", self.tokens.len());
        self.grant(&token)
    }

    fn renew(&mut self, asked: &Asked) -> Response {
        match &asked.token {
            Some(token) if self.is_good(asked) && self.is_renewable => self.grant(token),
            Some(_) if self.is_good(asked) => refusal(400, &["lease is not renewable"]),
            _ => refusal(403, &["permission denied"]),
        }
    }

    fn read(&self, asked: &Asked) -> Response {
        if !self.is_good(asked) {
            return refusal(403, &["permission denied"]);
        }
        let Some(secret) = &self.secret else { return refusal(404, &[]) };
        let metadata = json!({
            "created_time": "2026-01-31T09:30:00.123456Z", "custom_metadata": null, "deletion_time": "",
            "destroyed": false, "version": self.version,
        });
        let answer = json!({
            "request_id": "3f1b8c3e", "lease_id": "", "renewable": false, "lease_duration": 0,
            "data": {"data": secret, "metadata": metadata}, "wrap_info": null, "warnings": null, "auth": null,
        });
        Json(answer).into_response()
    }

    fn grant(&mut self, token: &str) -> Response {
        self.tokens.insert(token.to_owned(), self.clock.now().plus_seconds(self.seconds.into()));
        let auth = json!({
            "client_token": token, "accessor": "accessor", "policies": ["keywright"], "token_policies": ["keywright"],
            "metadata": {"role_name": "keywright"}, "lease_duration": self.seconds, "renewable": self.is_renewable,
            "entity_id": "", "token_type": "service", "orphan": true,
        });
        let answer = json!({
            "request_id": "3f1b8c3e", "lease_id": "", "renewable": false, "lease_duration": 0, "data": null,
            "wrap_info": null, "warnings": null, "auth": auth,
        });
        Json(answer).into_response()
    }

    fn is_good(&self, asked: &Asked) -> bool {
        let end = asked.token.as_ref().and_then(|token| self.tokens.get(token));
        end.is_some_and(|end| self.clock.now() < *end)
    }
}

fn refusal(status: u16, errors: &[&str]) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(json!({"errors": errors}))).into_response()
}
