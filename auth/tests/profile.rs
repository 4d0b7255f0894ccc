//! Stories of what a person says about themselves: time zone and picture.

use crate::support::{START, World, context, refusal};
use auth::avatar::{Avatar, MAX_BYTES, PATH};
use auth::session::Caller;
use auth::{Auth, ErrorCode, EventFilter, EventKind, Field, FieldIssue, Refusal, Result, TimeZone, flow};
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

async fn signed_in(world: &World, email: &str) -> Caller {
    world.create_account(email).await;
    world.caller(&world.sign_in(email).await)
}

/// A picture as a file, of a size of its own.
fn file(side: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(side, side).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

async fn upload(auth: &Auth, caller: &Caller, file: Vec<u8>) -> Result<()> {
    flow::change_avatar(auth, caller, file, &context()).await
}

/// The id in the path of a person's picture.
async fn avatar_id(auth: &Auth, caller: &Caller) -> Option<String> {
    let path = auth.me(caller).await.unwrap().avatar?;
    Some(path.strip_prefix(PATH).unwrap().to_owned())
}

async fn shown(auth: &Auth, id: &str) -> Option<Avatar> {
    flow::avatar(auth, id).await.unwrap()
}

async fn told(auth: &Auth, caller: &Caller) -> Vec<EventKind> {
    let page = flow::list_activity(auth, caller, EventFilter::Profile, None).await.unwrap();
    page.items.into_iter().map(|item| item.kind).collect()
}

async fn choose(auth: &Auth, caller: &Caller, zone: &str) -> Result<()> {
    flow::change_time_zone(auth, caller, TimeZone::parse(zone).unwrap(), &context()).await
}

on_both_databases! {
    async fn a_time_zone_is_chosen_and_the_same_again_is_no_news(world: World) {
        let caller = signed_in(&world, ALICE).await;
        assert_eq!(world.auth.me(&caller).await.unwrap().time_zone, None);
        world.clock.advance_seconds(1);
        for zone in ["Europe/Paris", "europe/paris", "UTC"] {
            choose(&world.auth, &caller, zone).await.unwrap();
            world.clock.advance_seconds(1);
        }
        let me = world.auth.me(&caller).await.unwrap();
        assert_eq!(me.time_zone.unwrap().as_str(), "UTC");
        let changes = [EventKind::UserTimeZoneChanged, EventKind::UserTimeZoneChanged, EventKind::UserCreated];
        assert_eq!(told(&world.auth, &caller).await, changes);

        let later = world.caller(&world.sign_in(ALICE).await);
        choose(&world.auth, &later, "Asia/Kathmandu").await.unwrap();
        let zone = world.auth.me(&caller).await.unwrap().time_zone.unwrap();
        assert_eq!(zone.offset_at(START).name, "UTC+05:45", "every session of the person");
    }

    async fn a_language_is_remembered_with_the_account(world: World) {
        let caller = signed_in(&world, ALICE).await;
        flow::change_locale(&world.auth, &caller, auth::Locale::Fr).await.unwrap();
        assert_eq!(world.auth.me(&caller).await.unwrap().locale, auth::Locale::Fr);
    }

    async fn a_picture_has_an_address_until_there_is_another(world: World) {
        let caller = signed_in(&world, ALICE).await;
        assert_eq!(avatar_id(&world.auth, &caller).await, None);
        world.clock.advance_seconds(1);
        upload(&world.auth, &caller, file(20)).await.unwrap();
        let first = avatar_id(&world.auth, &caller).await.unwrap();
        assert!(first.len() >= 22, "128 bits nobody guesses");
        let picture = shown(&world.auth, &first).await.unwrap();
        assert!(picture == Avatar::from_upload(&file(20)).unwrap(), "every byte comes back");
        assert!(shown(&world.another_node().await, &first).await.is_some());

        world.clock.advance_seconds(1);
        upload(&world.auth, &caller, file(20)).await.unwrap();
        let second = avatar_id(&world.auth, &caller).await.unwrap();
        assert_ne!(first, second, "the same file has another address");
        assert!(shown(&world.auth, &first).await.is_none());

        world.clock.advance_seconds(1);
        for _ in 0..2 {
            flow::remove_avatar(&world.auth, &caller, &context()).await.unwrap();
        }
        assert_eq!(avatar_id(&world.auth, &caller).await, None);
        assert!(shown(&world.auth, &second).await.is_none());
        let changes = [
            EventKind::UserAvatarRemoved,
            EventKind::UserAvatarChanged,
            EventKind::UserAvatarChanged,
            EventKind::UserCreated,
        ];
        assert_eq!(told(&world.auth, &caller).await, changes, "removing nothing is no news");
    }

    async fn everybody_has_a_picture_of_their_own(world: World) {
        let (alice, bob) = (signed_in(&world, ALICE).await, signed_in(&world, BOB).await);
        for caller in [&alice, &bob] {
            upload(&world.auth, caller, file(20)).await.unwrap();
        }
        flow::remove_avatar(&world.auth, &bob, &context()).await.unwrap();
        let id = avatar_id(&world.auth, &alice).await.unwrap();
        assert!(shown(&world.auth, &id).await.is_some());
        assert!(!told(&world.auth, &alice).await.contains(&EventKind::UserAvatarRemoved));
    }

    async fn a_refused_picture_changes_nothing(world: World) {
        let caller = signed_in(&world, ALICE).await;
        upload(&world.auth, &caller, file(20)).await.unwrap();
        let id = avatar_id(&world.auth, &caller).await;
        for (file, issue) in [
            (Vec::new(), FieldIssue::InvalidImage),
            (b"GIF89a".to_vec(), FieldIssue::InvalidImage),
            (file(20)[..40].to_vec(), FieldIssue::InvalidImage),
            (vec![0; MAX_BYTES + 1], FieldIssue::ImageTooLarge),
        ] {
            let refused = upload(&world.auth, &caller, file).await.err().unwrap().refusal();
            assert_eq!(refused, Refusal::invalid(vec![(Field::Avatar, issue)]));
        }
        assert_eq!(avatar_id(&world.auth, &caller).await, id);
        assert_eq!(told(&world.auth, &caller).await.len(), 2);
    }

    async fn pictures_sent_at_once_are_read_one_after_the_other(world: World) {
        let caller = signed_in(&world, ALICE).await;
        let sent: Vec<_> = (1..=6)
            .map(|side| {
                let (auth, caller) = (world.auth.clone(), caller.clone());
                tokio::spawn(async move { upload(&auth, &caller, file(side)).await })
            })
            .collect();
        for one in sent {
            one.await.unwrap().unwrap();
        }
        let id = avatar_id(&world.auth, &caller).await.unwrap();
        assert!(shown(&world.auth, &id).await.is_some(), "one of them stays");
    }

    async fn what_is_no_id_shows_nothing(world: World) {
        for id in ["", "nothing", "a\0b", "'; DROP TABLE avatars; --", "é", &"x".repeat(30_000)] {
            assert!(shown(&world.auth, id).await.is_none(), "{id:.40}");
        }
    }

    async fn an_ended_session_changes_nothing(world: World) {
        let caller = signed_in(&world, ALICE).await;
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(refusal(choose(&world.auth, &caller, "Europe/Paris").await), ErrorCode::SignedOut);
        assert_eq!(refusal(upload(&world.auth, &caller, file(20)).await), ErrorCode::SignedOut);
        assert_eq!(refusal(flow::remove_avatar(&world.auth, &caller, &context()).await), ErrorCode::SignedOut);
    }
}
