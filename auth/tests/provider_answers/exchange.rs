//! Codes and refresh tokens against tokens.

use super::{back, come, come_once, known, logged, only, sent, word};
use crate::support::START;
use crate::support::provider::{FakeProvider, Manner};
use auth::federation::ProviderTokens;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

#[tokio::test]
async fn the_secret_goes_into_the_form_where_only_that_is_taken() {
    let server = FakeProvider::start().await;
    server.will_tell("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
    assert_eq!(word(&come_once(&server, server.settings()).await), "good");
    let token = server.heard().into_iter().find(|heard| heard.line == "POST /token HTTP/1.1").unwrap();
    assert!(token.header("authorization").is_empty() && token.body.contains("client_secret="));
}

#[tokio::test]
async fn a_code_is_good_once_and_a_refusal_is_told_in_plain_words() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    let (url, issuer) = sent(only(&providers), START).await.ok().unwrap();
    let (code, _) = server.authorize(&url);
    assert_eq!(word(&back(only(&providers), &code, &issuer, None, START).await), "good");
    let again = back(only(&providers), &code, &issuer, None, START).await;
    assert_eq!(word(&again), "refused");
    assert_eq!(logged(again), "it says invalid_grant: the code is wrongor over");
    let body = json!({"error": "server_error"}).to_string();
    server.misbehave("/token", Manner::Saying("400 Bad Request", "application/json", body));
    assert_eq!(word(&come(&providers, &server, START).await), "unavailable");
}

#[tokio::test]
async fn tokens_are_refreshed() {
    let server = FakeProvider::start().await;
    let providers = known(server.settings());
    let refresh = |token: &str| {
        let (provider, token) = (only(&providers), SecretString::from(token));
        async move { provider.refresh(&token, START).await }
    };
    let tokens: ProviderTokens = refresh("refresh-0").await.ok().unwrap();
    assert!(tokens.refresh.is_some_and(|token| token.expose_secret() == "refresh-1"), "a new one comes");
    assert_eq!(word(&refresh("other").await), "refused");
    let body = json!({"access_token": "a", "token_type": "Bearer"}).to_string();
    server.misbehave("/token", Manner::Saying("200 OK", "application/json", body));
    let tokens = refresh("refresh-1").await.ok().unwrap();
    assert!(tokens.refresh.is_some_and(|token| token.expose_secret() == "refresh-1"), "the old one goes on");
    let twice = r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#.to_owned();
    server.misbehave("/token", Manner::Saying("200 OK", "application/json", twice));
    assert_eq!(word(&refresh("refresh-1").await), "invalid");
}
