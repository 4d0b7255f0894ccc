//! Stories of support and the mails on their way: what is seen of them, and what is never.

use crate::outbox::dead_server;
use crate::support::webhooks::ADMIN;
use crate::support::{World, context, email, refusal};
use auth::flow::{self, Impersonating};
use auth::id::UserId;
use auth::session::Caller;
use auth::view::{MailItem, MailState};
use auth::{Cursor, ErrorCode, Remark, Role};

const BOB: &str = "bob@example.com";
const HOUR: i64 = 60 * 60;

async fn mails(world: &World, caller: &Caller, state: MailState) -> Vec<MailItem> {
    flow::list_mails(&world.auth, caller, Some(state), None).await.unwrap().items
}

/// Bob signs up; his mail is tried in vain until it is given up, half a day later.
async fn dead_letter(world: &World, caller: &Caller) -> MailItem {
    world.inbox().await;
    world.sign_up(BOB).await.unwrap();
    for _ in 0..12 {
        assert_eq!(dead_server(world).deliver_due().await.unwrap(), 1);
        world.clock.advance_seconds(HOUR);
    }
    let mut dead = mails(world, caller, MailState::Dead).await;
    assert_eq!(dead.len(), 1);
    dead.remove(0)
}

on_both_databases! {
    async fn support_sees_which_mails_wait_were_sent_or_died_and_never_what_is_in_them(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.inbox().await;
        world.clock.advance_seconds(1);
        let promised_at = world.auth.now();
        world.sign_up(BOB).await.unwrap();
        let waiting = mails(&world, &admin, MailState::Waiting).await;
        assert_eq!(waiting.len(), 1);
        let mail = &waiting[0];
        assert_eq!((mail.kind.as_deref(), mail.recipient.as_deref()), (Some("verify_email"), Some("b•••@example.com")));
        assert_eq!((mail.attempts, mail.created_at, mail.next_at), (0, promised_at, Some(promised_at)));
        dead_server(&world).deliver_due().await.unwrap();
        let failed = &mails(&world, &admin, MailState::Waiting).await[0];
        assert_eq!((failed.attempts, failed.next_at), (1, Some(promised_at.plus_seconds(5))));
        assert!(failed.last_error.as_deref().is_some_and(|error| !error.is_empty()));

        world.clock.advance_seconds(5);
        world.inbox().await;
        assert!(mails(&world, &admin, MailState::Waiting).await.is_empty());
        let sent = &mails(&world, &admin, MailState::Sent).await[0];
        assert_eq!((&sent.id, sent.kind.as_deref(), sent.recipient.as_deref()), (&mail.id, Some("verify_email"), Some("b•••@example.com")));
        assert_eq!((sent.state, sent.ended_at, sent.next_at), (MailState::Sent, Some(world.auth.now()), None));

        let all = flow::list_mails(&world.auth, &admin, None, None).await.unwrap();
        let seen = serde_json::to_string(&all).unwrap();
        for hidden in [BOB, ADMIN, "token=", "https://"] {
            assert!(!seen.contains(hidden), "{hidden}");
        }
        let broken = flow::list_mails(&world.auth, &admin, None, Some(Cursor("x".into()))).await;
        assert_eq!(refusal(broken), ErrorCode::MalformedRequest);
    }

    async fn a_dead_letter_is_sent_again_while_its_link_lives(world: World) {
        let admin = world.administrator(ADMIN).await;
        let dead = dead_letter(&world, &admin).await;
        assert_eq!((dead.attempts, dead.is_outdated), (12, false));
        assert!(world.inbox_of(BOB).await.is_empty());
        flow::resend_mail(&world.auth, &admin, dead.id.as_str(), &context()).await.unwrap();
        assert_eq!(world.inbox_of(BOB).await.len(), 1);
        let again = flow::resend_mail(&world.auth, &admin, dead.id.as_str(), &context()).await;
        assert_eq!(refusal(again), ErrorCode::WrongState, "it was sent");
        assert_eq!(world.count("audit_events WHERE kind = 'admin.mail_resent'").await, 1);
    }

    async fn a_dead_letter_whose_link_is_over_is_only_dropped(world: World) {
        let admin = world.administrator(ADMIN).await;
        let dead = dead_letter(&world, &admin).await;
        world.clock.advance_seconds(12 * HOUR);
        assert!(mails(&world, &admin, MailState::Dead).await[0].is_outdated);
        let resent = flow::resend_mail(&world.auth, &admin, dead.id.as_str(), &context()).await;
        assert_eq!(refusal(resent), ErrorCode::LinkExpired);
        flow::drop_mail(&world.auth, &admin, dead.id.as_str(), &context()).await.unwrap();
        assert!(mails(&world, &admin, MailState::Dead).await.is_empty());
        let again = flow::drop_mail(&world.auth, &admin, dead.id.as_str(), &context()).await;
        assert_eq!(refusal(again), ErrorCode::NotFound);
        let told = "audit_events WHERE kind = 'admin.mail_dropped' AND changes LIKE '%\"old\":\"verify_email\"%'";
        assert_eq!(world.count(told).await, 1, "what it was for is told");
    }

    async fn a_waiting_mail_leaves_at_once_when_it_is_sent_again(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.inbox().await;
        world.sign_up(BOB).await.unwrap();
        dead_server(&world).deliver_due().await.unwrap();
        assert!(world.inbox_of(BOB).await.is_empty(), "it waits five seconds");
        let mail = mails(&world, &admin, MailState::Waiting).await.remove(0);
        flow::resend_mail(&world.auth, &admin, mail.id.as_str(), &context()).await.unwrap();
        assert_eq!(world.inbox_of(BOB).await.len(), 1);
    }

    async fn what_tells_of_an_act_of_administrators_is_not_kept_quiet(world: World) {
        let support = world.colleague("otto@example.com", Role::Support).await;
        world.create_account(BOB).await;
        let bob = world.id_of(BOB).await;
        world.inbox().await;
        let wanted = Impersonating { reason: Remark::parse("Ticket 4711").unwrap(), writes: false };
        flow::start_impersonation(&world.auth, &support, &bob, &wanted, &context()).await.unwrap();
        let mail = mails(&world, &support, MailState::Waiting).await.remove(0);
        assert_eq!(mail.kind.as_deref(), Some("impersonation_started"));
        let dropped = flow::drop_mail(&world.auth, &support, mail.id.as_str(), &context()).await;
        assert_eq!(refusal(dropped), ErrorCode::Forbidden);
        assert!(world.inbox_of(BOB).await.iter().any(|mail| mail.kind == "impersonation_started"));
    }

    async fn a_mail_on_its_way_is_left_alone(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.inbox().await;
        world.sign_up(BOB).await.unwrap();
        let (now, until) = (world.auth.now(), world.auth.now().plus_seconds(40));
        let claimed = world.auth.store().claim_jobs(auth::store::Priority::Last, now, until, 1).await.unwrap();
        let id = claimed[0].id.as_str();
        assert_eq!(refusal(flow::resend_mail(&world.auth, &admin, id, &context()).await), ErrorCode::WrongState);
        assert_eq!(refusal(flow::drop_mail(&world.auth, &admin, id, &context()).await), ErrorCode::WrongState);
    }

    async fn support_sees_and_resends_an_auditor_sees_and_others_find_nothing(world: World) {
        let admin = world.administrator(ADMIN).await;
        let dead = dead_letter(&world, &admin).await;
        let otto = world.signed_in_person("otto@example.com").await;
        for (role, sees, resends) in
            [(Role::User, false, false), (Role::Auditor, true, false), (Role::Support, true, true)]
        {
            flow::set_role(&world.auth, &email("otto@example.com"), role, &context()).await.unwrap();
            assert_eq!(flow::list_mails(&world.auth, &otto, None, None).await.is_ok(), sees, "{role:?}");
            let resent = flow::resend_mail(&world.auth, &otto, dead.id.as_str(), &context()).await;
            assert_eq!(resent.is_ok(), resends, "{role:?}");
        }
        flow::set_role(&world.auth, &email("otto@example.com"), Role::User, &context()).await.unwrap();
        let asked = [
            refusal(flow::list_mails(&world.auth, &otto, None, Some(Cursor("x".into()))).await),
            refusal(flow::mails_of_user(&world.auth, &otto, &otto.user_id).await),
            refusal(flow::drop_mail(&world.auth, &otto, "x", &context()).await),
        ];
        assert_eq!(asked, [ErrorCode::NotFound; 3]);
        for id in ["", "x", "\0"] {
            let resent = flow::resend_mail(&world.auth, &admin, id, &context()).await;
            assert_eq!(refusal(resent), ErrorCode::MalformedRequest, "{id:?}");
        }
    }

    async fn the_mails_of_one_person_are_theirs_alone_and_go_with_them(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(BOB).await;
        world.clock.advance_seconds(1);
        world.create_account("carol@example.com").await;
        world.inbox().await;
        let bob = world.user(BOB).await.unwrap().id;
        let of_bob = flow::mails_of_user(&world.auth, &admin, &bob).await.unwrap();
        let mut kinds: Vec<_> = of_bob.iter().filter_map(|mail| mail.kind.as_deref()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["verify_email", "welcome"]);
        assert!(of_bob.iter().all(|mail| mail.state == MailState::Sent));
        let nobody = flow::mails_of_user(&world.auth, &admin, &UserId("x".into())).await;
        assert_eq!(refusal(nobody), ErrorCode::NotFound);

        world.close_account(BOB).await;
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        world.clock.advance_seconds(10 * 60);
        world.auth.delete_what_is_over().await.unwrap();
        assert!(world.user(BOB).await.is_none());
        let kept = mails(&world, &admin, MailState::Sent).await;
        assert_eq!(kept.iter().filter(|mail| mail.recipient.as_deref() == Some("b•••@example.com")).count(), 0);
    }
}
