//! What providers answer, well and badly, over HTTP: who is identified, and what leads nowhere.

mod exchange;
mod github;

use crate::support::START;
use crate::support::provider::{CLIENT_ID, FakeProvider, Manner};
use auth::federation::{
    AuthorizationRequest, Began, FederationSettings, Identity, Prompt, Provider, ProviderEmail, ProviderFault,
    ProviderKind, ProviderSettings, Providers,
};
use auth::{Email, Locale, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use url::Url;

const STATE: &str = "state-of-the-browser";
const NONCE: &str = "nonce-of-the-way";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const REDIRECT_URI: &str = "https://id.example.com/sign-in/with/acme/callback";

type Outcome<T> = Result<T, ProviderFault>;

fn known_with(settings: ProviderSettings, private_addresses: bool) -> Providers {
    let settings = FederationSettings { providers: vec![settings], private_addresses, native_redirects: Vec::new() };
    Providers::new(settings).unwrap()
}

fn known(settings: ProviderSettings) -> Providers {
    known_with(settings, true)
}

fn only(providers: &Providers) -> &Provider {
    providers.iter().next().unwrap()
}

/// A browser is sent to the provider: where, and which issuer is kept.
async fn sent(provider: &Provider, at: Timestamp) -> Outcome<(String, String)> {
    let (state, pkce_verifier) = (SecretString::from(STATE), SecretString::from(VERIFIER));
    let request = AuthorizationRequest {
        prompt: Prompt::Nothing,
        redirect_uri: REDIRECT_URI,
        state: &state,
        nonce: NONCE,
        pkce_verifier: &pkce_verifier,
        locale: Locale::Fr,
        login_hint: None,
    };
    let authorization = provider.authorize(&request, at).await?;
    Ok((authorization.url, authorization.issuer))
}

/// The browser is back with a code.
async fn back(provider: &Provider, code: &str, issuer: &str, iss: Option<&str>, at: Timestamp) -> Outcome<Identity> {
    let pkce_verifier = SecretString::from(VERIFIER);
    let began =
        Began { redirect_uri: REDIRECT_URI, nonce: NONCE, pkce_verifier: &pkce_verifier, issuer, callback_iss: iss };
    provider.identify(&code.into(), &began, at).await
}

/// The whole way.
async fn come(providers: &Providers, server: &FakeProvider, at: Timestamp) -> Outcome<Identity> {
    let provider = only(providers);
    let (url, issuer) = sent(provider, at).await?;
    let (code, state) = server.authorize(&url);
    assert_eq!(state, STATE);
    back(provider, &code, &issuer, None, at).await
}

async fn come_once(server: &FakeProvider, settings: ProviderSettings) -> Outcome<Identity> {
    come(&known(settings), server, START).await
}

fn word<T>(outcome: &Outcome<T>) -> &'static str {
    match outcome {
        Ok(_) => "good",
        Err(ProviderFault::Unavailable(_)) => "unavailable",
        Err(ProviderFault::Invalid(_)) => "invalid",
        Err(ProviderFault::Refused(_)) => "refused",
    }
}

/// What is logged of a fault.
fn logged<T>(outcome: Outcome<T>) -> String {
    match outcome {
        Ok(_) => panic!("nothing is wrong"),
        Err(ProviderFault::Unavailable(error) | ProviderFault::Invalid(error) | ProviderFault::Refused(error)) => {
            format!("{error:#}")
        }
    }
}

fn verified(address: &str) -> ProviderEmail {
    ProviderEmail::Verified(Email::parse(address).unwrap())
}

#[tokio::test]
async fn a_person_is_identified_over_the_whole_way() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    let (url, issuer) = sent(only(&providers), START).await.ok().unwrap();
    assert_eq!(issuer, server.base);
    let url = Url::parse(&url).unwrap();
    let asked = |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    assert_eq!(url.path(), "/authorize");
    assert_eq!(asked("scope").as_deref(), Some("openid email profile"));
    assert_eq!(asked("nonce").as_deref(), Some(NONCE));
    assert_eq!(asked("ui_locales").as_deref(), Some("fr"));
    // RFC 7636, appendix B.
    assert_eq!(asked("code_challenge").as_deref(), Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    assert!(!url.as_str().contains(VERIFIER));

    let identity = come(&providers, &server, START).await.ok().unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (server.base.as_str(), "1"));
    assert_eq!(identity.email, verified("alice@example.com"));
    assert_eq!(identity.name.as_deref(), Some("Alice Doe"));
    assert!(!identity.proved_second_factor && identity.tokens.is_none());
    let token = server.heard().into_iter().find(|heard| heard.line == "POST /token HTTP/1.1").unwrap();
    assert!(token.header("authorization").starts_with("Basic "));
    assert!(!token.body.contains("client_secret"));
    assert_eq!(server.asked("/userinfo"), 0, "the ID token told everything");
}

#[tokio::test]
async fn what_is_set_is_asked_for_and_told() {
    let server = FakeProvider::start().await;
    server.will_answer(json!({"sub": "1", "email": "alice@example.com", "email_verified": true, "amr": ["mfa"]}));
    let trusting =
        ProviderSettings { trusts_second_factor: true, keeps_tokens: true, scopes: Vec::new(), ..server.settings() };
    let identity = come_once(&server, trusting).await.ok().unwrap();
    assert!(identity.proved_second_factor);
    let tokens = identity.tokens.unwrap();
    assert_eq!((tokens.scope.as_str(), tokens.expires_in), ("openid", Some(3600)));
    assert!(tokens.access.expose_secret().starts_with("access-") && tokens.refresh.is_some());
    let wary = ProviderSettings { trusts_email: false, ..server.settings() };
    let identity = come_once(&server, wary).await.ok().unwrap();
    assert_eq!(identity.email, ProviderEmail::Unverified(Email::parse("alice@example.com").unwrap()));
    assert!(!identity.proved_second_factor);
}

#[tokio::test]
async fn bad_answers_are_told_from_a_provider_that_is_down() {
    let json = "application/json";
    let says = |status, media, body: &str| Manner::Saying(status, media, body.to_owned());
    for path in ["/.well-known/openid-configuration", "/keys", "/token"] {
        for (manner, expected) in [
            (says("500 Internal Server Error", "text/html", "<h1>Oops</h1>"), "unavailable"),
            (says("503 Service Unavailable", json, "{}"), "unavailable"),
            (says("429 Too Many Requests", json, "{}"), "unavailable"),
            (says("200 OK", "text/html", "<h1>Welcome</h1>"), "invalid"),
            (says("200 OK", "text/plain", "{}"), "invalid"),
            (says("200 OK", json, "<h1>Welcome</h1>"), "invalid"),
            (says("200 OK", json, "{}"), "invalid"),
            (says("200 OK", json, "[]"), "invalid"),
            (says("200 OK", json, "{\"issuer\":"), "invalid"),
            (says("200 OK", json, &"[".repeat(100_000)), "invalid"),
            (says("404 Not Found", json, "{}"), "invalid"),
            (Manner::Redirecting, "invalid"),
            (Manner::Huge, "invalid"),
        ] {
            let server = FakeProvider::start().await;
            server.misbehave(path, manner);
            let outcome = come_once(&server, server.settings()).await;
            assert_eq!(word(&outcome), expected, "{path}");
            let logged = logged(outcome);
            assert!(!logged.contains("http://") && !logged.contains("<h1>"), "{path}: {logged}");
            assert_eq!(server.asked(path), 1, "{path}: nobody follows, nobody tries again");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_says_nothing_is_left_after_some_seconds() {
    let start = Instant::now();
    let ask = |path: &'static str| async move {
        let server = FakeProvider::start().await;
        server.misbehave(path, Manner::Silent);
        word(&come_once(&server, server.settings()).await)
    };
    let outcomes = tokio::join!(ask("/.well-known/openid-configuration"), ask("/keys"), ask("/token"));
    assert_eq!(outcomes, ("unavailable", "unavailable", "unavailable"));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

#[tokio::test]
async fn id_tokens_that_are_not_for_us_lead_nowhere() {
    let now = START.seconds();
    for claims in [
        json!({"sub": "1", "aud": "other"}),
        json!({"sub": "1", "aud": [CLIENT_ID, "other"]}),
        json!({"sub": "1", "azp": "other"}),
        json!({"sub": "1", "iss": "https://other.example.com"}),
        json!({"sub": "1", "nonce": "other"}),
        json!({"sub": "1", "nonce": null}),
        json!({"sub": "1", "exp": now - 60}),
        json!({"sub": "1", "exp": null}),
        json!({"sub": "1", "iat": now + 61}),
        json!({"sub": "1", "at_hash": "other"}),
        json!({"sub": null}),
        json!({"sub": 1}),
        json!({"sub": ""}),
    ] {
        let server = FakeProvider::start().await;
        server.will_answer(claims.clone());
        assert_eq!(word(&come_once(&server, server.settings()).await), "invalid", "{claims}");
    }
    let server = FakeProvider::start().await;
    for token in ["", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."] {
        server.will_send(token.to_owned());
        assert_eq!(word(&come_once(&server, server.settings()).await), "invalid", "{token}");
    }
}

#[tokio::test]
async fn an_address_that_is_no_text_is_none_and_a_text_is_no_proof() {
    let server = FakeProvider::start().await;
    let address = "alice@example.com";
    let unverified = ProviderEmail::Unverified(Email::parse(address).unwrap());
    for (email, is_verified, expected) in [
        (json!([address]), json!(true), ProviderEmail::Missing),
        (json!(address), json!("false"), unverified.clone()),
        (json!(address), json!("true"), unverified.clone()),
        (json!(address), Value::Null, unverified),
        (json!("alice"), json!(true), ProviderEmail::Missing),
        (Value::Null, json!(true), ProviderEmail::Missing),
    ] {
        server.will_answer(json!({"sub": "1", "email": email, "email_verified": is_verified}));
        let identity = come_once(&server, server.settings()).await.ok().unwrap();
        assert_eq!(identity.email, expected, "{email}, {is_verified}");
    }
}

#[tokio::test]
async fn what_the_id_token_does_not_tell_is_asked_for_and_must_be_about_the_same_person() {
    let server = FakeProvider::start().await;
    server.will_answer(json!({"sub": "1"}));
    server.will_answer_userinfo(json!({"sub": "1", "email": "alice@example.com", "email_verified": true, "name": "A"}));
    let identity = come_once(&server, server.settings()).await.ok().unwrap();
    assert_eq!(identity.email, verified("alice@example.com"));
    assert_eq!(identity.name.as_deref(), Some("A"));
    for other in
        [json!({"sub": "2", "email": "eve@example.com", "email_verified": true}), json!({}), json!({"sub": [1]})]
    {
        server.will_answer_userinfo(other.clone());
        assert_eq!(word(&come_once(&server, server.settings()).await), "invalid", "{other}");
    }
}

#[tokio::test]
async fn keys_roll_over() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    assert_eq!(word(&come(&providers, &server, START).await), "good");
    server.rotate_keys();
    assert_eq!(word(&come(&providers, &server, START).await), "good", "whoever comes first is not turned away");
    assert_eq!(server.asked("/keys"), 2);
    server.rotate_keys();
    let soon = START.plus_seconds(29);
    assert_eq!(word(&come(&providers, &server, soon).await), "invalid", "the keys were asked for anew just now");
    assert_eq!(server.asked("/keys"), 2, "a flood of unknown keys is no flood of questions");
    let later = START.plus_seconds(30);
    assert_eq!(word(&come(&providers, &server, later).await), "good");
    assert_eq!(server.asked("/keys"), 3);
    server.hide_keys();
    let much_later = later.plus_seconds(60 * 60);
    assert_eq!(word(&come(&providers, &server, much_later).await), "invalid", "there is no such key");
    assert_eq!(server.asked("/keys"), 5, "once because the copy was old, once because the key was not in it");
    let soon_after = much_later.plus_seconds(29);
    assert_eq!(word(&come(&providers, &server, soon_after).await), "invalid");
    assert_eq!(server.asked("/keys"), 5);
}

#[tokio::test]
async fn what_a_provider_tells_of_itself_is_kept_and_used_while_it_is_down() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    let path = "/.well-known/openid-configuration";
    for seconds in [0, 1, 3599] {
        assert!(sent(only(&providers), START.plus_seconds(seconds)).await.is_ok());
    }
    assert_eq!(server.asked(path), 1);
    server.misbehave(path, Manner::Saying("502 Bad Gateway", "text/html", String::new()));
    for seconds in [3600, 3601, 3611] {
        assert!(sent(only(&providers), START.plus_seconds(seconds)).await.is_ok());
    }
    assert_eq!(server.asked(path), 3, "not within some seconds of a failure");
}

#[tokio::test]
async fn a_provider_of_another_name_is_not_the_one_of_the_settings() {
    let server = FakeProvider::start().await;
    for issuer in [format!("{}/", server.base), "https://other.example.com".to_owned()] {
        server.will_tell("issuer", json!(issuer));
        assert_eq!(word(&come_once(&server, server.settings()).await), "invalid", "{issuer}");
    }
}

#[tokio::test]
async fn an_answer_of_another_issuer_sends_no_code_anywhere() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    let (url, issuer) = sent(only(&providers), START).await.ok().unwrap();
    let (code, _) = server.authorize(&url);
    for (kept, iss) in [
        (issuer.as_str(), Some("https://other.example.com")),
        (issuer.as_str(), Some("")),
        ("https://other.example.com", Some(issuer.as_str())),
        ("https://other.example.com", None),
    ] {
        assert_eq!(word(&back(only(&providers), &code, kept, iss, START).await), "invalid", "{kept}, {iss:?}");
    }
    assert_eq!(server.asked("/token"), 0);
    let good = back(only(&providers), &code, &issuer, Some(issuer.as_str()), START).await;
    assert_eq!(word(&good), "good");
    server.will_tell("authorization_response_iss_parameter_supported", json!(true));
    assert_eq!(word(&come_once(&server, server.settings()).await), "invalid", "it always names itself");
}

#[tokio::test]
async fn a_browsers_own_token_identifies_for_its_nonce() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    let token = SecretString::from(server.id_token(NONCE));
    let identity = only(&providers).identify_by_token(&token, NONCE, START).await.ok().unwrap();
    assert_eq!(identity.subject, "1");
    assert_eq!(word(&only(&providers).identify_by_token(&token, "other", START).await), "invalid");
    let github = known(server.github_settings());
    assert_eq!(word(&only(&github).identify_by_token(&token, NONCE, START).await), "refused");
}

#[tokio::test]
async fn private_addresses_are_not_asked_unless_that_is_set() {
    let server = FakeProvider::start().await;
    let port = server.base.rsplit_once(':').unwrap().1;
    for host in ["http://127.0.0.1", "https://127.0.0.1", "http://localhost", "https://localhost", "https://[::1]"] {
        let kind = ProviderKind::OpenId { issuer: format!("{host}:{port}") };
        let providers = known_with(ProviderSettings { kind, ..server.settings() }, false);
        assert_eq!(word(&sent(only(&providers), START).await), "unavailable", "{host}");
    }
    let github = known_with(server.github_settings(), false);
    assert_eq!(word(&sent(only(&github), START).await), "unavailable");
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn a_picture_that_a_provider_names_is_visited_by_nobody() {
    let (server, other) = (FakeProvider::start().await, FakeProvider::start().await);
    let picture = format!("{}/user", other.base);
    server.will_answer(json!({"sub": "1", "email": "alice@example.com", "email_verified": true, "picture": picture}));
    server.will_answer_userinfo(json!({"sub": "1", "name": "Alice Doe", "picture": picture}));
    assert_eq!(word(&come_once(&server, server.settings()).await), "good");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(other.heard().is_empty(), "nobody came");
    // The control: who is asked hears it.
    assert_eq!(word(&come_once(&other, other.settings()).await), "good");
    assert!(!other.heard().is_empty());
}

#[tokio::test]
async fn the_doctor_says_what_is_wrong() {
    let server = FakeProvider::start().await;
    let faults = async |at: Timestamp| {
        let findings = only(&known(server.settings())).check(at).await;
        let faults: Vec<String> = findings.into_iter().filter(|found| found.is_fault).map(|found| found.text).collect();
        faults.join(" ")
    };
    assert_eq!(faults(START).await, "");
    assert!(faults(START.plus_seconds(300)).await.contains("300 s behind"));
    server.will_tell("code_challenge_methods_supported", json!(["plain"]));
    server.will_tell("id_token_signing_alg_values_supported", json!(["HS256"]));
    let told = faults(START).await;
    assert!(told.contains("PKCE") && told.contains("signs its tokens"), "{told}");
    server.will_tell("issuer", json!("https://other.example.com"));
    assert!(faults(START).await.contains("another issuer"));
    server.behave();
    server.misbehave("/.well-known/openid-configuration", Manner::Saying("404 Not Found", "text/html", String::new()));
    assert!(faults(START).await.contains("fails"));
    assert!(only(&known(server.github_settings())).check(START).await.iter().all(|finding| !finding.is_fault));
}
