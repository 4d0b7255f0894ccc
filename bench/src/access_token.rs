//! Checking an access token as the server does (from the header to the caller, with the look-up of what was
//! revoked) against bare verification of the same token by the same library: one thread, in turns. Each
//! token is checked once, so the memory of tokens that were verified a moment ago helps nobody.

use anyhow::{Context as _, ensure};
use auth::clock::SystemClock;
use auth::crypto::MasterKey;
use auth::flow::{self, Proof, SignIn};
use auth::form::{SignInForm, SignUpForm};
use auth::job::Worker;
use auth::mail::Transport;
use auth::password::hash::HashCost;
use auth::random::SystemRandom;
use auth::settings::{CodeSettings, KeySettings, Lifetimes, Settings};
use auth::store::Store;
use auth::{Auth, Context, Email, Locale, VerificationCode};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use secrecy::SecretString;
use serde::Deserialize;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::program::PASSWORD;

const EMAIL: &str = "alice@example.com";
const ISSUER: &str = "https://id.example.com";
/// Alternated, so that a slow moment of the machine hits both sides.
const ROUNDS: usize = 20;
/// Tokens of a round.
const TOKENS: usize = 1_500;

/// What the bare side reads: no less than the server does.
#[derive(Deserialize)]
#[expect(dead_code, reason = "they are read from the token, and nobody asks further")]
struct Claims {
    sub: String,
    sid: String,
    iss: String,
    aud: String,
    client_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    scope: String,
    roles: Vec<String>,
    amr: Vec<String>,
    auth_time: i64,
}

pub async fn measure() -> anyhow::Result<Figure> {
    let folder = tempfile::tempdir()?;
    let auth = open(folder.path()).await?;
    let headers = headers(&auth).await?;
    let (bare, checked) = tokio::task::spawn_blocking(move || compare(&auth, &headers)).await??;
    let ratio = bare.as_secs_f64() / checked.as_secs_f64();
    let rate = |took: Duration| f64::from(u32::try_from(ROUNDS * TOKENS).unwrap_or(u32::MAX)) / took.as_secs_f64();
    Ok(Figure {
        name: "Access tokens checked per second and core, over bare jsonwebtoken",
        target: "≥ 0.9",
        measured: format!("{ratio:.3} ({:.0}/s over {:.0}/s)", rate(checked), rate(bare)),
        reached: ratio >= 0.9,
    })
}

/// The time of all rounds: bare verification, and the server's check.
fn compare(auth: &Auth, headers: &[String]) -> anyhow::Result<(Duration, Duration)> {
    let (key, mut validation) = (key(auth, token(&headers[0]))?, Validation::new(Algorithm::EdDSA));
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[ISSUER]);
    let (mut bare, mut checked) = (Duration::ZERO, Duration::ZERO);
    for (round, headers) in headers.chunks(TOKENS).enumerate() {
        // Who comes second finds the tokens in the processor's cache: each side in half of the rounds.
        for is_bare in [round % 2 == 0, round % 2 != 0] {
            let started = Instant::now();
            for header in headers {
                if is_bare {
                    black_box(decode::<Claims>(token(header), &key, &validation)?);
                } else {
                    black_box(auth.caller_of_access_token(&bearer(header).context("a bearer token")?)?);
                }
            }
            *(if is_bare { &mut bare } else { &mut checked }) += started.elapsed();
        }
    }
    Ok((bare, checked))
}

/// As the server reads the header `Authorization`.
fn bearer(header: &str) -> Option<SecretString> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| SecretString::from(token.trim()))
}

fn token(header: &str) -> &str {
    header.trim_start_matches("Bearer ")
}

/// The public key that verifies a token, from the JWK set.
fn key(auth: &Auth, token: &str) -> anyhow::Result<DecodingKey> {
    let id = decode_header(token)?.kid.context("a kid")?;
    let jwks = auth.jwks();
    let jwk = jwks["keys"].as_array().and_then(|keys| keys.iter().find(|key| key["kid"] == *id));
    let x = jwk.and_then(|jwk| jwk["x"].as_str()).context("the key of the token")?;
    Ok(DecodingKey::from_ed_components(x)?)
}

/// An engine on a fresh database. A rotated refresh token gives access tokens for an hour: each is another
/// one, and none costs a commit.
pub async fn open(folder: &Path) -> anyhow::Result<Auth> {
    let settings = Settings {
        public_url: ISSUER.to_owned(),
        master_keys: MasterKey::from_bytes([7; 32]).into(),
        hash_cost: HashCost { memory: 32, passes: 1, lanes: 1 },
        hash_threads: 1,
        hash_queue: 8,
        breached_passwords: None,
        codes: CodeSettings::default(),
        lifetimes: Lifetimes { access: 3600, rotation_grace: 3600, ..Lifetimes::default() },
        keys: KeySettings::default(),
        factor_policy: auth::factor::FactorPolicy::default(),
        federation: auth::federation::FederationSettings::default(),
        domains: None,
        webhooks: auth::webhook::WebhookSettings::default(),
        audit_retention_days: 400,
        limits: auth::limit::LimitSettings::OFF,
        anomalies: auth::anomaly::AnomalySettings::default(),
    };
    let store = Store::connect(&format!("sqlite://{}?mode=rwc", folder.join("bench.db").display())).await?;
    Auth::open(settings, store, Arc::new(SystemClock), Arc::new(SystemRandom)).await
}

/// Headers with as many tokens as are checked, no two alike.
async fn headers(auth: &Auth) -> anyhow::Result<Vec<String>> {
    let context = Context {
        address: "127.0.0.1".to_owned(),
        device: "bench".to_owned(),
        locale: Locale::En,
        request_id: "bench".to_owned(),
    };
    create_account(auth, &context).await?;
    let form = SignInForm { email: EMAIL.into(), password: PASSWORD.into() };
    let signed_in = flow::sign_in(auth, form.parse().map_err(auth::Error::from)?, None, &context).await?;
    let SignIn::SignedIn(session) = signed_in else { anyhow::bail!("the address is not proved") };
    let mut headers = Vec::with_capacity(ROUNDS * TOKENS);
    for _ in 0..ROUNDS * TOKENS {
        let refreshed = flow::refresh(auth, &session.refresh_token, &context).await?;
        headers.push(format!("Bearer {}", refreshed.access.access_token));
    }
    Ok(headers)
}

async fn create_account(auth: &Auth, context: &Context) -> anyhow::Result<()> {
    let form = SignUpForm { email: EMAIL.into(), password: PASSWORD.into(), name: "Sam".into() };
    flow::sign_up(auth, form.parse().map_err(auth::Error::from)?, context).await?;
    let worker = Worker::new(auth.clone(), Transport::DevInbox(auth.store().clone()));
    ensure!(worker.deliver_due().await? == 1, "one mail");
    let mail = auth.store().dev_mails(Some(EMAIL), 1).await?.pop().context("a mail")?;
    let code = VerificationCode::parse(&mail.code.context("a code")?).ok().context("six digits")?;
    let email = Email::parse(EMAIL).ok().context("an address")?;
    flow::verify_email(auth, Proof::EmailCode(email, code), context).await?;
    Ok(())
}
