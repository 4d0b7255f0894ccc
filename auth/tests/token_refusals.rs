//! Stories of tokens that are not accepted.

use crate::forged_tokens::{Forge, Line, controls, lines};
use crate::support::tokens::{Judge, forge, read};
use crate::support::{World, refusal};
use auth::token::Fault;
use auth::{ErrorCode, Refusal};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::{Duration, Instant};

const EMAIL: &str = "alice@example.com";

async fn issued(world: &World) -> String {
    world.create_account(EMAIL).await;
    world.sign_in(EMAIL).await.access.access_token
}

on_both_databases! {
    async fn every_forged_token_is_refused_by_its_check_and_nobody_hears_which(world: World) {
        let token = issued(&world).await;
        let judge = Judge::new(forge(&world, &token).await);
        for (name, token) in controls(&judge.forge) {
            assert!(judge.verify(&token).is_ok(), "{name}: {:?}", judge.verify(&token).err());
            let caller = world.auth.caller_of_access_token(&SecretString::from(token));
            assert!(caller.is_ok(), "{name}");
        }
        let lines = lines(&judge.forge);
        assert!(lines.len() > 500, "{}", lines.len());
        for Line { name, token, fault } in lines {
            assert_eq!(judge.verify(&token).err(), Some(fault), "{name}");
            let refused = world.auth.caller_of_access_token(&SecretString::from(token)).err().unwrap();
            assert_eq!(refused.refusal(), Refusal::from(ErrorCode::InvalidToken), "{name}");
        }
    }

    async fn an_issued_token_says_what_it_must_and_no_more(world: World) {
        let token = issued(&world).await;
        let (header, claims) = read(&token);
        let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<HashSet<_>>();
        assert_eq!(names(&header), HashSet::from(["alg", "kid", "typ"].map(String::from)));
        assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("at+jwt")));
        let expected = [
            "sub", "sid", "iss", "aud", "client_id", "iat", "nbf", "exp", "jti", "ver", "scope", "roles", "amr",
            "acr", "auth_time",
        ];
        assert_eq!(names(&claims), HashSet::from(expected.map(String::from)));
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("https://id.example.com"), &claims["iss"]));
        assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd"]), &json!("aal1")));
        assert_eq!((&claims["nbf"], &claims["ver"]), (&claims["iat"], &json!(0)));
        let seconds = |name: &str| claims[name].as_i64().unwrap();
        assert_eq!(seconds("exp") - seconds("iat"), 300);
    }

    async fn a_token_of_another_world_is_refused(world: World) {
        let other = World::on(crate::support::database::sqlite()).await;
        let token = issued(&other).await;
        assert!(other.auth.caller_of_access_token(&token.as_str().into()).is_ok());
        let refused = world.auth.caller_of_access_token(&token.as_str().into());
        assert_eq!(refusal(refused), ErrorCode::InvalidToken);
    }
}

#[test]
fn every_line_has_its_name_and_every_check_its_lines() {
    let lines = lines(&Forge::alone());
    let names: HashSet<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names.len(), lines.len());
    let tokens: HashSet<&str> = lines.iter().map(|line| line.token.as_str()).collect();
    assert!(lines.len() - tokens.len() < 10, "a line that forges what another does proves little");
    for fault in [
        Fault::Size,
        Fault::Form,
        Fault::Encoding,
        Fault::Json,
        Fault::Header,
        Fault::Key,
        Fault::Algorithm,
        Fault::Signature,
        Fault::Type,
        Fault::Claim,
        Fault::Issuer,
        Fault::Audience,
        Fault::Time,
    ] {
        assert!(lines.iter().any(|line| line.fault == fault), "{fault:?}");
    }
}

#[test]
fn times_are_judged_to_the_second() {
    let judge = Judge::new(Forge::alone());
    let (forge, now) = (&judge.forge, judge.forge.now());
    let token = |changes: &[(&str, i64)]| {
        let mut claims = forge.claims_with("iat", now);
        for (name, moment) in changes {
            claims[*name] = json!(moment);
        }
        forge.sign(&read(&forge.valid()).0, &claims)
    };
    for accepted in [
        &[("exp", now + 1)][..],
        &[],
        &[("iat", now + 30)],
        &[("nbf", now + 30)],
        &[("exp", now + 3600)],
        &[("iat", now - 3599), ("exp", now + 1)],
        &[("nbf", 0)],
        &[("auth_time", 0)],
    ] {
        assert!(judge.verify(&token(accepted)).is_ok(), "{accepted:?}");
    }
    for refused in [
        &[("exp", now)][..],
        &[("iat", now + 31)],
        &[("nbf", now + 31)],
        &[("exp", now + 3601)],
        &[("iat", now - 3600), ("exp", now + 1)],
    ] {
        assert_eq!(judge.verify(&token(refused)).err(), Some(Fault::Time), "{refused:?}");
    }
}

#[test]
fn whatever_it_is_it_is_judged_at_once() {
    let judge = Judge::new(Forge::alone());
    for Line { name, token, .. } in lines(&judge.forge) {
        let started = Instant::now();
        for _ in 0..10 {
            assert!(judge.verify(&token).is_err(), "{name}");
        }
        assert!(started.elapsed() < Duration::from_secs(1), "{name}: {:?} for ten", started.elapsed());
    }
}
