//! Signing in with a password: who has the password of today and an open account gets in, nobody else; and what ends
//! sessions ends them.

use super::{Judged, Machine, explore, fail, is_found, place_of};
use crate::support::administration::{prove, suspend};
use crate::support::{PASSWORD, World, context};
use auth::ErrorCode;
use auth::flow::{self, FreshProof, SignIn};
use auth::form::PasswordChange;
use auth::id::UserId;
use auth::session::Caller;
use proptest::prelude::*;
use secrecy::SecretString;

const PASSWORDS: [&str; 3] = [PASSWORD, "trombone lamp yes please", "velvet kettle under seven moons"];
const MOST_SESSIONS: usize = 4;
const MOST_WRONG: u32 = 3;

/// Sessions are counted from the newest.
#[derive(Clone, Debug)]
enum Act {
    SignIn {
        password: usize,
    },
    Nobody,
    SignOut {
        session: usize,
    },
    EndOthers {
        session: usize,
    },
    /// Another password, typed in a session with that of today or a wrong one.
    Change {
        session: usize,
        is_right: bool,
        ends_others: bool,
    },
    Suspend,
    Unsuspend,
    Wait(i64),
}

fn any_act() -> impl Strategy<Value = Act> {
    let session = || 0..MOST_SESSIONS;
    let change = (session(), prop::bool::weighted(0.8), any::<bool>());
    prop_oneof![
        6 => (0..PASSWORDS.len()).prop_map(|password| Act::SignIn { password }),
        1 => Just(Act::Nobody),
        1 => session().prop_map(|session| Act::SignOut { session }),
        1 => session().prop_map(|session| Act::EndOthers { session }),
        3 => change.prop_map(|(session, is_right, ends_others)| Act::Change { session, is_right, ends_others }),
        1 => Just(Act::Suspend),
        2 => Just(Act::Unsuspend),
        1 => prop_oneof![Just(10), Just(400)].prop_map(Act::Wait),
    ]
}

/// What the model may believe wrongly.
#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    TheOldPasswordStays,
    SuspensionIsForgotten,
    OthersStay,
}

struct Session {
    token: SecretString,
    is_over: bool,
}

struct PasswordSignIn {
    address: String,
    user: UserId,
    admin: Caller,
    password: usize,
    is_suspended: bool,
    sessions: Vec<Session>,
    /// Wrong passwords in sessions.
    wrong: u32,
    flaw: Option<Flaw>,
}

impl PasswordSignIn {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    async fn sign_in(&mut self, world: &World, password: usize) -> Judged {
        if self.sessions.len() == MOST_SESSIONS {
            return Ok(());
        }
        let is_right = password == self.password;
        match world.try_sign_in(&self.address, PASSWORDS[password]).await {
            Ok(SignIn::SignedIn(session)) if is_right && !self.is_suspended => {
                self.sessions.push(Session { token: session.refresh_token, is_over: false });
            }
            Err(error) if is_right && self.is_suspended => {
                prop_assert_eq!(error.refusal().code, ErrorCode::AccountSuspended);
            }
            Err(error) if !is_right => prop_assert_eq!(error.refusal().code, ErrorCode::InvalidCredentials),
            outcome => {
                let (is_in, is_suspended) = (outcome.is_ok(), self.is_suspended);
                return fail(format!("right: {is_right}, suspended: {is_suspended}; and it opened: {is_in}"));
            }
        }
        Ok(())
    }

    /// Who a session is of, while it lives. Looking may rotate its token.
    async fn caller(&mut self, world: &World, session: usize) -> Option<Caller> {
        let own = &mut self.sessions[session];
        let resumed = flow::resume(&world.auth, &own.token, &context()).await.unwrap()?;
        if let Some(token) = resumed.refresh_token {
            own.token = token;
        }
        Some(resumed.caller)
    }

    async fn change(&mut self, world: &World, session: usize, is_right: bool, ends_others: bool) -> Judged {
        let Some(caller) = self.caller(world, session).await else { return Ok(()) };
        self.wrong += u32::from(!is_right);
        // After the fifth, the right one would have to wait as well.
        if self.wrong > MOST_WRONG {
            return Ok(());
        }
        let next = (self.password + 1) % PASSWORDS.len();
        let current = if is_right { PASSWORDS[self.password] } else { "not the right password" };
        let change =
            PasswordChange { current: current.into(), new: PASSWORDS[next].into(), end_other_sessions: ends_others };
        let is_changed = flow::change_password(&world.auth, &caller, change, &context()).await.is_ok();
        prop_assert_eq!(is_changed, is_right, "a password changes for who has that of today");
        if is_changed && !self.has(Flaw::TheOldPasswordStays) {
            self.password = next;
        }
        if is_changed && ends_others && !self.has(Flaw::OthersStay) {
            self.end_all_but(Some(session));
        }
        Ok(())
    }

    fn end_all_but(&mut self, kept: Option<usize>) {
        for (place, session) in self.sessions.iter_mut().enumerate() {
            session.is_over |= Some(place) != kept;
        }
    }

    /// A session lives as long as nothing ended it, and no longer.
    async fn check(&mut self, world: &World) -> Judged {
        for place in 0..self.sessions.len() {
            let lives = self.caller(world, place).await.is_some();
            prop_assert_eq!(lives, !self.sessions[place].is_over, "a session and its end");
        }
        Ok(())
    }
}

impl Machine for PasswordSignIn {
    type Act = Act;
    type Flaw = Flaw;

    async fn begin(world: &World, address: &str, flaw: Option<Flaw>) -> Self {
        let admin = world.administrator(&format!("admin-{address}")).await;
        world.create_account(address).await;
        let user = world.id_of(address).await;
        let address = address.to_owned();
        Self { address, user, admin, password: 0, is_suspended: false, sessions: Vec::new(), wrong: 0, flaw }
    }

    async fn play(&mut self, world: &World, act: &Act) -> Judged {
        let count = self.sessions.len();
        match *act {
            Act::SignIn { password } => self.sign_in(world, password).await?,
            Act::Nobody => {
                let outcome = world.try_sign_in("nobody@example.com", PASSWORD).await;
                prop_assert_eq!(outcome.err().map(|error| error.refusal().code), Some(ErrorCode::InvalidCredentials));
            }
            Act::SignOut { session } => {
                let Some(session) = place_of(session, count) else { return Ok(()) };
                flow::sign_out(&world.auth, &self.sessions[session].token, &context()).await.unwrap();
                self.sessions[session].is_over = true;
            }
            Act::EndOthers { session } => {
                let Some(session) = place_of(session, count) else { return Ok(()) };
                let Some(caller) = self.caller(world, session).await else { return Ok(()) };
                let proof = FreshProof::Password(PASSWORDS[self.password].into());
                let proved = flow::reauthenticate(&world.auth, &caller, &proof, &context()).await;
                prop_assert!(proved.is_ok(), "the password of today proves its person");
                flow::end_other_sessions(&world.auth, &caller, &context()).await.unwrap();
                self.end_all_but(Some(session));
            }
            Act::Change { session, is_right, ends_others } => {
                let Some(session) = place_of(session, count) else { return Ok(()) };
                self.change(world, session, is_right, ends_others).await?;
            }
            Act::Suspend if !self.is_suspended => {
                prove(&world.auth, &self.admin).await;
                suspend(world, &self.admin, &self.user, None).await.unwrap();
                self.is_suspended = !self.has(Flaw::SuspensionIsForgotten);
                self.end_all_but(None);
            }
            Act::Unsuspend if self.is_suspended => {
                prove(&world.auth, &self.admin).await;
                flow::unsuspend_user(&world.auth, &self.admin, &self.user, &context()).await.unwrap();
                self.is_suspended = false;
            }
            Act::Suspend | Act::Unsuspend => {}
            Act::Wait(seconds) => world.clock.advance_seconds(seconds),
        }
        self.check(world).await
    }
}

const FIRST: Act = Act::SignIn { password: 0 };
const CHANGE: Act = Act::Change { session: 0, is_right: true, ends_others: true };

#[test]
fn the_password_of_today_opens_an_open_account_and_sessions_end() {
    explore::<PasswordSignIn>(any_act());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_an_old_password_that_opens_is_found() {
    is_found::<PasswordSignIn>(Flaw::TheOldPasswordStays, &[FIRST, CHANGE, FIRST]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_suspended_account_that_opens_is_found() {
    is_found::<PasswordSignIn>(Flaw::SuspensionIsForgotten, &[FIRST, Act::Suspend, FIRST]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_session_that_outlives_a_change_of_the_password_is_found() {
    is_found::<PasswordSignIn>(Flaw::OthersStay, &[FIRST, FIRST, CHANGE]).await;
}
