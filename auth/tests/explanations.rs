//! Stories of "What just happened?": who sees the sign-in of which session, for how long, and what is
//! never in it.

use crate::support::{PASSWORD, World, access_token, context, refusal};
use auth::explain::{Message, Recording, Step};
use auth::flow::{self, Explanation, SignIn, SignInExplained, SignedIn};
use auth::form::SignInForm;
use auth::session::Caller;
use auth::{Auth, ErrorCode};
use secrecy::ExposeSecret;
use sqlx::{AnyConnection, Connection, Executor};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

/// Signs in as the server does it: with somebody listening, if somebody may want to see it.
async fn sign_in(auth: &Auth, email: &str) -> (SignedIn, Caller) {
    let credentials = SignInForm { email: email.into(), password: PASSWORD.into() }.parse().unwrap();
    let context = context();
    let act = flow::sign_in(auth, credentials, None, &context);
    let outcome = if auth.may_explain().await {
        let recording = Recording::begin(auth.now(), Message::new("POST /rpc/sign_in HTTP/1.1", [], ""));
        let outcome = recording.around(act).await;
        recording.end(Message::new("HTTP/1.1 303 See Other", [], ""));
        auth.keep_exchange(&recording);
        outcome
    } else {
        act.await
    };
    match outcome.unwrap() {
        SignIn::SignedIn(signed_in) => {
            let caller = auth.caller_of_access_token(&access_token(&signed_in)).unwrap();
            (signed_in, caller)
        }
        SignIn::NeedsSecondFactor(_) | SignIn::NeedsVerification(_) => panic!("{email} is not verified"),
    }
}

async fn explained(auth: &Auth, caller: &Caller) -> SignInExplained {
    match flow::explain_sign_in(auth, caller).await.unwrap() {
        Explanation::On(explained) => *explained,
        Explanation::SwitchedOff => panic!("it is switched off"),
    }
}

async fn make_everybody_an_administrator(world: &World) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    connection.execute("UPDATE users SET role = 'platform_admin'").await.unwrap();
    connection.close().await.unwrap();
}

fn names(explained: &SignInExplained) -> Vec<&'static str> {
    explained.exchange.as_ref().unwrap().steps.iter().map(|timed| timed.step.as_str()).collect()
}

on_both_databases! {
    async fn in_development_everybody_sees_what_their_own_sign_in_did(world: World) {
        world.auth.explain_to_everybody();
        world.create_account(ALICE).await;
        let (_, first) = sign_in(&world.auth, ALICE).await;
        let step_by_step =
            ["account_read", "password_verified", "account_held", "session_written", "committed", "access_token_signed"];
        assert_eq!(names(&explained(&world.auth, &first).await), step_by_step);
        let (signed_in, second) = sign_in(&world.auth, ALICE).await;
        let explained = explained(&world.auth, &second).await;
        // Where the device is known, SQLite is asked once.
        let at_once = ["account_read", "password_verified", "session_written_at_once", "access_token_signed"];
        let is_on_sqlite = world.database.url.starts_with("sqlite:");
        assert_eq!(names(&explained), if is_on_sqlite { &at_once[..] } else { &step_by_step[..] });
        assert!(!explained.has_switch);
        let exchange = explained.exchange.clone().unwrap();
        assert!(exchange.micros >= exchange.steps.iter().map(|timed| timed.micros).sum::<u64>());
        assert_eq!(exchange.answer.line, "HTTP/1.1 303 See Other");
        let made = exchange.steps.iter().find_map(|timed| match &timed.step {
            Step::SessionWritten { session, user, .. } => Some((session, user)),
            _ => None,
        });
        assert_eq!(made, Some((&second.session_id, &second.user_id)));

        let token = access_token(&signed_in);
        let (signed, signature) = token.expose_secret().rsplit_once('.').unwrap();
        let told = serde_json::to_string(&explained).unwrap();
        for secret in [PASSWORD, signed_in.refresh_token.expose_secret(), signature, signed] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
        assert!(explained.token.payload.contains(second.session_id.as_str()));
        let other = flow::explain_sign_in(&world.auth, &first).await.unwrap();
        assert_ne!(other, Explanation::On(Box::new(explained)), "each session has its own");
    }

    async fn elsewhere_nobody_but_an_administrator_learns_that_there_is_something(world: World) {
        world.create_account(ALICE).await;
        let (_, caller) = sign_in(&world.auth, ALICE).await;
        assert_eq!(refusal(flow::explain_sign_in(&world.auth, &caller).await), ErrorCode::NotFound);
        for on in [true, false] {
            assert_eq!(refusal(flow::switch_explanations(&world.auth, &caller, on).await), ErrorCode::NotFound);
        }
        assert!(!world.auth.may_explain().await, "nobody listens");
    }

    async fn an_administrator_who_switches_it_on_sees_the_next_sign_in_on_any_node(world: World) {
        world.create_account(ALICE).await;
        world.create_account(BOB).await;
        make_everybody_an_administrator(&world).await;
        let other = world.another_node().await;
        assert!(!other.may_explain().await);
        let (_, before) = sign_in(&world.auth, ALICE).await;
        assert_eq!(flow::explain_sign_in(&world.auth, &before).await.unwrap(), Explanation::SwitchedOff);

        flow::switch_explanations(&world.auth, &before, true).await.unwrap();
        let late = explained(&world.auth, &before).await;
        assert_eq!(late.exchange, None, "nobody listened then");
        assert!(late.has_switch && late.token.payload.contains(before.session_id.as_str()));
        let (_, after) = sign_in(&world.auth, ALICE).await;
        assert!(explained(&world.auth, &after).await.exchange.is_some(), "at once");
        world.clock.advance_seconds(10);
        let (_, elsewhere) = sign_in(&other, ALICE).await;
        assert!(explained(&other, &elsewhere).await.exchange.is_some(), "within ten seconds");
        assert_eq!(explained(&world.auth, &elsewhere).await.exchange, None, "in the memory of one node");

        let (_, bob) = sign_in(&world.auth, BOB).await;
        assert_eq!(flow::explain_sign_in(&world.auth, &bob).await.unwrap(), Explanation::SwitchedOff);
        flow::switch_explanations(&world.auth, &bob, true).await.unwrap();
        assert_eq!(explained(&world.auth, &bob).await.exchange, None, "it was not even kept");

        flow::switch_explanations(&world.auth, &after, false).await.unwrap();
        assert_eq!(flow::explain_sign_in(&world.auth, &after).await.unwrap(), Explanation::SwitchedOff);
        flow::switch_explanations(&world.auth, &after, true).await.unwrap();
        assert_eq!(explained(&world.auth, &after).await.exchange, None, "what was kept is forgotten");
    }

    async fn whoever_is_no_administrator_any_more_sees_nothing(world: World) {
        world.create_account(ALICE).await;
        make_everybody_an_administrator(&world).await;
        let (_, caller) = sign_in(&world.auth, ALICE).await;
        flow::switch_explanations(&world.auth, &caller, true).await.unwrap();
        let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
        connection.execute("UPDATE users SET role = 'user'").await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(refusal(flow::explain_sign_in(&world.auth, &caller).await), ErrorCode::NotFound);
        assert!(!world.auth.may_explain().await, "nobody listens any more");
    }

    async fn it_is_remembered_for_ten_minutes_and_gone_with_its_session(world: World) {
        world.auth.explain_to_everybody();
        world.create_account(ALICE).await;
        let (_, caller) = sign_in(&world.auth, ALICE).await;
        world.clock.advance_seconds(599);
        assert!(explained(&world.auth, &caller).await.exchange.is_some());
        world.clock.advance_seconds(1);
        assert_eq!(explained(&world.auth, &caller).await.exchange, None);
        flow::sign_out_caller(&world.auth, &caller, &context()).await.unwrap();
        assert_eq!(refusal(flow::explain_sign_in(&world.auth, &caller).await), ErrorCode::SignedOut);
    }

    async fn a_refused_sign_in_is_kept_for_nobody(world: World) {
        world.auth.explain_to_everybody();
        world.create_account(ALICE).await;
        let form = SignInForm { email: ALICE.into(), password: "not the password".into() };
        let recording = Recording::begin(world.auth.now(), Message::default());
        let context = context();
        let outcome = recording.around(flow::sign_in(&world.auth, form.parse().unwrap(), None, &context)).await;
        assert_eq!(refusal(outcome), ErrorCode::InvalidCredentials);
        world.auth.keep_exchange(&recording);
        let (_, caller) = sign_in(&world.auth, ALICE).await;
        let exchange = explained(&world.auth, &caller).await.exchange.unwrap();
        assert_eq!(exchange.request.line, "POST /rpc/sign_in HTTP/1.1", "that of the right password");
    }
}
