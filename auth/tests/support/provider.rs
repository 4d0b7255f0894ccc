//! A provider to sign in with, on a port of its own: OpenID Connect, and GitHub's shape at the same addresses. It does
//! everything right until it is told to do something else.

use super::START;
use super::sms_service::{Heard, answer};
use auth::ProviderId;
use auth::federation::{ProviderKind, ProviderSettings};
use auth::view::ProviderIcon;
use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub const CLIENT_ID: &str = "keywright";
pub const CLIENT_SECRET: &str = "top secret: 100% & more";
/// Seconds that its ID tokens live from the start of stories: nobody waits for their end.
const LIFE: i64 = 10 * 365 * 24 * 60 * 60;
/// The start of stories, as HTTP writes it.
const DATE: &str = "Fri, 15 Jan 2027 08:00:00 GMT";

/// What it does at an address instead of what it should.
#[derive(Clone)]
pub enum Manner {
    /// Answers with a status, a content type and a body.
    Saying(&'static str, &'static str, String),
    /// Does not answer; the connection stays open.
    Silent,
    /// Leads to itself, for ever.
    Redirecting,
    /// Sends good JSON of two megabytes.
    Huge,
}

pub struct FakeProvider {
    /// Its address and its issuer.
    pub base: String,
    told: Arc<Mutex<Told>>,
}

/// What it was told to do, and what it knows.
struct Told {
    base: String,
    claims: Value,
    userinfo: Value,
    github: [Value; 2],
    discovery: Value,
    manners: HashMap<&'static str, Manner>,
    key: u8,
    hides_keys: bool,
    id_token: Option<String>,
    grants: HashMap<String, Grant>,
    codes: usize,
    heard: Vec<Heard>,
}

/// What was agreed to when a code was made.
struct Grant {
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
    scope: String,
}

impl FakeProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Told::at(&base)));
        let inside = Arc::clone(&told);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&inside)));
            }
        });
        Self { base, told }
    }

    /// Its settings: `acme`, which is trusted with addresses.
    pub fn settings(&self) -> ProviderSettings {
        let kind = ProviderKind::OpenId { issuer: self.base.clone() };
        settings("acme", kind, ProviderIcon::Openid, ["openid", "email", "profile"])
    }

    /// Its settings as a site of GitHub: `github`, which is trusted with addresses.
    pub fn github_settings(&self) -> ProviderSettings {
        let kind = ProviderKind::GitHub { site: self.base.clone(), api: self.base.clone() };
        settings("github", kind, ProviderIcon::Github, ["read:user", "user:email", "read:org"])
    }

    /// The claims of ID tokens from now on. `iss`, `aud`, `exp`, `iat` and `nonce` are filled in unless they are among
    /// them; those that are null are left out.
    pub fn will_answer(&self, claims: Value) {
        self.told().claims = claims;
    }

    /// What is told of the person at the userinfo endpoint.
    pub fn will_answer_userinfo(&self, claims: Value) {
        self.told().userinfo = claims;
    }

    /// What GitHub's API tells of the person, and of their addresses.
    pub fn will_answer_github(&self, user: Value, emails: Value) {
        self.told().github = [user, emails];
    }

    /// Sends this instead of an ID token.
    pub fn will_send(&self, id_token: String) {
        self.told().id_token = Some(id_token);
    }

    /// Tells something else of itself.
    pub fn will_tell(&self, name: &str, value: Value) {
        self.told().discovery[name] = value;
    }

    /// Behaves so at a path, such as `/token`.
    pub fn misbehave(&self, path: &'static str, manner: Manner) {
        self.told().manners.insert(path, manner);
    }

    /// Does everything right again.
    pub fn behave(&self) {
        self.told().manners.clear();
    }

    /// Signs with a new key, and publishes it alone.
    pub fn rotate_keys(&self) {
        self.told().key += 1;
    }

    /// Publishes a key that it does not sign with.
    pub fn hide_keys(&self) {
        self.told().hides_keys = true;
    }

    /// The browser visits an address that it was sent to, and the person agrees: the code and the state that it brings
    /// back.
    pub fn authorize(&self, url: &str) -> (String, String) {
        let url = Url::parse(url).unwrap();
        assert!(url.as_str().starts_with(&self.base), "{url}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT_ID));
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut told = self.told();
        told.codes += 1;
        let code = format!("code-{}", told.codes);
        let grant = Grant {
            nonce: asked.get("nonce").cloned(),
            challenge: asked["code_challenge"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
            scope: asked["scope"].clone(),
        };
        told.grants.insert(code.clone(), grant);
        (code, asked["state"].clone())
    }

    /// An ID token as a browser gets it by itself (FedCM).
    pub fn id_token(&self, nonce: &str) -> String {
        let told = self.told();
        told.signed(&told.all_claims(Some(nonce)))
    }

    /// Everything it was sent.
    pub fn heard(&self) -> Vec<Heard> {
        self.told().heard.clone()
    }

    /// How often it was asked at a path.
    pub fn asked(&self, path: &str) -> usize {
        self.told().heard.iter().filter(|heard| heard.line.split(' ').nth(1) == Some(path)).count()
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap()
    }
}

fn settings(id: &str, kind: ProviderKind, icon: ProviderIcon, scopes: [&str; 3]) -> ProviderSettings {
    ProviderSettings {
        id: ProviderId::parse(id).unwrap(),
        kind,
        name: id.to_uppercase(),
        icon,
        client_id: CLIENT_ID.to_owned(),
        client_secret: Some(CLIENT_SECRET.into()),
        scopes: scopes.map(str::to_owned).into(),
        trusts_email: true,
        trusts_second_factor: false,
        keeps_tokens: false,
        fedcm_config_url: None,
    }
}

impl Told {
    fn at(base: &str) -> Self {
        let discovery = json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"),
            "userinfo_endpoint": format!("{base}/userinfo"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        });
        let emails = json!([{"email": "alice@example.com", "primary": true, "verified": true, "visibility": null}]);
        Self {
            base: base.to_owned(),
            claims: json!({"sub": "1", "email": "alice@example.com", "email_verified": true, "name": "Alice Doe"}),
            userinfo: Value::Null,
            github: [json!({"id": 1, "login": "alice", "name": "Alice Doe"}), emails],
            discovery,
            manners: HashMap::new(),
            key: 1,
            hides_keys: false,
            id_token: None,
            grants: HashMap::new(),
            codes: 0,
            heard: Vec::new(),
        }
    }

    fn answer(&mut self, heard: &Heard) -> Option<String> {
        let path = heard.line.split(' ').nth(1).unwrap().to_owned();
        if let Some(manner) = self.manners.get(path.as_str()) {
            return match manner {
                Manner::Saying(status, media, body) => answer(status, &content_type(media), body),
                Manner::Silent => None,
                Manner::Redirecting => answer("302 Found", &format!("location: {}{path}\r\n", self.base), ""),
                Manner::Huge => json_answer("200 OK", &json!({"issuer": "x".repeat(2 * 1024 * 1024)})),
            };
        }
        match path.as_str() {
            "/.well-known/openid-configuration" => json_answer("200 OK", &self.discovery),
            "/keys" => json_answer("200 OK", &self.keys()),
            "/token" => self.token(heard),
            "/login/oauth/access_token" => self.github_token(heard),
            "/userinfo" if self.userinfo.is_null() => about(heard, &json!({"sub": self.claims["sub"]})),
            "/userinfo" => about(heard, &self.userinfo),
            "/user" => about(heard, &self.github[0]),
            "/user/emails" => about(heard, &self.github[1]),
            "/meta" => json_answer("200 OK", &json!({"verifiable_password_authentication": false})),
            _ => answer("404 Not Found", &content_type("text/html"), "<h1>Not found</h1>"),
        }
    }

    fn keys(&self) -> Value {
        let key = if self.hides_keys { 200 } else { self.key };
        let x = encoded(pair(key).public_key());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid(key), "alg": "EdDSA", "use": "sig"}]})
    }

    fn token(&mut self, heard: &Heard) -> Option<String> {
        let form = form(heard);
        if credentials(heard, &form) != Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())) {
            return json_answer("401 Unauthorized", &json!({"error": "invalid_client"}));
        }
        self.codes += 1;
        let access = format!("access-{}", self.codes);
        let mut said = json!({"access_token": access, "token_type": "Bearer", "expires_in": 3600});
        said["refresh_token"] = json!(format!("refresh-{}", self.codes));
        if form["grant_type"] == "refresh_token" {
            let is_known = form["refresh_token"].starts_with("refresh-");
            return if is_known { json_answer("200 OK", &said) } else { refusal("400 Bad Request") };
        }
        let Some(grant) = self.redeemed(&form) else { return refusal("400 Bad Request") };
        let mut claims = self.all_claims(grant.nonce.as_deref());
        if claims.get("at_hash").is_none() {
            let whole = digest(&SHA512, access.as_bytes());
            let bytes: &[u8] = whole.as_ref();
            claims["at_hash"] = json!(encoded(&bytes[..32]));
        }
        said["id_token"] = json!(self.id_token.clone().unwrap_or_else(|| self.signed(&claims)));
        said["scope"] = json!(grant.scope);
        json_answer("200 OK", &said)
    }

    fn github_token(&mut self, heard: &Heard) -> Option<String> {
        assert_eq!(heard.header("accept"), "application/json");
        let form = form(heard);
        assert_eq!((form["client_id"].as_str(), form["client_secret"].as_str()), (CLIENT_ID, CLIENT_SECRET));
        // GitHub says no with status 200.
        let Some(grant) = self.redeemed(&form) else { return refusal("200 OK") };
        let scope = grant.scope.replace(' ', ",");
        json_answer("200 OK", &json!({"access_token": "access-of-github", "scope": scope, "token_type": "bearer"}))
    }

    /// Takes the grant of a code, once, from whoever has the verifier.
    fn redeemed(&mut self, form: &HashMap<String, String>) -> Option<Grant> {
        let grant = self.grants.remove(form.get("code")?)?;
        let challenge = encoded(digest(&SHA256, form.get("code_verifier")?.as_bytes()));
        let is_same = challenge == grant.challenge && form.get("redirect_uri") == Some(&grant.redirect_uri);
        is_same.then_some(grant)
    }

    fn all_claims(&self, nonce: Option<&str>) -> Value {
        let now = START.seconds();
        let mut all = json!({"iss": self.base, "aud": CLIENT_ID, "iat": now, "exp": now + LIFE, "nonce": nonce});
        for (name, value) in self.claims.as_object().unwrap() {
            all[name.as_str()] = value.clone();
        }
        all.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        all
    }

    fn signed(&self, claims: &Value) -> String {
        let header = json!({"alg": "EdDSA", "kid": kid(self.key), "typ": "JWT"});
        let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
        let signature = encoded(pair(self.key).sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

/// What only a bearer of one of its tokens is told.
fn about(heard: &Heard, person: &Value) -> Option<String> {
    assert_eq!(heard.header("user-agent"), "Keywright");
    assert!(heard.header("authorization").starts_with("Bearer access-"), "{}", heard.header("authorization"));
    json_answer("200 OK", person)
}

fn refusal(status: &str) -> Option<String> {
    json_answer(status, &json!({"error": "invalid_grant", "error_description": "the code is wrong\nor over"}))
}

fn form(heard: &Heard) -> HashMap<String, String> {
    url::form_urlencoded::parse(heard.body.as_bytes()).into_owned().collect()
}

/// Of the header, where both halves are written as in a form (RFC 6749, 2.3.1), or of the form.
fn credentials(heard: &Heard, form: &HashMap<String, String>) -> Option<(String, String)> {
    let Some(basic) = heard.header("authorization").strip_prefix("Basic ") else {
        return Some((form.get("client_id")?.clone(), form.get("client_secret")?.clone()));
    };
    let both = String::from_utf8(BASE64_STANDARD.decode(basic).unwrap()).unwrap();
    let (id, secret) = both.split_once(':')?;
    let plain = |text: &str| url::form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned());
    Some((plain(id)?, plain(secret)?))
}

fn pair(key: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[key; 32]).unwrap()
}

fn kid(key: u8) -> String {
    format!("key-{key}")
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn content_type(media: &str) -> String {
    format!("content-type: {media}\r\n")
}

fn json_answer(status: &str, body: &Value) -> Option<String> {
    let headers = format!("{}date: {DATE}\r\n", content_type("application/json; charset=utf-8"));
    answer(status, &headers, &body.to_string())
}

async fn serve(mut stream: TcpStream, told: Arc<Mutex<Told>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, text)| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let heard = Heard { line, headers, body: String::from_utf8(body).unwrap() };
    let said = {
        let mut told = told.lock().unwrap();
        told.heard.push(heard.clone());
        told.answer(&heard)
    };
    let Some(said) = said else { return std::future::pending().await };
    // Who has read enough may be gone.
    let _ = stream.write_all(said.as_bytes()).await;
    let _ = stream.shutdown().await;
}
