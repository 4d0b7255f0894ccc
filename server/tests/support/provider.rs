//! A provider to sign in with, on a port of its own: OpenID Connect, and what GitHub has instead. It tells what its
//! test wants, bad things included.

use super::TestApp;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use axum::extract::{Form, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const CLIENT: &str = "keywright-of-the-test";
const SECRET: &str = "secret-of-the-test-4711-0815-long-enough";
const ACCESS_TOKEN: &str = "access-of-the-test";

/// Made once: an RSA key takes its time.
static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

/// What it does instead of what it should.
#[derive(Clone, Copy)]
pub enum Behaviour {
    Honest,
    /// Answers so where codes are redeemed.
    Token(fn() -> Response),
    /// Does not answer there for a minute.
    Slow,
    /// Changes the claims of its ID token before it signs it.
    Claims(fn(&mut Value)),
    /// Signs it in another way.
    Signed(Signature),
    /// Tells of the person at its userinfo endpoint only, and changes what it tells.
    Userinfo(fn(&mut Value)),
    /// Answers so where GitHub tells of addresses.
    Emails(fn() -> Response),
    /// Answers so where it tells of itself.
    Discovery(fn() -> Response),
    /// Answers so where its keys are.
    Keys(fn() -> Response),
    /// Answers so where it tells of the person, and tells of them nowhere else.
    Person(fn() -> Response),
}

/// How an ID token is signed.
#[derive(Clone, Copy)]
pub enum Signature {
    /// `alg` is `none`, and there is none.
    None,
    /// HS256 with the secret of the client.
    Secret,
    /// HS256 with what everybody may read: the modulus of the public key.
    Public,
    /// By the key, with one bit changed.
    Broken,
}

pub struct Provider {
    /// Its own address, and its name as an issuer.
    pub issuer: String,
    shared: Arc<Mutex<Shared>>,
    serving: JoinHandle<()>,
}

struct Shared {
    issuer: String,
    behaviour: Behaviour,
    /// Claims of whoever is signed in there.
    person: Value,
    grants: HashMap<String, Grant>,
    codes: usize,
    redeemed: usize,
}

/// What was agreed to when a code was made.
struct Grant {
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
    /// Seconds.
    now: i64,
}

type Inside = State<Arc<Mutex<Shared>>>;

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Provider {
    /// Starts one where Ada is signed in, whose address it has proved.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let mut ada = json!({"sub": "ada-1815", "name": "Ada Lovelace"});
        (ada["email"], ada["email_verified"]) = (json!("ada@example.com"), json!(true));
        let shared = Arc::new(Mutex::new(Shared {
            issuer: issuer.clone(),
            behaviour: Behaviour::Honest,
            person: ada,
            grants: HashMap::new(),
            codes: 0,
            redeemed: 0,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .route("/login/oauth/access_token", post(github_token))
            .route("/user", get(github_user))
            .route("/user/emails", get(github_emails))
            .with_state(shared.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, shared, serving }
    }

    /// Its settings as an OpenID provider of this name.
    pub fn settings(&self, id: &str) -> String {
        format!(
            "[[provider]]\nkind = 'openid'\nid = '{id}'\nname = 'The {id} company'\nissuer = '{}'\n\
             client_id = '{CLIENT}'\nclient_secret = '{SECRET}'\ntrust_email = true\n",
            self.issuer
        )
    }

    /// Its settings as GitHub.
    pub fn github_settings(&self) -> String {
        format!(
            "[[provider]]\nkind = 'github'\nsite = '{0}'\napi = '{0}'\nclient_id = '{CLIENT}'\n\
             client_secret = '{SECRET}'\n",
            self.issuer
        )
    }

    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.lock().unwrap().behaviour = behaviour;
    }

    /// Lets somebody else be signed in, or tells something else of them.
    pub fn set_person(&self, person: Value) {
        self.shared.lock().unwrap().person = person;
    }

    /// How often a code was redeemed, or somebody tried.
    pub fn redeemed(&self) -> usize {
        self.shared.lock().unwrap().redeemed
    }

    /// The ID token that a browser gets by itself (FedCM) for whoever is signed in.
    pub fn id_token(&self, app: &TestApp, nonce: &str) -> String {
        let shared = self.shared.lock().unwrap();
        id_token(&claims(&shared, Some(nonce), app.application.auth.now().0 / 1000), shared.behaviour)
    }

    /// Says yes for whoever is signed in: gives the path to which it leads the browser back. That what it is asked is
    /// as the standards want it is looked at here, each time.
    pub fn agree(&self, app: &TestApp, location: &str) -> String {
        assert!(location.starts_with(&format!("{}/", self.issuer)), "{location}");
        let query = query_of(location);
        let asked = |name: &str| query.get(name).unwrap_or_else(|| panic!("no {name} in {location}")).clone();
        assert_eq!((&*asked("response_type"), &*asked("client_id")), ("code", CLIENT), "{location}");
        assert_eq!((asked("code_challenge").len(), &*asked("code_challenge_method")), (43, "S256"), "{location}");
        assert!(asked("state").len() >= 43, "256 bits: {location}");
        let redirect_uri = asked("redirect_uri");
        let mut shared = self.shared.lock().unwrap();
        shared.codes += 1;
        let code = format!("granted-by-the-test-{}", shared.codes);
        let grant = Grant {
            nonce: query.get("nonce").cloned(),
            challenge: asked("code_challenge"),
            redirect_uri: redirect_uri.clone(),
            now: app.application.auth.now().0 / 1000,
        };
        shared.grants.insert(code.clone(), grant);
        let path = redirect_uri.strip_prefix("http://localhost:3000").unwrap();
        let iss = self.issuer.replace(':', "%3A").replace('/', "%2F");
        format!("{path}?code={code}&state={}&iss={iss}", asked("state"))
    }
}

/// The parameters of an address.
pub fn query_of(location: &str) -> HashMap<String, String> {
    let uri: Uri = location.parse().unwrap_or_else(|_| panic!("no address: {location}"));
    Query::<HashMap<String, String>>::try_from_uri(&uri).unwrap().0
}

async fn discovery(State(shared): Inside) -> Response {
    let shared = shared.lock().unwrap();
    if let Behaviour::Discovery(answer) = shared.behaviour {
        return answer();
    }
    let issuer = &shared.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "scopes_supported": ["openid", "email", "profile"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

async fn jwks(State(shared): Inside) -> Response {
    if let Behaviour::Keys(answer) = shared.lock().unwrap().behaviour {
        return answer();
    }
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(KEY.public_key());
    let key = json!({"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "n": encoded(n), "e": encoded(e)});
    Json(json!({ "keys": [key] })).into_response()
}

async fn token(State(shared): Inside, headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    let behaviour = {
        let mut shared = shared.lock().unwrap();
        shared.redeemed += 1;
        shared.behaviour
    };
    match behaviour {
        Behaviour::Token(answer) => return answer(),
        Behaviour::Slow => tokio::time::sleep(Duration::from_secs(60)).await,
        _ => {}
    }
    let mut shared = shared.lock().unwrap();
    let Some(grant) = redeem(&mut shared, &headers, &form) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    };
    let id_token = id_token(&claims(&shared, grant.nonce.as_deref(), grant.now), behaviour);
    Json(json!({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 300, "id_token": id_token}))
        .into_response()
}

/// What it says in an ID token.
fn claims(shared: &Shared, nonce: Option<&str>, now: i64) -> Value {
    let mut claims = if matches!(shared.behaviour, Behaviour::Userinfo(_) | Behaviour::Person(_)) {
        json!({"sub": shared.person["sub"]})
    } else {
        shared.person.clone()
    };
    claims["iss"] = json!(shared.issuer);
    claims["aud"] = json!(CLIENT);
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + 300);
    claims["nonce"] = json!(nonce);
    if let Behaviour::Claims(change) = shared.behaviour {
        change(&mut claims);
    }
    claims
}

/// Takes the grant of a code, once, from who can prove who they are and that they began it.
fn redeem(shared: &mut Shared, headers: &HeaderMap, form: &HashMap<String, String>) -> Option<Grant> {
    let text = |name: &str| form.get(name).map(String::as_str);
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    let is_client = headers.get(AUTHORIZATION).is_some_and(|value| value.as_bytes() == basic.as_bytes())
        || (text("client_id"), text("client_secret")) == (Some(CLIENT), Some(SECRET));
    let grant = shared.grants.remove(text("code")?)?;
    let challenge = encoded(digest(&SHA256, text("code_verifier")?.as_bytes()));
    let is_good = is_client && text("redirect_uri")? == grant.redirect_uri && challenge == grant.challenge;
    is_good.then_some(grant)
}

fn id_token(claims: &Value, behaviour: Behaviour) -> String {
    let Behaviour::Signed(signature) = behaviour else { return signed(claims) };
    let message = |alg: &str| {
        let header = json!({"alg": alg, "typ": "JWT", "kid": "one"});
        format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()))
    };
    let hs256 = |key: &[u8]| {
        let (key, message) = (hmac::Key::new(hmac::HMAC_SHA256, key), message("HS256"));
        format!("{message}.{}", encoded(hmac::sign(&key, message.as_bytes())))
    };
    match signature {
        Signature::None => format!("{}.", message("none")),
        Signature::Secret => hs256(SECRET.as_bytes()),
        Signature::Public => hs256(&RsaPublicKeyComponents::<Vec<u8>>::from(KEY.public_key()).n),
        Signature::Broken => {
            let token = signed(claims);
            let (message, signature) = token.rsplit_once('.').unwrap();
            let mut signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
            signature[100] ^= 1;
            format!("{message}.{}", encoded(signature))
        }
    }
}

fn signed(claims: &Value) -> String {
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "one"});
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", encoded(signature))
}

async fn userinfo(State(shared): Inside, headers: HeaderMap) -> Response {
    let shared = shared.lock().unwrap();
    if !knows(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut claims = shared.person.clone();
    match shared.behaviour {
        Behaviour::Person(answer) => return answer(),
        Behaviour::Userinfo(change) => change(&mut claims),
        _ => {}
    }
    Json(claims).into_response()
}

/// GitHub says no with 200.
async fn github_token(
    State(shared): Inside,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let mut shared = shared.lock().unwrap();
    shared.redeemed += 1;
    if let Behaviour::Token(answer) = shared.behaviour {
        return answer();
    }
    let answer = match redeem(&mut shared, &headers, &form) {
        Some(_) => json!({"access_token": ACCESS_TOKEN, "token_type": "bearer", "scope": "read:user,user:email"}),
        None => json!({"error": "bad_verification_code", "error_description": "The code passed is incorrect."}),
    };
    Json(answer).into_response()
}

async fn github_user(State(shared): Inside, headers: HeaderMap) -> Response {
    if !knows(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let shared = shared.lock().unwrap();
    if let Behaviour::Person(answer) = shared.behaviour {
        return answer();
    }
    let name = &shared.person["name"];
    Json(json!({"id": 583_231, "login": "ada", "name": name, "email": null})).into_response()
}

async fn github_emails(State(shared): Inside, headers: HeaderMap) -> Response {
    if !knows(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let shared = shared.lock().unwrap();
    if let Behaviour::Emails(answer) = shared.behaviour {
        return answer();
    }
    let (email, verified) = (&shared.person["email"], &shared.person["email_verified"]);
    Json(json!([
        {"email": "old@example.com", "primary": false, "verified": true, "visibility": null},
        {"email": email, "primary": true, "verified": verified, "visibility": "private"},
    ]))
    .into_response()
}

fn knows(headers: &HeaderMap) -> bool {
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.eq_ignore_ascii_case(&format!("Bearer {ACCESS_TOKEN}"))
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
