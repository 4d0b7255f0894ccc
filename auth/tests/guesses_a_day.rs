//! How many codes are compared in a day, by somebody who has the password and a stolen session, and does everything that
//! might fill the budget again. The number is a figure of `docs/second-factors.md`.

use crate::support::{PASSWORD, World, access_token, context, context_on, refusal};
use auth::factor::FactorProof;
use auth::flow::{self, FreshProof, SignIn};
use auth::form::SignInForm;
use auth::session::Caller;
use auth::{Auth, ErrorCode, FactorMethod, Result, Timestamp, TypedCode};
use secrecy::{ExposeSecret, SecretString};
use totp_rs::Totp;

const EMAIL: &str = "alice@example.com";
const DAY: i64 = 24 * 60 * 60;
/// What the book says.
const GUESSES: u32 = 30;
/// Kinds of codes that are guessed at.
const KINDS: [FactorMethod; 3] = [FactorMethod::Totp, FactorMethod::EmailCode, FactorMethod::RecoveryCode];

/// The owner of the account.
struct Owner {
    app: Totp,
    /// The session that was stolen, and is older than a proof is fresh.
    session: Caller,
}

impl Owner {
    /// With an app, mailed codes and recovery codes.
    async fn in_world(world: &World, node: &Auth) -> Self {
        world.create_account(EMAIL).await;
        let session = world.caller(&world.sign_in(EMAIL).await);
        let begun = flow::start_totp(node, &session).await.unwrap();
        let app = Totp::from_url(begun.uri.expose_secret()).unwrap();
        let code = typed(&code_of(&app, world.auth.now()));
        assert!(flow::confirm_totp(node, &session, &code, &context()).await.unwrap().is_some());
        let mut tx = node.store().begin().await.unwrap();
        tx.add_factor(&session.user_id, FactorMethod::EmailCode, world.auth.now()).await.unwrap();
        tx.commit().await.unwrap();
        // The proof of today is old when the thief begins.
        world.clock.advance_seconds(16 * 60);
        let signed_in = proved(node, code_of(&app, world.auth.now())).await.unwrap();
        let session = node.caller_of_access_token(&access_token(&signed_in)).unwrap();
        world.clock.advance_seconds(16 * 60);
        Self { app, session }
    }

    /// Digits that the app shows at no moment near this one.
    fn wrong_code(&self, now: Timestamp) -> TypedCode {
        let near: Vec<String> = (-3..4).map(|steps| code_of(&self.app, now.plus_seconds(steps * 30))).collect();
        let code = (0..10).map(|digit| digit.to_string().repeat(6)).find(|code| !near.contains(code));
        typed(&code.unwrap())
    }
}

fn code_of(app: &Totp, at: Timestamp) -> String {
    app.generate(u64::try_from(at.seconds()).unwrap()).to_string()
}

fn typed(code: &str) -> TypedCode {
    TypedCode::parse(code).ok().unwrap()
}

/// The right password, once more: the ticket of what waits then.
async fn ticket(node: &Auth, device: &str) -> SecretString {
    let form = SignInForm { email: EMAIL.into(), password: PASSWORD.into() };
    match flow::sign_in(node, form.parse().unwrap(), None, &context_on(device)).await.unwrap() {
        SignIn::NeedsSecondFactor(pending) => pending.ticket,
        _ => panic!("no second factor was asked for"),
    }
}

/// Both halves, by the owner.
async fn proved(node: &Auth, code: String) -> Result<flow::SignedIn> {
    let proof = FactorProof::Code { method: FactorMethod::Totp, code: typed(&code) };
    Ok(flow::second_factor(node, &ticket(node, "Firefox on Linux").await, proof, false, &context()).await?.signed_in)
}

/// What was compared, and in how many seconds another one is, by what was answered.
#[derive(Default)]
struct Tally {
    compared: u32,
    wait: i64,
}

impl Tally {
    fn count<T>(&mut self, answer: Result<T>) {
        let Err(error) = answer else { panic!("a guess was right") };
        let refusal = error.refusal();
        match refusal.code {
            ErrorCode::WrongCode => self.compared += 1,
            ErrorCode::FactorsLocked => self.wait = self.wait.max(refusal.retry_after.unwrap().into()),
            // The twenty-first sign-in that waits ends the first of them; too many writers at once are sent away.
            ErrorCode::SecondFactorExpired | ErrorCode::Busy => {}
            code => panic!("{code:?} is no answer to a guess"),
        }
    }
}

/// One guess at each kind of code, at a sign-in that waits.
async fn guess_all(node: &Auth, ticket: &SecretString, code: &TypedCode, tally: &mut Tally) {
    for method in KINDS {
        let proof = FactorProof::Code { method, code: code.clone() };
        tally.count(flow::second_factor(node, ticket, proof, true, &context()).await);
    }
}

/// Everything that might fill the budget again, and guesses behind each.
async fn everything(world: &World, nodes: &[Auth; 2], owner: &Owner) -> Tally {
    let mut tally = Tally::default();
    let code = owner.wrong_code(world.auth.now());
    for (node, device) in nodes.iter().zip(["Firefox on Linux", "Safari on iOS"]) {
        // Another sign-in with the right password, with another device, on another node.
        let ticket = ticket(node, device).await;
        guess_all(node, &ticket, &code, &mut tally).await;
        // Another code, whether it is sent or not.
        let sent = flow::send_second_factor_code(node, &ticket, FactorMethod::EmailCode, &context()).await;
        if let Err(error) = sent {
            assert!(
                matches!(error.refusal().code, ErrorCode::FactorsLocked | ErrorCode::TooSoon | ErrorCode::TooManyTries),
                "{:?}",
                error.refusal().code
            );
        }
        guess_all(node, &ticket, &code, &mut tally).await;

        // The stolen session: a fresh proof, and an app of the thief's own.
        for method in [FactorMethod::Totp, FactorMethod::RecoveryCode] {
            let proof = FreshProof::Factor(FactorProof::Code { method, code: code.clone() });
            tally.count(flow::reauthenticate(node, &owner.session, &proof, &context()).await);
        }
        let password = FreshProof::Password(PASSWORD.into());
        let by_password = flow::reauthenticate(node, &owner.session, &password, &context()).await;
        assert_eq!(refusal(by_password), ErrorCode::ReauthenticationRequired, "the password proves nothing here");
        let own = flow::start_totp(node, &owner.session).await;
        assert_eq!(refusal(own), ErrorCode::ReauthenticationRequired);
        let confirmed = flow::confirm_totp(node, &owner.session, &code, &context()).await;
        assert_eq!(refusal(confirmed), ErrorCode::FactorUnavailable);
        let made = flow::make_recovery_codes(node, &owner.session, &context()).await;
        assert_eq!(refusal(made), ErrorCode::ReauthenticationRequired);
    }
    // At once, with four tickets, on both nodes.
    let mut tickets = Vec::new();
    for place in 0..4 {
        tickets.push(ticket(&nodes[place % 2], "Chrome on Windows").await);
    }
    let guesses: Vec<_> = (0..20)
        .map(|place| {
            let (node, ticket, code) = (nodes[place % 2].clone(), tickets[place % 4].clone(), code.clone());
            let proof = FactorProof::Code { method: KINDS[place % 3], code };
            tokio::spawn(async move { flow::second_factor(&node, &ticket, proof, false, &context()).await })
        })
        .collect();
    for guess in guesses {
        tally.count(guess.await.unwrap());
    }
    tally
}

async fn two_nodes(world: &World) -> [Auth; 2] {
    let node = || world.another_node_with(&world.clock, |settings| settings.codes.email = true);
    [node().await.unwrap(), node().await.unwrap()]
}

on_both_databases! {
    async fn whatever_is_tried_thirty_codes_are_compared_in_a_day(world: World) {
        let nodes = two_nodes(&world).await;
        let owner = Owner::in_world(&world, &nodes[0]).await;
        let begun = world.auth.now();
        let mut compared = 0;
        while world.auth.now().seconds_since(begun) < DAY {
            let tally = everything(&world, &nodes, &owner).await;
            compared += tally.compared;
            assert!(tally.wait > 0, "after all of that the account is locked");
            // Half of the wait changes nothing; with its end another one is looked at.
            let half = (tally.wait / 2).max(1);
            world.clock.advance_seconds(half);
            assert_eq!(everything(&world, &nodes, &owner).await.compared, 0, "the wait is not over");
            world.clock.advance_seconds(tally.wait - half);
        }
        println!("guesses a day: {compared}");
        assert!(compared <= 40);
        assert_eq!(compared, GUESSES, "docs/second-factors.md says so");

        // The owner is no luckier meanwhile, hears of it once, and a right code gives the budget back.
        let tally = everything(&world, &nodes, &owner).await;
        let early = proved(&nodes[1], code_of(&owner.app, world.auth.now())).await;
        assert_eq!(refusal(early), ErrorCode::FactorsLocked);
        let warnings = world.inbox_of(EMAIL).await.into_iter().filter(|mail| mail.kind == "factors_locked");
        assert!((1..=2).contains(&warnings.count()), "once a day");
        world.clock.advance_seconds(tally.wait);
        proved(&nodes[1], code_of(&owner.app, world.auth.now())).await.unwrap();
        assert_eq!(everything(&world, &nodes, &owner).await.compared, 5, "five are free again");
    }
}
