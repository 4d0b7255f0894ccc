//! A family of refresh tokens: one successor for each token, one live token at a time, and an end that is an end.

use super::{Judged, Machine, explore, fail, is_found, place_of};
use crate::support::{World, access_token, context};
use auth::{ErrorCode, Timestamp, flow};
use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};

/// Seconds for which a rotated token leads to the newest.
const GRACE: i64 = 30;
/// Seconds of an access token.
const ACCESS: i64 = 5 * 60;
/// Seconds for which a sign-in is a proof of the person.
const FRESH: i64 = 15 * 60;
const MOST_SESSIONS: usize = 3;

/// Sessions and tokens are counted from the newest.
#[derive(Clone, Debug)]
enum Act {
    SignIn,
    Refresh { session: usize, token: usize },
    Resume { session: usize, token: usize },
    SignOut { session: usize, token: usize },
    EndOthers { session: usize },
    Wait(i64),
}

fn any_act() -> impl Strategy<Value = Act> {
    let (session, token) = (|| 0..MOST_SESSIONS, || 0..4_usize);
    prop_oneof![
        2 => Just(Act::SignIn),
        6 => (session(), token()).prop_map(|(session, token)| Act::Refresh { session, token }),
        3 => (session(), token()).prop_map(|(session, token)| Act::Resume { session, token }),
        1 => (session(), token()).prop_map(|(session, token)| Act::SignOut { session, token }),
        1 => session().prop_map(|session| Act::EndOthers { session }),
        3 => prop_oneof![Just(10), Just(28), Just(29), Just(60), Just(400)].prop_map(Act::Wait),
    ]
}

/// What the model may believe wrongly.
#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    GraceWithoutEnd,
    ASuccessorForEachTry,
    ReuseIsForgiven,
    SignOutIsForgotten,
}

/// What presenting a token leads to.
#[derive(Debug)]
enum Fate {
    Refused,
    Rotates,
    LeadsToNewest,
    EndsFamily,
}

struct Token {
    secret: SecretString,
    issued: Timestamp,
    rotated: Option<Timestamp>,
}

struct Session {
    tokens: Vec<Token>,
    access: Vec<(SecretString, Timestamp)>,
    is_over: bool,
}

impl Session {
    fn newest(&self) -> &str {
        self.tokens.last().unwrap().secret.expose_secret()
    }

    fn follow(&mut self, place: usize, successor: SecretString, now: Timestamp) {
        self.tokens[place].rotated = Some(now);
        self.tokens.push(Token { secret: successor, issued: now, rotated: None });
    }
}

struct Family {
    address: String,
    sessions: Vec<Session>,
    flaw: Option<Flaw>,
}

impl Family {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    fn chosen(&self, session: usize, token: usize) -> Option<(usize, usize)> {
        let session = place_of(session, self.sessions.len())?;
        Some((session, place_of(token, self.sessions[session].tokens.len())?))
    }

    fn fate(&self, session: usize, token: usize, now: Timestamp) -> Fate {
        let session = &self.sessions[session];
        match session.tokens[token].rotated {
            _ if session.is_over => Fate::Refused,
            None => Fate::Rotates,
            Some(at) if at.plus_seconds(GRACE) > now || self.has(Flaw::GraceWithoutEnd) => Fate::LeadsToNewest,
            Some(_) => Fate::EndsFamily,
        }
    }

    fn is_known(&self, token: &SecretString) -> bool {
        let mut tokens = self.sessions.iter().flat_map(|session| &session.tokens);
        tokens.any(|known| known.secret.expose_secret() == token.expose_secret())
    }

    async fn sign_in(&mut self, world: &World) {
        if self.sessions.len() == MOST_SESSIONS {
            return;
        }
        let (signed_in, now) = (world.sign_in(&self.address).await, world.auth.now());
        let access = vec![(access_token(&signed_in), now)];
        let token = Token { secret: signed_in.refresh_token, issued: now, rotated: None };
        self.sessions.push(Session { tokens: vec![token], access, is_over: false });
    }

    async fn refresh(&mut self, world: &World, session: usize, token: usize) -> Judged {
        let now = world.auth.now();
        let fate = self.fate(session, token, now);
        let secret = self.sessions[session].tokens[token].secret.clone();
        match (fate, flow::refresh(&world.auth, &secret, &context()).await) {
            (Fate::Rotates, Ok(given)) => {
                prop_assert!(!self.is_known(&given.refresh_token), "a token comes a second time");
                let own = &mut self.sessions[session];
                own.follow(token, given.refresh_token, now);
                own.access.push((given.access.access_token.into(), now));
            }
            (Fate::LeadsToNewest, Ok(given)) => {
                let is_newest = given.refresh_token.expose_secret() == self.sessions[session].newest();
                prop_assert_eq!(is_newest, !self.has(Flaw::ASuccessorForEachTry), "two live successors");
                self.sessions[session].access.push((given.access.access_token.into(), now));
            }
            (Fate::Refused, Err(error)) => prop_assert_eq!(error.refusal().code, ErrorCode::SignedOut),
            (Fate::EndsFamily, Err(error)) => {
                prop_assert_eq!(error.refusal().code, ErrorCode::SignedOut);
                self.sessions[session].is_over = !self.has(Flaw::ReuseIsForgiven);
            }
            (fate, answer) => return fail(format!("{fate:?}, and it was granted: {}", answer.is_ok())),
        }
        Ok(())
    }

    async fn resume(&mut self, world: &World, session: usize, token: usize) -> Judged {
        let now = world.auth.now();
        let fate = self.fate(session, token, now);
        let own = &mut self.sessions[session];
        let (secret, is_young) = {
            let token = &own.tokens[token];
            (token.secret.clone(), token.issued.plus_seconds(ACCESS) > now)
        };
        let resumed = flow::resume(&world.auth, &secret, &context()).await.unwrap();
        match (fate, resumed.map(|resumed| resumed.refresh_token)) {
            (Fate::Rotates, Some(None)) if is_young => {}
            (Fate::Rotates, Some(Some(successor))) if !is_young => own.follow(token, successor, now),
            (Fate::LeadsToNewest, Some(Some(given))) => prop_assert_eq!(given.expose_secret(), own.newest()),
            (Fate::Refused, None) => {}
            (Fate::EndsFamily, None) => own.is_over = true,
            (fate, resumed) => return fail(format!("{fate:?}, and there was a session: {}", resumed.is_some())),
        }
        Ok(())
    }

    async fn end_others(&mut self, world: &World, session: usize) -> Judged {
        let now = world.auth.now();
        let own = &self.sessions[session];
        let (access, issued) = own.access.last().unwrap();
        if own.is_over || now.seconds_since(*issued) >= ACCESS - 5 {
            return Ok(());
        }
        let caller = world.auth.caller_of_access_token(access).unwrap();
        let ended = flow::end_other_sessions(&world.auth, &caller, &context()).await;
        if now.seconds_since(own.access[0].1) >= FRESH {
            let code = ended.err().map(|error| error.refusal().code);
            prop_assert_eq!(code, Some(ErrorCode::ReauthenticationRequired), "an old sign-in proves nobody");
            return Ok(());
        }
        prop_assert!(ended.is_ok(), "a young sign-in is a proof");
        for (place, other) in self.sessions.iter_mut().enumerate() {
            other.is_over |= place != session;
        }
        Ok(())
    }

    /// An access token is as good as its session, at once.
    fn check(&self, world: &World) -> Judged {
        let now = world.auth.now();
        for session in &self.sessions {
            for (access, issued) in &session.access {
                let is_accepted = world.auth.caller_of_access_token(access).is_ok();
                prop_assert!(!(is_accepted && session.is_over), "a session lives on after its end");
                let is_young = now.seconds_since(*issued) < ACCESS - 5;
                prop_assert!(is_accepted || session.is_over || !is_young, "a session ended by itself");
            }
        }
        Ok(())
    }
}

impl Machine for Family {
    type Act = Act;
    type Flaw = Flaw;

    async fn begin(world: &World, address: &str, flaw: Option<Flaw>) -> Self {
        world.create_account(address).await;
        let mut family = Self { address: address.to_owned(), sessions: Vec::new(), flaw };
        family.sign_in(world).await;
        family
    }

    async fn play(&mut self, world: &World, act: &Act) -> Judged {
        match *act {
            Act::SignIn => self.sign_in(world).await,
            Act::Refresh { session, token } => {
                let Some((session, token)) = self.chosen(session, token) else { return Ok(()) };
                self.refresh(world, session, token).await?;
            }
            Act::Resume { session, token } => {
                let Some((session, token)) = self.chosen(session, token) else { return Ok(()) };
                self.resume(world, session, token).await?;
            }
            Act::SignOut { session, token } => {
                let Some((session, token)) = self.chosen(session, token) else { return Ok(()) };
                let secret = self.sessions[session].tokens[token].secret.clone();
                flow::sign_out(&world.auth, &secret, &context()).await.unwrap();
                self.sessions[session].is_over |= !self.has(Flaw::SignOutIsForgotten);
            }
            Act::EndOthers { session } => {
                let Some((session, _)) = self.chosen(session, 0) else { return Ok(()) };
                self.end_others(world, session).await?;
            }
            Act::Wait(seconds) => world.clock.advance_seconds(seconds),
        }
        self.check(world)
    }
}

const NEWEST: Act = Act::Refresh { session: 0, token: 0 };
const ONE_BEFORE: Act = Act::Refresh { session: 0, token: 1 };

#[test]
fn a_family_has_one_live_token_and_an_end() {
    explore::<Family>(any_act());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_grace_without_end_is_found() {
    is_found::<Family>(Flaw::GraceWithoutEnd, &[NEWEST, Act::Wait(60), ONE_BEFORE]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_second_live_successor_is_found() {
    is_found::<Family>(Flaw::ASuccessorForEachTry, &[NEWEST, ONE_BEFORE]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_family_that_outlives_its_reuse_is_found() {
    is_found::<Family>(Flaw::ReuseIsForgiven, &[NEWEST, Act::Wait(60), ONE_BEFORE, NEWEST]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_session_that_outlives_its_sign_out_is_found() {
    is_found::<Family>(Flaw::SignOutIsForgotten, &[Act::SignOut { session: 0, token: 0 }, NEWEST]).await;
}
