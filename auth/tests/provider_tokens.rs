//! Stories of providers' tokens: kept where a setting asks for it, sealed, renewed in time, given up and forgotten.

use crate::account_deletion::everything;
use crate::support::connections::{PROVIDER, link, node_offering, offering, rows, settings};
use crate::support::master_keys::{ring, rotate};
use crate::support::passkeys;
use crate::support::sms_service::{SmsService, answer};
use crate::support::{World, context, refusal};
use auth::crypto::{MasterKey, Sealer};
use auth::federation::{FederationSettings, ProviderKind, ProviderSettings};
use auth::flow;
use auth::id::ConnectionId;
use auth::random::SystemRandom;
use auth::session::Caller;
use auth::store::SealedTokens;
use auth::{Auth, ErrorCode, Result};
use secrecy::ExposeSecret;
use std::time::Duration;

const EMAIL: &str = "alice@example.com";
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
const RENEWED: &str = r#"{"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600,
    "token_type": "bearer", "scope": "read:user"}"#;

async fn service(status: &str, body: &str) -> SmsService {
    SmsService::saying(answer(status, "content-type: application/json\r\n", body)).await
}

/// A provider of GitHub's kind whose tokens are kept.
fn keeping(service: &SmsService) -> ProviderSettings {
    let kind = ProviderKind::GitHub { site: service.base.clone(), api: service.base.clone() };
    ProviderSettings { kind, keeps_tokens: true, ..settings(PROVIDER) }
}

/// Somebody who is connected, with tokens that end in an hour.
async fn connected(world: World, service: &SmsService) -> (World, Caller, ConnectionId) {
    let world = offering(world, vec![keeping(service)]).await;
    let caller = passkeys::signed_in(&world, EMAIL).await;
    let id = link(&world.auth, &caller.user_id, "one").await.unwrap();
    let sealer = Sealer::new(&MasterKey::from_bytes(*b"0123456789abcdefghijklmnopqrstuv").into());
    let seal = |column: &str, token: &str| {
        sealer.seal(&SystemRandom, &format!("provider_tokens.{column}.{}", id.as_str()), token.as_bytes())
    };
    let tokens = SealedTokens {
        access_sealed: seal("access_sealed", "access-1"),
        refresh_sealed: seal("refresh_sealed", "refresh-1"),
        scope: "read:user".to_owned(),
        expires_at: Some(world.auth.now().plus_seconds(HOUR)),
        refresh_at: Some(world.auth.now().plus_seconds(HOUR - 300)),
    };
    let mut tx = world.auth.store().begin().await.unwrap();
    tx.put_provider_tokens(&id, &tokens).await.unwrap();
    tx.commit().await.unwrap();
    (world, caller, id)
}

async fn access(auth: &Auth, caller: &Caller, id: &ConnectionId) -> Result<String> {
    flow::provider_access_token(auth, caller, id).await.map(|token| token.expose_secret().to_owned())
}

/// What was asked for, the newest last.
fn asked(service: &SmsService) -> Vec<String> {
    service.heard().into_iter().filter(|heard| heard.line.starts_with("POST ")).map(|heard| heard.body).collect()
}

on_both_databases! {
    async fn an_access_token_is_renewed_some_minutes_before_its_end(world: World) {
        let service = service("200 OK", RENEWED).await;
        let (world, caller, id) = connected(world, &service).await;
        assert_eq!(access(&world.auth, &caller, &id).await.unwrap(), "access-1");
        world.clock.advance_seconds(HOUR - 301);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 0, "not before");
        world.clock.advance_seconds(1);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 1);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 0);
        assert_eq!(access(&world.auth, &caller, &id).await.unwrap(), "access-2");
        world.clock.advance_seconds(HOUR - 300);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 1);
        let asked = asked(&service);
        assert!(asked[0].contains("grant_type=refresh_token") && asked[0].contains("refresh_token=refresh-1"));
        assert!(asked[1].contains("refresh_token=refresh-2"), "the new one, and never the old one again");
        assert_eq!(asked.len(), 2);
    }

    async fn nothing_of_a_token_can_be_read_in_the_database(world: World) {
        let service = service("200 OK", RENEWED).await;
        let (world, _, _) = connected(world, &service).await;
        world.clock.advance_seconds(HOUR - 300);
        world.auth.renew_provider_tokens().await.unwrap();
        let lines = everything(&world).await;
        assert!(lines.iter().any(|(table, _)| table == "provider_tokens"));
        for token in ["access-1", "access-2", "refresh-1", "refresh-2"] {
            assert!(lines.iter().all(|(_, value)| !value.contains(token)), "{token}");
        }
    }

    async fn a_permission_that_was_taken_away_is_asked_for_no_more(world: World) {
        let service = service("400 Bad Request", r#"{"error": "invalid_grant"}"#).await;
        let (world, caller, id) = connected(world, &service).await;
        world.clock.advance_seconds(HOUR - 300);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 1);
        assert_eq!(access(&world.auth, &caller, &id).await.unwrap(), "access-1", "until it ends");
        world.clock.advance_seconds(300);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 0);
        assert_eq!(refusal(access(&world.auth, &caller, &id).await), ErrorCode::NotFound);
        world.clock.advance_seconds(1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(rows(&world).await, [1, 0, 0, 0, 0], "the connection stays");
        assert_eq!(asked(&service).len(), 1);
    }

    async fn a_provider_that_is_down_is_asked_again_each_time_later(world: World) {
        let service = service("500 Internal Server Error", "{}").await;
        let (world, _, _) = connected(world, &service).await;
        world.clock.advance_seconds(HOUR - 300);
        for (failures, wait) in [60, 120, 240].into_iter().enumerate() {
            assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 1, "{failures}");
            world.clock.advance_seconds(wait - 1);
            assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 0, "{failures}");
            world.clock.advance_seconds(1);
        }
        assert_eq!(rows(&world).await[4], 1);
    }

    async fn of_many_nodes_one_asks(world: World) {
        let service = service("200 OK", RENEWED).await;
        let (world, _, _) = connected(world, &service).await;
        let other = node_offering(&world, vec![keeping(&service)]).await;
        world.clock.advance_seconds(HOUR - 300);
        let renewals: Vec<_> = (0..20)
            .map(|number| {
                let node = if number % 2 == 0 { world.auth.clone() } else { other.clone() };
                tokio::spawn(async move { node.renew_provider_tokens().await.unwrap() })
            })
            .collect();
        let mut renewed = 0;
        for one in renewals {
            renewed += one.await.unwrap();
        }
        assert_eq!((renewed, asked(&service).len()), (1, 1));
    }

    async fn tokens_that_are_sealed_anew_while_the_provider_answers_are_renewed(world: World) {
        let service = service("200 OK", RENEWED).await;
        let (world, caller, id) = connected(world, &service).await;
        let providers = vec![keeping(&service)];
        let federation = FederationSettings { providers, private_addresses: true, ..FederationSettings::default() };
        let set = |settings: &mut auth::settings::Settings| {
            settings.federation = federation;
            settings.master_keys = ring();
        };
        let node = world.another_node_with(&world.clock, set).await.unwrap();
        world.clock.advance_seconds(HOUR - 300);
        let held = service.hold().await;
        let renewing = node.clone();
        let renewal = tokio::spawn(async move { renewing.renew_provider_tokens().await.unwrap() });
        while asked(&service).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let done = rotate(&node).await;
        assert!(done.tables.iter().any(|told| told.table == "provider_tokens" && told.resealed == 2), "{done:?}");
        drop(held);
        assert_eq!(renewal.await.unwrap(), 1);
        assert_eq!(access(&node, &caller, &id).await.unwrap(), "access-2");
        world.clock.advance_seconds(HOUR - 300);
        assert_eq!(node.renew_provider_tokens().await.unwrap(), 1);
        assert!(asked(&service)[1].contains("refresh_token=refresh-2"), "the one that the provider gave last");
    }

    async fn tokens_go_with_their_connection_and_with_the_setting(world: World) {
        let service = service("200 OK", RENEWED).await;
        let (world, caller, id) = connected(world, &service).await;
        let bob = passkeys::signed_in(&world, "bob@example.com").await;
        assert_eq!(refusal(access(&world.auth, &bob, &id).await), ErrorCode::NotFound);
        let frugal = node_offering(&world, vec![settings(PROVIDER)]).await;
        assert_eq!(refusal(access(&frugal, &caller, &id).await), ErrorCode::NotFound);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(rows(&world).await[4], 1, "a setting asks for them");
        frugal.delete_what_is_over().await.unwrap();
        assert_eq!(rows(&world).await[4], 0);

        let mut tx = world.auth.store().begin().await.unwrap();
        let tokens = SealedTokens {
            access_sealed: "sealed".to_owned(),
            refresh_sealed: String::new(),
            scope: String::new(),
            expires_at: None,
            refresh_at: Some(world.auth.now()),
        };
        tx.put_provider_tokens(&id, &tokens).await.unwrap();
        tx.commit().await.unwrap();
        world.clock.advance_seconds(DAY);
        assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 0, "there is nothing to ask with");
        let caller = world.caller(&world.sign_in(EMAIL).await);
        flow::disconnect(&world.auth, &caller, &id, &context()).await.unwrap();
        assert_eq!(rows(&world).await, [0; 5]);
    }

    async fn a_provider_that_gives_no_new_token_for_others_means_the_one_of_before(world: World) {
        let renewed = r#"{"access_token": "access-2", "token_type": "bearer", "expires_in": 3600}"#;
        let service = service("200 OK", renewed).await;
        let (world, _, _) = connected(world, &service).await;
        for _ in 0..2 {
            world.clock.advance_seconds(HOUR - 300);
            assert_eq!(world.auth.renew_provider_tokens().await.unwrap(), 1);
        }
        assert!(asked(&service).iter().all(|body| body.contains("refresh_token=refresh-1")));
        assert_eq!(asked(&service).len(), 2);
    }
}
