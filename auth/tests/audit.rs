//! Stories of the audit log: what a line tells, who may look, how lines are found and handed out.

use crate::support::audit::filter;
use crate::support::{World, context, context_on, email, refusal};
use auth::audit::{Change, Outcome};
use auth::flow;
use auth::form::{AuditForm, AuditFormat};
use auth::id::UserId;
use auth::session::Caller;
use auth::view::AuditItem;
use auth::{Auth, Context, Cursor, ErrorCode, Role};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

async fn search(world: &World, admin: &Caller, change: impl FnOnce(&mut AuditForm)) -> Vec<AuditItem> {
    flow::search_audit(&world.auth, admin, &filter(change), None).await.unwrap().items
}

async fn kinds(world: &World, admin: &Caller, change: impl FnOnce(&mut AuditForm)) -> Vec<String> {
    search(world, admin, change).await.into_iter().map(|line| line.kind).collect()
}

fn of_request(id: &str) -> Context {
    Context { request_id: id.into(), ..context_on("Safari on macOS") }
}

/// Every line, page by page.
async fn all(auth: &Auth, admin: &Caller, change: impl FnOnce(&mut AuditForm)) -> (Vec<AuditItem>, usize) {
    let (filter, mut after, mut lines, mut pages) = (filter(change), None, Vec::new(), 0);
    loop {
        let page = flow::search_audit(auth, admin, &filter, after).await.unwrap();
        lines.extend(page.items);
        pages += 1;
        after = page.next;
        if after.is_none() {
            return (lines, pages);
        }
    }
}

on_both_databases! {
    async fn refusals_of_one_minute_share_a_line_that_counts_them(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.sign_in(ALICE).await;
        for _ in 0..3 {
            assert_eq!(refusal(world.try_sign_in(ALICE, "not the password").await), ErrorCode::InvalidCredentials);
        }
        world.clock.advance_seconds(60);
        assert_eq!(refusal(world.try_sign_in(ALICE, "not the password").await), ErrorCode::InvalidCredentials);
        let lines = search(&world, &admin, |form| form.kind = "session.refused".into()).await;
        assert_eq!(lines.iter().map(|line| line.repeats).collect::<Vec<_>>(), [0, 2], "the newest first");
        let others = search(&world, &admin, |form| form.kind = "session.started".into()).await;
        assert!(!others.is_empty() && others.iter().all(|line| line.repeats == 0));
        world.seal().await;
        assert_eq!(refusal(world.try_sign_in(ALICE, "not the password").await), ErrorCode::InvalidCredentials);
        assert!(world.verified().await.is_whole, "a sealed line that counts goes on proving itself");
    }

    async fn a_line_tells_who_did_what_to_whom_from_where(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        let act = of_request("request-of-ada");
        flow::admin_end_session(&world.auth, &admin, &alice.session_id, &act).await.unwrap();
        world.seal().await;
        let lines = search(&world, &admin, |form| form.request_id = "request-of-ada".into()).await;
        assert_eq!(lines.len(), 2, "{lines:?}");
        let done = lines.iter().find(|line| line.kind == "admin.session_ended").unwrap();
        let person = |person: &Option<auth::view::AuditPerson>| {
            person.as_ref().map(|person| (person.id.clone(), person.email.as_ref().map(ToString::to_string)))
        };
        let ada = Some((admin.user_id.clone(), Some(ADMIN.to_owned())));
        assert_eq!((person(&done.subject), person(&done.actor)), (ada.clone(), ada.clone()));
        assert_eq!((person(&done.impersonator), &done.organization), (None, &None));
        assert_eq!(done.target.as_deref(), Some(alice.user_id.as_str()));
        let session = Change { field: "session".into(), old: Some(alice.session_id.0.clone()), new: None };
        assert_eq!(done.changes, [session]);
        assert_eq!((&*done.address, &*done.device), ("192.0.2.1", "Safari on macOS"));
        assert_eq!(done.session_id.as_ref(), Some(&admin.session_id));
        assert_eq!((done.outcome, done.at), (Outcome::Done, world.auth.now()));
        assert!(done.sequence.is_some());
        let told = lines.iter().find(|line| line.kind == "session.ended_by_admin").unwrap();
        assert_eq!(person(&told.subject), Some((alice.user_id.clone(), Some(ALICE.to_owned()))));
        assert_eq!((person(&told.actor), &*told.address, &*told.device), (ada, "", ""));
        assert_eq!(told.session_id.as_ref(), Some(&alice.session_id));

        flow::admin_reset_factors(&world.auth, &admin, &alice.user_id, &act).await.unwrap();
        assert_eq!(kinds(&world, &admin, |form| form.kind = "admin.factors_reset".into()).await.len(), 0, "none to reset");
        let refused = world.try_sign_in(ALICE, "not the password").await;
        assert_eq!(refusal(refused), ErrorCode::InvalidCredentials);
        let refused = search(&world, &admin, |form| form.outcome = "refused".into()).await;
        assert_eq!(refused.iter().map(|line| &*line.kind).collect::<Vec<_>>(), ["session.refused"]);
        assert_eq!((refused[0].outcome, refused[0].sequence), (Outcome::Refused, None));
    }

    async fn a_key_is_named_by_its_line(world: World) {
        let admin = world.administrator(ADMIN).await;
        let next = flow::admin_rotate_keys(&world.auth, &admin, &context()).await.unwrap();
        let lines = search(&world, &admin, |form| form.kind = "admin.signing_key_rotated".into()).await;
        assert_eq!(lines.iter().map(|line| line.target.clone()).collect::<Vec<_>>(), [Some(next.id)]);
    }

    async fn only_those_who_may_look_do(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        let (auth, all) = (&world.auth, filter(|_| {}));
        for role in [Role::User, Role::Support] {
            flow::set_role(auth, &email(ALICE), role, &context()).await.unwrap();
            let asked = [
                refusal(flow::search_audit(auth, &alice, &all, None).await),
                refusal(flow::search_audit(auth, &alice, &all, Some(Cursor("broken".into()))).await),
                refusal(flow::audit_state(auth, &alice).await),
                refusal(flow::audit_days(auth, &alice).await),
                refusal(flow::export_audit(auth, &alice, &all, AuditFormat::Csv, &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 5], "{role:?}");
        }
        assert!(kinds(&world, &admin, |form| form.kind = "audit".into()).await.is_empty(), "nothing was handed out");
        flow::set_role(auth, &email(ALICE), Role::Auditor, &context()).await.unwrap();
        assert!(!flow::search_audit(auth, &alice, &all, None).await.unwrap().items.is_empty());
        assert!(flow::audit_state(auth, &alice).await.unwrap().is_whole);
        let broken = flow::search_audit(auth, &alice, &all, Some(Cursor("broken".into()))).await;
        assert_eq!(refusal(broken), ErrorCode::MalformedRequest);
        flow::sign_out_caller(auth, &alice, &context()).await.unwrap();
        assert_eq!(refusal(flow::search_audit(auth, &alice, &all, None).await), ErrorCode::SignedOut);
    }

    async fn lines_are_found_by_everything_they_tell(world: World) {
        let admin = world.administrator(ADMIN).await;
        for address in [ALICE, BOB] {
            world.create_account(address).await;
        }
        let away = Context { address: "2001:db8::1".into(), ..of_request("request-of-bob") };
        world.clock.advance_seconds(24 * 60 * 60);
        let _ = world.try_sign_in_on(BOB, "not the password", &away).await;
        let bob = world.auth.store().user_by_email(&email(BOB)).await.unwrap().unwrap().id;

        let about_bob = kinds(&world, &admin, |form| form.person = BOB.into()).await;
        assert_eq!(about_bob, ["session.refused", "user.created"], "the newest first");
        assert_eq!(kinds(&world, &admin, |form| form.person = bob.0.to_uppercase()).await, about_bob);
        assert_eq!(kinds(&world, &admin, |form| form.kind = "session.refused".into()).await.len(), 1);
        let created = kinds(&world, &admin, |form| form.kind = "user".into()).await;
        assert!(created.len() >= 3 && created.iter().all(|kind| kind.starts_with("user.")), "{created:?}");
        assert_eq!(kinds(&world, &admin, |form| form.address = "2001:db8::1".into()).await, ["session.refused"]);
        assert_eq!(kinds(&world, &admin, |form| form.request_id = "request-of-bob".into()).await, ["session.refused"]);
        let day = |text: &str| text.to_owned();
        assert_eq!(kinds(&world, &admin, |form| form.from = day("2027-01-16")).await, ["session.refused"]);
        let before = kinds(&world, &admin, |form| form.to = day("2027-01-15")).await;
        assert!(!before.is_empty() && !before.contains(&"session.refused".to_owned()), "{before:?}");
        // Several at once.
        let both = |form: &mut AuditForm| (form.person, form.outcome) = (BOB.into(), "refused".into());
        assert_eq!(kinds(&world, &admin, both).await, ["session.refused"]);
        let neither = |form: &mut AuditForm| (form.person, form.kind) = (ALICE.into(), "session.refused".into());
        assert!(kinds(&world, &admin, neither).await.is_empty());
        for nobody in ["nobody@example.com", "01890a5d-ac96-774b-bcce-b302099a8057", "%", "\0", "' OR 1=1 --"] {
            assert!(kinds(&world, &admin, |form| form.person = nobody.into()).await.is_empty(), "{nobody}");
            assert!(kinds(&world, &admin, |form| form.kind = nobody.into()).await.is_empty(), "{nobody}");
            assert!(kinds(&world, &admin, |form| form.organization = nobody.into()).await.is_empty(), "{nobody}");
            assert!(kinds(&world, &admin, |form| form.address = nobody.into()).await.is_empty(), "{nobody}");
        }
    }

    async fn what_was_done_to_somebody_is_found_with_what_they_did(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        world.clock.advance_seconds(1);
        flow::admin_end_session(&world.auth, &admin, &alice.session_id, &context()).await.unwrap();
        let about_alice = kinds(&world, &admin, |form| form.person = ALICE.into()).await;
        assert_eq!(about_alice.iter().filter(|kind| *kind == "admin.session_ended").count(), 1, "she is its target");
        assert_eq!(about_alice.iter().filter(|kind| *kind == "session.ended_by_admin").count(), 1, "{about_alice:?}");
        let by_ada = kinds(&world, &admin, |form| form.person = ADMIN.into()).await;
        assert_eq!(by_ada.iter().filter(|kind| *kind == "session.ended_by_admin").count(), 1, "she is its actor");
        assert_eq!(by_ada.iter().filter(|kind| *kind == "admin.session_ended").count(), 1, "once: {by_ada:?}");
    }

    async fn every_line_is_on_one_page(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.create_account(BOB).await;
        for _ in 0..60 {
            world.write_lines(ALICE, 1).await;
            world.write_lines(BOB, 1).await;
        }
        let (lines, pages) = all(&world.auth, &admin, |_| {}).await;
        assert_eq!(i64::try_from(lines.len()).unwrap(), world.count("audit_events").await);
        assert!(lines.is_sorted_by(|one, next| (one.at, &one.id) > (next.at, &next.id)), "each once, newest first");
        assert_eq!(pages, lines.len().div_ceil(50));
        let (kind, _) = all(&world.auth, &admin, |form| form.kind = "session".into()).await;
        assert!(kind.iter().filter(|line| line.kind == "session.refused").count() == 120, "from several indexes at once");
        assert!(kind.is_sorted_by(|one, next| (one.at, &one.id) > (next.at, &next.id)));
        let both = |form: &mut AuditForm| (form.person, form.kind) = (ALICE.into(), "session.".into());
        assert_eq!(all(&world.auth, &admin, both).await.0.len(), 60);
    }

    async fn a_rare_line_among_many_is_found_in_short_looks(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        let alice = world.auth.store().user_by_email(&email(ALICE)).await.unwrap().unwrap().id;
        // Five thousand lines of one address, and one of them of Alice, the oldest.
        let statement = "INSERT INTO audit_events (id, at, kind, topic, user_id, address, device, request_id) \
            VALUES ('01890a5d-ac96-774b-bcce-b302099a8057', 1, 'user.created', 'profile', $1, '203.0.113.9', '', '')";
        let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&world.database.url).await.unwrap();
        sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
        sqlx::query(statement).bind(alice.0.clone()).execute(&mut connection).await.unwrap();
        let statement = "INSERT INTO audit_events (id, at, kind, topic, address, device, request_id) \
            VALUES ($1, $2, 'session.started', 'sign_in', '203.0.113.9', '', '')";
        for number in 0..5000_i64 {
            let id = format!("01890a5d-ac96-774b-bcce-{number:012x}");
            sqlx::query(statement).bind(id).bind(number + 2).execute(&mut connection).await.unwrap();
        }
        sqlx::query("COMMIT").execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
        let rare = |form: &mut AuditForm| (form.address, form.kind) = ("203.0.113.9".into(), "user.created".into());
        let first = flow::search_audit(&world.auth, &admin, &filter(rare), None).await.unwrap();
        assert!(first.items.is_empty() && first.next.is_some(), "a look ends after two thousand lines");
        let (lines, pages) = all(&world.auth, &admin, rare).await;
        assert_eq!((lines.len(), pages), (1, 3));
        assert_eq!(lines[0].subject.as_ref().map(|person| &person.id), Some(&UserId(alice.0.clone())));
    }

    async fn what_is_handed_out_is_what_is_found_and_leaves_a_line(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.write_lines(ALICE, 70).await;
        let refused = filter(|form| form.kind = "session.refused".into());
        let act = of_request("export");
        let mut export = flow::export_audit(&world.auth, &admin, &refused, AuditFormat::Jsonl, &act).await.unwrap();
        let mut lines = Vec::new();
        while let Some(more) = export.next().await.unwrap() {
            lines.extend(more);
        }
        let (found, _) = all(&world.auth, &admin, |form| form.kind = "session.refused".into()).await;
        assert_eq!((lines.len(), &lines), (70, &found));
        let noted = search(&world, &admin, |form| form.kind = "audit.exported".into()).await;
        assert_eq!(noted.len(), 1);
        assert_eq!(noted[0].target.as_deref(), Some("jsonl"));
        assert_eq!(noted[0].actor.as_ref().map(|person| &person.id), Some(&admin.user_id));
        let nothing = filter(|form| form.person = "nobody@example.com".into());
        let mut export = flow::export_audit(&world.auth, &admin, &nothing, AuditFormat::Csv, &act).await.unwrap();
        assert!(export.next().await.unwrap().is_none());
    }

    async fn each_day_has_its_lines(world: World) {
        let admin = world.administrator(ADMIN).await;
        world.create_account(ALICE).await;
        world.clock.advance_seconds(2 * 24 * 60 * 60);
        world.write_lines(ALICE, 3).await;
        world.seal().await;
        let days = flow::audit_days(&world.auth, &admin).await.unwrap();
        assert_eq!(days.len(), 30);
        assert_eq!((days[29].lines, days[29].refused, days[28].lines), (3, 3, 0));
        assert!(days[27].lines > 3 && days[27].refused == 0, "{days:?}");
        assert!(days.is_sorted_by(|one, next| next.at.seconds_since(one.at) == 24 * 60 * 60));
    }
}
