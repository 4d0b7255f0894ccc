//! Stories of what a refresh token family tells: who rotated when, where a token was used again, how it
//! ended.

use crate::support::{START, World, context, refusal};
use auth::flow::{self, SignedIn};
use auth::session::Caller;
use auth::view::{EndReason, Family, Origin};
use auth::{Context, ErrorCode};
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection, Row};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const DAY: i64 = 24 * 60 * 60;

/// A request from a telephone in another network.
fn elsewhere() -> Context {
    Context { address: "203.0.113.9".into(), device: "Safari on iPhone".into(), ..context() }
}

fn origin_of(context: &Context) -> Origin {
    Origin { device: context.device.clone(), address: Some(context.address.clone()) }
}

/// An administrator, and a session of somebody else with its caller.
async fn begin(world: &World) -> (Caller, SignedIn, Caller) {
    let admin = world.administrator(ADMIN).await;
    world.create_account(ALICE).await;
    let session = world.sign_in(ALICE).await;
    let caller = world.caller(&session);
    (admin, session, caller)
}

async fn family(world: &World, admin: &Caller, of: &Caller) -> Family {
    world.grant_grace().await;
    flow::admin_show_session(&world.auth, admin, &of.session_id).await.unwrap()
}

/// Rotates as often from there, a while apart; gives the newest token.
async fn rotate(world: &World, token: &SecretString, from: &Context, times: usize, apart: i64) -> SecretString {
    let mut newest = token.clone();
    for _ in 0..times {
        world.clock.advance_seconds(apart);
        newest = flow::refresh(&world.auth, &newest, from).await.unwrap().refresh_token;
    }
    newest
}

/// How many tokens rest with a place of their own.
async fn noted_places(world: &World) -> i64 {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let statement = "SELECT CAST(COUNT(*) AS BIGINT) AS noted FROM refresh_tokens \
                     WHERE address IS NOT NULL OR device IS NOT NULL";
    let row = sqlx::query(statement).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("noted")
}

on_both_databases! {
    async fn it_is_told_who_rotated_when(world: World) {
        let (admin, session, alice) = begin(&world).await;
        let newest = rotate(&world, &session.refresh_token, &context(), 2, 300).await;
        assert_eq!(noted_places(&world).await, 0, "who stays in one place leaves no trail");
        let newest = rotate(&world, &newest, &elsewhere(), 1, 300).await;
        // A navigation rotates as well.
        world.clock.advance_seconds(300);
        flow::resume(&world.auth, &newest, &elsewhere()).await.unwrap().unwrap().refresh_token.unwrap();

        let told = family(&world, &admin, &alice).await;
        let steps: Vec<_> = told.steps.iter().map(|step| (step.first, step.since.seconds_since(START))).collect();
        assert_eq!(steps, [(0, 0), (1, 300), (2, 600), (3, 900), (4, 1200)]);
        let origins: Vec<_> = told.steps.iter().map(|step| step.origin.clone()).collect();
        let (here, there) = (origin_of(&context()), origin_of(&elsewhere()));
        assert_eq!(origins, [here.clone(), here.clone(), here.clone(), there.clone(), there]);
        assert_eq!((told.tokens, told.slot_seconds, told.is_cut), (5, None, false));
        assert_eq!((told.email.as_str(), &told.session.origin), (ALICE, &here));
        assert!(told.reuse.is_none() && told.session.end.is_none() && told.ended_from.is_none());
        assert_eq!(told.session.last_seen_at, START.plus_seconds(1200));
    }

    async fn a_lost_answer_is_no_second_rotation(world: World) {
        let (admin, session, alice) = begin(&world).await;
        for _ in 0..5 {
            flow::refresh(&world.auth, &session.refresh_token, &elsewhere()).await.unwrap();
            world.clock.advance_seconds(1);
        }
        let told = family(&world, &admin, &alice).await;
        assert_eq!(told.tokens, 2);
        assert!(told.reuse.is_none());
    }

    async fn a_token_used_again_is_told_with_its_place(world: World) {
        let (admin, session, alice) = begin(&world).await;
        let first = rotate(&world, &session.refresh_token, &context(), 1, 300).await;
        rotate(&world, &first, &context(), 2, 300).await;
        assert!(flow::refresh(&world.auth, &first, &elsewhere()).await.is_err());
        let told = family(&world, &admin, &alice).await;
        let reuse = told.reuse.unwrap();
        assert_eq!((reuse.generation, &reuse.origin), (Some(1), &origin_of(&elsewhere())));
        assert_eq!(reuse.at, world.auth.now());
        let end = told.session.end.unwrap();
        assert_eq!((end.at, end.reason), (reuse.at, EndReason::RefreshTokenReuse));
        assert_eq!(told.ended_from, Some(origin_of(&elsewhere())));
        assert_eq!(told.tokens, 4);
    }

    async fn every_end_has_its_reason(world: World) {
        let (admin, session, alice) = begin(&world).await;
        let other = world.caller(&world.sign_in(ALICE).await);
        let third = world.caller(&world.sign_in(ALICE).await);
        let idle = world.caller(&world.sign_in(ALICE).await);
        flow::end_session(&world.auth, &third, &other.session_id, &elsewhere()).await.unwrap();
        flow::sign_out(&world.auth, &session.refresh_token, &context()).await.unwrap();
        flow::admin_end_session(&world.auth, &admin, &third.session_id, &context()).await.unwrap();

        for (caller, reason, from) in [
            (&alice, EndReason::SignedOut, Some(origin_of(&context()))),
            (&other, EndReason::EndedByUser, Some(origin_of(&elsewhere()))),
            (&third, EndReason::EndedByAdmin, None),
        ] {
            let told = family(&world, &admin, caller).await;
            assert_eq!((told.session.end.unwrap().reason, told.ended_from), (reason, from));
        }
        assert!(family(&world, &admin, &idle).await.session.end.is_none());
        world.clock.advance_seconds(30 * DAY);
        let admin = world.caller(&world.sign_in(ADMIN).await);
        let end = family(&world, &admin, &idle).await.session.end.unwrap();
        assert_eq!((end.reason, end.at), (EndReason::Idle, START.plus_seconds(30 * DAY)));
    }

    async fn sixty_tokens_stand_alone_and_more_are_counted(world: World) {
        let (admin, session, alice) = begin(&world).await;
        let newest = rotate(&world, &session.refresh_token, &context(), 59, 300).await;
        let told = family(&world, &admin, &alice).await;
        assert_eq!((told.steps.len(), told.tokens, told.slot_seconds), (60, 60, None));

        let newest = rotate(&world, &newest, &context(), 100, 300).await;
        let told = family(&world, &admin, &alice).await;
        assert_eq!((told.tokens, told.slot_seconds), (160, Some(600)));
        assert_eq!(told.steps.iter().map(|step| step.tokens).sum::<i64>(), 160);
        assert_eq!(told.steps.len(), 80, "two in ten minutes");
        assert!(told.steps.iter().all(|step| step.origin == origin_of(&context())));
        assert_eq!((told.steps[0].first, told.steps[79].last), (0, 159));

        // Days, with a second device among them.
        let newest = rotate(&world, &newest, &elsewhere(), 3, DAY).await;
        rotate(&world, &newest, &context(), 3, DAY).await;
        let told = family(&world, &admin, &alice).await;
        assert_eq!((told.tokens, told.slot_seconds), (166, Some(6 * 60 * 60)));
        assert_eq!(told.steps.iter().map(|step| step.tokens).sum::<i64>(), 166);
        let devices: Vec<_> = told.steps.iter().map(|step| &*step.origin.device).collect();
        assert_eq!(devices.iter().filter(|device| **device == "Safari on iPhone").count(), 3);
    }

    async fn several_addresses_of_a_slot_are_not_one(world: World) {
        let (admin, session, alice) = begin(&world).await;
        let mut newest = session.refresh_token;
        for number in 0..70 {
            let from = Context { address: format!("198.51.100.{number}"), ..context() };
            newest = rotate(&world, &newest, &from, 1, 1).await;
        }
        let told = family(&world, &admin, &alice).await;
        assert_eq!(told.slot_seconds, Some(60));
        assert_eq!(told.steps.iter().map(|step| step.tokens).collect::<Vec<_>>(), [60, 11]);
        assert!(told.steps.iter().all(|step| step.origin.address.is_none()));
    }

    async fn what_is_known_of_places_is_handed_out_and_forgotten(world: World) {
        let (_, session, alice) = begin(&world).await;
        rotate(&world, &session.refresh_token, &elsewhere(), 2, 60).await;
        let data = flow::export_data(&world.auth, &alice, &context()).await.unwrap();
        assert_eq!(data.sessions[0].elsewhere, [origin_of(&elsewhere())]);
        assert!(data.to_json().to_string().contains("203.0.113.9"));

        flow::sign_out_caller(&world.auth, &alice, &context()).await.unwrap();
        world.clock.advance_seconds(91 * DAY);
        world.auth.delete_what_is_over().await.unwrap();
        world.grant_grace().await;
        let admin = world.caller(&world.sign_in(ADMIN).await);
        let gone = flow::admin_show_session(&world.auth, &admin, &alice.session_id).await;
        assert_eq!(refusal(gone), ErrorCode::NotFound);
        assert_eq!(noted_places(&world).await, 0);
    }
}
