//! SMS over HTTP: the whole request, and what becomes of it when the service fails.

use crate::support::World;
use crate::support::sent_codes::{PHONE, ask_for_phone, signed_in};
use crate::support::sms_service::{Fate, Heard, SmsService, answer, send};
use auth::job::Worker;
use auth::mail::Transport;
use auth::sms::{SIGNATURE_HEADER, SmsSettings, TwilioSender, TwilioSettings, WebhookSender, WebhookSettings};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;

const SECRET: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";
const TEXT: &str = "Your code is 12345678 & more=yes.\n\n@id.example.com #12345678";

fn twilio(service: &SmsService) -> TwilioSettings {
    TwilioSettings {
        base: service.base.clone(),
        account: "AC0123".to_owned(),
        token: "top-secret".into(),
        from: ("From", "+15550100199".to_owned()),
    }
}

fn webhook(service: &SmsService) -> WebhookSettings {
    WebhookSettings { url: format!("{}/sms?team=1", service.base), secret: SECRET.into() }
}

fn pairs(pairs: [(&str, &str); 3]) -> BTreeMap<String, String> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn form(heard: &Heard) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(heard.body.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn twilio_gets_a_form_with_basic_authentication() {
    let service = SmsService::saying(answer("201 Created", "", "{\"sid\":\"SM1\"}")).await;
    assert_eq!(send(&TwilioSender::new(twilio(&service)).unwrap()).await, Fate::Sent);
    let by_service = TwilioSettings { from: ("MessagingServiceSid", "MG12".to_owned()), ..twilio(&service) };
    assert_eq!(send(&TwilioSender::new(by_service).unwrap()).await, Fate::Sent);
    let heard = service.heard();
    assert_eq!(heard.len(), 2);
    for request in &heard {
        assert_eq!(request.line, "POST /2010-04-01/Accounts/AC0123/Messages.json HTTP/1.1");
        let credentials = BASE64_STANDARD.encode("AC0123:top-secret");
        assert_eq!(request.header("authorization"), format!("Basic {credentials}"));
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
        assert_eq!(request.header("idempotency-key"), "job-1", "the same at each try");
    }
    assert_eq!(form(&heard[0]), pairs([("To", PHONE), ("From", "+15550100199"), ("Body", TEXT)]));
    assert_eq!(form(&heard[1]), pairs([("To", PHONE), ("MessagingServiceSid", "MG12"), ("Body", TEXT)]));
}

#[tokio::test]
async fn a_webhook_gets_signed_json() {
    let service = SmsService::saying(answer("204 No Content", "", "")).await;
    assert_eq!(send(&WebhookSender::new(webhook(&service)).unwrap()).await, Fate::Sent);
    let heard = service.heard().remove(0);
    assert_eq!(heard.line, "POST /sms?team=1 HTTP/1.1");
    assert_eq!(heard.header("content-type"), "application/json");
    assert_eq!(heard.header("idempotency-key"), "job-1");
    assert_eq!(heard.header("authorization"), "");
    let body: serde_json::Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(body, serde_json::json!({ "to": PHONE, "text": TEXT }));
    // As its receiver verifies it.
    let (moment, signature) = heard.header(SIGNATURE_HEADER).split_once(",v1=").unwrap();
    assert_eq!(moment, "t=1800000000");
    let bytes: Vec<u8> =
        (0..signature.len() / 2).map(|at| u8::from_str_radix(&signature[2 * at..2 * at + 2], 16).unwrap()).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("1800000000.{}", heard.body).as_bytes());
    mac.verify_slice(&bytes).unwrap();
}

#[tokio::test]
async fn what_a_service_says_decides_whether_it_is_asked_again() {
    let twilio_refusal = "{\"code\": 21211, \"message\": \"The 'To' number +447700900123 is not valid.\"}";
    for (said, again) in [
        (answer("500 Internal Server Error", "", ""), true),
        (answer("503 Service Unavailable", "", "<html>"), true),
        (answer("429 Too Many Requests", "", ""), true),
        (answer("408 Request Timeout", "", ""), true),
        (Some("no HTTP at all".to_owned()), true),
        (Some(String::new()), true),
        (answer("400 Bad Request", "", twilio_refusal), false),
        (answer("400 Bad Request", "", &"x".repeat(100_000)), false),
        (answer("401 Unauthorized", "", "null"), false),
        (answer("404 Not Found", "", "[]"), false),
    ] {
        let service = SmsService::saying(said.clone()).await;
        for fate in [
            send(&TwilioSender::new(twilio(&service)).unwrap()).await,
            send(&WebhookSender::new(webhook(&service)).unwrap()).await,
        ] {
            let words = match (fate, again) {
                (Fate::Later(words), true) | (Fate::Never(words), false) => words,
                (fate, _) => panic!("{fate:?} after {said:?}"),
            };
            for secret in ["447700900123", "12345678", "top-secret", SECRET, "AC0123"] {
                assert!(!words.contains(secret), "{words}");
            }
        }
        assert_eq!(service.heard().len(), 2);
    }
    let service = SmsService::saying(answer("400 Bad Request", "", twilio_refusal)).await;
    let Fate::Never(words) = send(&TwilioSender::new(twilio(&service)).unwrap()).await else {
        panic!("it was tried again")
    };
    assert!(words.contains("400") && words.contains("21211"), "{words}");
}

#[tokio::test]
async fn nobody_is_followed_to_another_place() {
    let other = SmsService::saying(answer("200 OK", "", "")).await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let service = SmsService::saying(answer(status, &format!("location: {}/sms\r\n", other.base), "")).await;
        let fate = send(&WebhookSender::new(webhook(&service)).unwrap()).await;
        assert!(matches!(fate, Fate::Never(_)), "{status}: {fate:?}");
        assert_eq!((service.heard().len(), other.heard().len()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn a_service_that_is_silent_is_left_after_ten_seconds() {
    let service = SmsService::saying(None).await;
    let began = tokio::time::Instant::now();
    let fate = send(&WebhookSender::new(webhook(&service)).unwrap()).await;
    assert!(matches!(fate, Fate::Later(_)), "{fate:?}");
    assert!((9..15).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

/// A worker of a node whose SMS leave through a service, with an SMS that waits.
async fn waiting_sms(world: &World, service: &SmsService) -> Worker {
    let settings = twilio(service);
    let clock = std::sync::Arc::clone(&world.clock);
    let node =
        world.another_node_with(&clock, |all| all.codes.sms = Some(SmsSettings::Twilio(settings))).await.unwrap();
    let caller = signed_in(world).await;
    world.inbox().await;
    ask_for_phone(world, &caller, PHONE).await.unwrap();
    Worker::new(node, Transport::DevInbox(world.auth.store().clone()))
}

on_both_databases! {
    async fn an_sms_is_tried_again_while_its_code_works(world: World) {
        let service = SmsService::saying(answer("503 Service Unavailable", "", "")).await;
        let worker = waiting_sms(&world, &service).await;
        for seconds in [0, 5, 10] {
            world.clock.advance_seconds(seconds);
            assert_eq!(worker.deliver_due().await.unwrap(), 1);
        }
        let heard = service.heard();
        assert_eq!(heard.len(), 3);
        let keys: Vec<_> = heard.iter().map(|request| request.header("idempotency-key")).collect();
        assert!(keys.iter().all(|key| *key == keys[0]), "a service can tell it is the same: {keys:?}");
        world.clock.advance_seconds(600);
        assert_eq!(worker.deliver_due().await.unwrap(), 1, "it is put aside");
        world.clock.advance_seconds(3600);
        assert_eq!(worker.deliver_due().await.unwrap(), 0);
        assert_eq!(service.heard().len(), 3, "a dead code is not paid for");
    }

    async fn a_refused_sms_is_not_tried_again(world: World) {
        let service = SmsService::saying(answer("400 Bad Request", "", "{\"code\": 21211}")).await;
        let worker = waiting_sms(&world, &service).await;
        assert_eq!(worker.deliver_due().await.unwrap(), 1);
        for _ in 0..12 {
            world.clock.advance_seconds(3600);
            assert_eq!(worker.deliver_due().await.unwrap(), 0);
        }
        assert_eq!(service.heard().len(), 1);
        assert!(world.inbox().await.iter().all(|mail| mail.kind != "sms"));
    }

    async fn a_sent_sms_is_sent_once(world: World) {
        let service = SmsService::saying(answer("201 Created", "", "{}")).await;
        let worker = waiting_sms(&world, &service).await;
        while worker.deliver_due().await.unwrap() > 0 {}
        world.clock.advance_seconds(60);
        assert_eq!(worker.deliver_due().await.unwrap(), 0);
        let heard = service.heard();
        assert_eq!(heard.len(), 1);
        let fields = form(&heard[0]);
        assert_eq!(fields["To"], PHONE);
        let (sentence, last) = fields["Body"].split_once("\n\n").unwrap();
        let code = last.strip_prefix("@id.example.com #").unwrap();
        assert!(code.len() == 8 && sentence.contains(code), "{fields:?}");
    }
}
