//! Turns: a request over HTTP/2 counts as a connection, and who finds no turn is told so, within bounds.

use super::{NO_ROOM, open, open_as};
use crate::support::TestApp;
use crate::support::door::{LONG, PATIENT, SHORT};
use crate::support::http2::{CANCEL, DATA, END_STREAM, HEADERS, RST_STREAM, Wire};
use server::door::{DoorLimits, Routes};
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_its_share_of_requests_whatever_its_connections() {
    let door = open(DoorLimits { connections_of_address: 3, ..PATIENT }).await;
    let mut wire = door.wire().await;
    for stream in [1, 3, 5] {
        assert!(wire.get(stream, "/never").await);
    }
    assert!(door.were_asked(3).await);
    let answer = door.client().get(door.url("/health/live")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()), (503, b"5".as_slice()));
    drop(wire);
    sleep(SHORT).await;
    assert!(door.is_well().await, "the turns are free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_turn_reads_a_page_and_a_program_a_problem_with_the_headers_of_every_answer() {
    let app = TestApp::start().await;
    let limits = DoorLimits { connections_of_address: 3, ..PATIENT };
    let door = open_as(app.router(), limits, Routes::of_the_program).await;
    let (client, mut wire) = (door.client(), door.wire().await);
    let ask = |accept: &'static str| {
        let request = client.get(door.url("/sign-in?next=/account")).header("accept", accept);
        request.header("accept-language", "fr").send()
    };
    for stream in [1, 3, 5] {
        assert!(wire.get(stream, "/never").await);
    }
    assert!(door.were_asked(3).await);
    for (accept, kind) in [("text/html", "text/html; charset=utf-8"), ("application/json", "application/problem+json")]
    {
        let answer = ask(accept).await.unwrap();
        let headers = answer.headers().clone();
        assert_eq!((answer.status().as_u16(), headers["retry-after"].as_bytes()), (503, b"5".as_slice()));
        assert_eq!(headers["content-type"], kind);
        for name in ["x-request-id", "x-content-type-options", "content-security-policy", "permissions-policy"] {
            assert!(headers.contains_key(name), "{accept}: {name}");
        }
        let body = answer.text().await.unwrap();
        if accept == "text/html" {
            assert!(body.contains("lang=\"fr\"") && !body.contains("<script"), "{body}");
            assert!(body.contains("href=\"/sign-in?next=/account\""), "it leads to the same page: {body}");
        } else {
            assert!(body.contains("\"code\":\"busy\""), "{body}");
        }
    }
    drop(wire);
    sleep(SHORT).await;
    assert_eq!(ask("text/html").await.unwrap().status(), 200, "the control: the turns are free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_breaks_off_the_words_that_there_is_no_turn_is_let_go() {
    let app = TestApp::start().await;
    let limits = DoorLimits { connections_of_address: 3, ..PATIENT };
    let door = open_as(app.router(), limits, Routes::of_the_program).await;
    let (mut busy, mut wire) = (door.wire().await, Wire::open(door.address, &NO_ROOM).await);
    for stream in [1, 3, 5] {
        assert!(busy.get(stream, "/never").await);
    }
    assert!(door.were_asked(3).await);
    let mut told = 0;
    for number in 0..200_u32 {
        let stream = 2 * number + 1;
        // The head is there, and its words wait for room: so each is broken off within its answer.
        if !wire.get(stream, "/api/v1/me").await || wire.first(HEADERS).await.is_none() {
            break;
        }
        told += 1;
        wire.send(RST_STREAM, 0, stream, &[0, 0, 0, CANCEL]).await;
    }
    assert!((100..150).contains(&told), "{told} were told");
    assert!(wire.is_over(LONG).await);

    let mut patient = door.wire().await;
    for number in 0..200_u32 {
        assert!(patient.get(2 * number + 1, "/api/v1/me").await);
        let words = patient.first(DATA).await.expect("the control: who hears the words may ask on");
        let is_told = String::from_utf8_lossy(&words.payload).contains("\"code\":\"busy\"");
        assert!(number > 0 || is_told, "{words:?}");
    }
    drop((busy, patient));
    sleep(SHORT).await;
    let answer = door.client().get(door.url("/health/live")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "the turns are free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_are_told_in_words_at_once_that_there_is_no_turn_and_others_without_a_word() {
    let app = TestApp::start().await;
    let limits = DoorLimits { connections_of_address: 4, ..PATIENT };
    let door = open_as(app.router(), limits, Routes::of_the_program).await;
    let mut busy = door.wire().await;
    for stream in [1, 3, 5, 7] {
        assert!(busy.get(stream, "/never").await);
    }
    assert!(door.were_asked(4).await);
    let mut crowd = Vec::new();
    for has_words in [true, true, false] {
        // Nobody takes the words, so they stay where they are.
        let mut wire = Wire::open(door.address, &NO_ROOM).await;
        for number in 0..32_u32 {
            assert!(wire.get(2 * number + 1, "/api/v1/me").await);
            let head = wire.first(HEADERS).await.expect("everybody is answered");
            assert_eq!(head.flags & END_STREAM == 0, has_words, "{number} of connection {}", crowd.len());
        }
        crowd.push(wire);
    }
    drop(crowd);
    sleep(SHORT).await;
    let mut wire = door.wire().await;
    assert!(wire.get(1, "/api/v1/me").await);
    let head = wire.first(HEADERS).await.unwrap();
    assert!(head.flags & END_STREAM == 0, "the control: there is room for words again");
}
