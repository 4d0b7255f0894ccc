//! Stories of how many invitations there may be and how many mails they may cause, and of what happens at the same
//! moment.

use crate::support::invitations::{accept, invite};
use crate::support::{World, context, refusal};
use auth::{ErrorCode, Refusal, flow};
use sqlx::{AnyConnection, Connection, Row};
use std::sync::Arc;
use tokio::sync::Barrier;

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const HOUR: i64 = 60 * 60;
const CROWD: usize = 20;

fn told<T>(result: auth::Result<T>) -> Refusal {
    result.err().unwrap().refusal()
}

/// What accepting must not be: looks whether it waits, and notes then that it does not.
async fn accept_carelessly(url: String, all_looked: Arc<Barrier>) -> bool {
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    let waiting = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM invitations WHERE used_at IS NULL";
    let found: i64 = sqlx::query(waiting).fetch_one(&mut connection).await.unwrap().get("found");
    all_looked.wait().await;
    sqlx::query("UPDATE invitations SET used_at = 1").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    found == 1
}

on_both_databases! {
    async fn an_organization_writes_fifty_mails_an_hour_and_has_two_hundred_open(world: World) {
        let team = world.acme(ADA).await;
        let invite = |number: usize| {
            let (auth, owner, id) = (world.auth.clone(), team.owner.clone(), team.id.clone());
            async move { invite(&auth, &owner, &id, &format!("guest-{number}@example.com"), "viewer").await }
        };
        for number in 0..200 {
            if number > 0 && number % 50 == 0 {
                let refused = told(invite(number).await);
                assert_eq!((refused.code, refused.retry_after), (ErrorCode::TooSoon, Some(3600)), "{number}");
                world.clock.advance_seconds(HOUR);
            }
            invite(number).await.unwrap();
        }
        world.clock.advance_seconds(HOUR);
        assert_eq!(refusal(invite(200).await), ErrorCode::TooMany);
        // One that waits already is no new one.
        invite(7).await.unwrap();
        assert_eq!(world.count("invitations").await, 200);
    }

    async fn an_address_gets_five_an_hour_and_ten_a_day_from_all_organizations_together(world: World) {
        let ada = world.somebody(ADA).await;
        let mut organizations = Vec::new();
        for number in 0..6 {
            organizations.push(world.organization(&ada, &format!("Acme {number}")).await);
        }
        for id in &organizations[..5] {
            invite(&world.auth, &ada, id, BOB, "viewer").await.unwrap();
        }
        let sixth = || invite(&world.auth, &ada, &organizations[5], BOB, "viewer");
        assert_eq!(refusal(sixth().await), ErrorCode::TooSoon);
        assert_eq!(world.invitation_mails(BOB).await.len(), 5);
        world.clock.advance_seconds(HOUR);
        sixth().await.unwrap();
        for id in &organizations[..4] {
            invite(&world.auth, &ada, id, BOB, "viewer").await.unwrap();
        }
        world.clock.advance_seconds(HOUR);
        assert_eq!(refusal(sixth().await), ErrorCode::TooSoon, "ten in two hours");
        assert_eq!(world.invitation_mails(BOB).await.len(), 10);
        world.clock.advance_seconds(22 * HOUR);
        sixth().await.unwrap();
    }

    async fn somebody_sends_a_hundred_an_hour_into_all_organizations_together(world: World) {
        let ada = world.somebody(ADA).await;
        for number in 0..2 {
            let id = world.organization(&ada, &format!("Acme {number}")).await;
            for guest in 0..50 {
                invite(&world.auth, &ada, &id, &format!("guest-{number}-{guest}@example.com"), "viewer").await.unwrap();
            }
        }
        let third = world.organization(&ada, "Acme 2").await;
        let more = || invite(&world.auth, &ada, &third, BOB, "viewer");
        let refused = told(more().await);
        assert_eq!((refused.code, refused.retry_after), (ErrorCode::TooSoon, Some(3600)));
        world.clock.advance_seconds(HOUR);
        more().await.unwrap();
    }

    async fn on_two_devices_at_once_it_is_accepted_once(world: World) {
        let team = world.acme(ADA).await;
        world.invite(&team, BOB, "member").await;
        let link = world.invitation_link(BOB).await;
        world.create_account(BOB).await;
        // All of them first: whoever is a member has other rights, and older access tokens are over.
        let mut devices = Vec::new();
        for _ in 0..CROWD {
            devices.push(world.caller(&world.sign_in(BOB).await));
        }
        let mut tasks = Vec::new();
        for bob in devices {
            let (auth, link) = (world.auth.clone(), link.clone());
            tasks.push(tokio::spawn(async move { accept(&auth, &bob, &link).await }));
        }
        let mut accepted = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => accepted += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::LinkExpired),
            }
        }
        assert_eq!((accepted, world.count("memberships").await), (1, 2));
        assert_eq!(world.kinds_of_mails(ADA).await.iter().filter(|kind| *kind == "invitation_accepted").count(), 1);
    }

    async fn who_looks_first_and_notes_it_then_accepts_as_often_as_devices_ask(world: World) {
        let team = world.acme(ADA).await;
        world.invite(&team, BOB, "member").await;
        let all_looked = Arc::new(Barrier::new(4));
        let devices: Vec<_> = (0..4)
            .map(|_| tokio::spawn(accept_carelessly(world.database.url.clone(), Arc::clone(&all_looked))))
            .collect();
        let mut accepted = 0;
        for device in devices {
            accepted += usize::from(device.await.unwrap());
        }
        assert_eq!(accepted, 4, "the control: the race is there to be won");
    }

    async fn taking_back_and_accepting_never_both_happen(world: World) {
        let team = world.acme(ADA).await;
        for number in 0..10 {
            let address = format!("guest-{number}@example.com");
            let made = world.invite(&team, &address, "viewer").await;
            let (guest, link) = (world.somebody(&address).await, world.invitation_link(&address).await);
            let (auth, team_id, owner) = (world.auth.clone(), team.id.clone(), team.owner.clone());
            let revoked = tokio::spawn(async move {
                flow::revoke_invitation(&auth, &owner, (&team_id, &made.id), &context()).await.is_ok()
            });
            let auth = world.auth.clone();
            let person = guest.clone();
            let accepted = tokio::spawn(async move { accept(&auth, &person, &link).await.is_ok() });
            let (revoked, accepted) = (revoked.await.unwrap(), accepted.await.unwrap());
            assert!(revoked != accepted, "{revoked} {accepted}");
            assert_eq!(world.role_of(&team, &guest).await.is_some(), accepted);
        }
    }

    async fn of_twenty_invitations_of_one_address_at_once_one_is_made(world: World) {
        let team = world.acme(ADA).await;
        let tasks: Vec<_> = (0..CROWD)
            .map(|_| {
                let (auth, owner, id) = (world.auth.clone(), team.owner.clone(), team.id.clone());
                tokio::spawn(async move { invite(&auth, &owner, &id, BOB, "viewer").await })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => made += 1,
                Err(error) => assert_eq!(error.refusal().code, ErrorCode::TooSoon),
            }
        }
        assert_eq!((made, world.count("invitations").await, world.invitation_mails(BOB).await.len()), (1, 1, 1));
    }
}
