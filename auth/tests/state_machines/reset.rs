//! A new password by mail: one live mail at a time, used once, and nobody stays signed in behind it.

use super::{Judged, Machine, explore, fail, is_found, place_of};
use crate::support::password_reset::{ask, is_live, mails_of_kind, reset_to};
use crate::support::{PASSWORD, World, code, context, other_code, refusal};
use auth::flow::{self, ResetProof, ResetTicket, SignIn};
use auth::form::PasswordChange;
use auth::{ErrorCode, Timestamp, VerificationCode};
use proptest::prelude::*;
use secrecy::SecretString;

/// Seconds that link and code live.
const LIFE: i64 = 10 * 60;
/// Wrong codes after which the right one is worth nothing.
const TRIES: u32 = 5;
const PASSWORDS: [&str; 3] = [PASSWORD, "trombone lamp yes please", "velvet kettle under seven moons"];

/// Mails are counted from the newest.
#[derive(Clone, Debug)]
enum Act {
    Ask,
    Look {
        mail: usize,
    },
    Link {
        mail: usize,
    },
    /// The code of one mail, or a wrong one, in the browser that asked for another.
    Code {
        ticket: usize,
        mail: usize,
        is_right: bool,
    },
    SignIn {
        password: usize,
    },
    Change,
    Wait(i64),
}

fn any_act() -> impl Strategy<Value = Act> {
    let mail = || 0..3_usize;
    prop_oneof![
        4 => Just(Act::Ask),
        1 => mail().prop_map(|mail| Act::Look { mail }),
        3 => mail().prop_map(|mail| Act::Link { mail }),
        4 => (mail(), mail(), any::<bool>()).prop_map(|(ticket, mail, is_right)| Act::Code { ticket, mail, is_right }),
        2 => (0..PASSWORDS.len()).prop_map(|password| Act::SignIn { password }),
        1 => Just(Act::Change),
        2 => prop_oneof![Just(60), Just(LIFE - 60), Just(LIFE)].prop_map(Act::Wait),
    ]
}

/// What the model may believe wrongly.
#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    OlderMailsStay,
    ALinkWorksTwice,
    SessionsStay,
    TriesHaveNoEnd,
}

struct Mail {
    ticket: ResetTicket,
    link: SecretString,
    code: VerificationCode,
    born: Timestamp,
    is_dead: bool,
    wrong: u32,
}

impl Mail {
    fn is_live(&self, now: Timestamp) -> bool {
        !self.is_dead && self.born.plus_seconds(LIFE) > now
    }
}

struct Reset {
    address: String,
    password: usize,
    mails: Vec<Mail>,
    sessions: Vec<SecretString>,
    flaw: Option<Flaw>,
}

impl Reset {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    fn next_password(&self) -> usize {
        (self.password + 1) % PASSWORDS.len()
    }

    async fn ask(&mut self, world: &World) -> Judged {
        let before = mails_of_kind(world, &self.address, "password_reset").await.len();
        let ticket = ask(world, &self.address).await;
        let now = world.auth.now();
        let mails = mails_of_kind(world, &self.address, "password_reset").await;
        if mails.len() == before {
            prop_assert!(self.mails.iter().any(|mail| mail.is_live(now)), "nobody is left without a way");
            return Ok(());
        }
        let alive = self.mails.iter().filter(|mail| mail.is_live(now)).count();
        prop_assert!(alive <= 1, "one mail is alive at a time");
        for older in &mut self.mails {
            older.is_dead |= self.flaw != Some(Flaw::OlderMailsStay);
        }
        let link = mails[0].link.as_deref().and_then(|link| link.split_once("token=")).unwrap().1.into();
        let code = code(mails[0].code.as_deref().unwrap());
        self.mails.push(Mail { ticket, link, code, born: now, is_dead: false, wrong: 0 });
        Ok(())
    }

    /// A way to a new password was taken: it and all others are used up, and all sessions are over.
    async fn reset(&mut self, world: &World, is_by_link: bool) -> Judged {
        self.password = self.next_password();
        for mail in &mut self.mails {
            mail.is_dead |= !(is_by_link && self.flaw == Some(Flaw::ALinkWorksTwice));
        }
        for session in self.sessions.drain(..) {
            let lives = flow::refresh(&world.auth, &session, &context()).await.is_ok();
            prop_assert_eq!(lives, self.flaw == Some(Flaw::SessionsStay), "a session of before the reset");
        }
        Ok(())
    }

    async fn link(&mut self, world: &World, mail: usize) -> Judged {
        let is_expected = self.mails[mail].is_live(world.auth.now());
        let proof = ResetProof::Link(self.mails[mail].link.clone());
        match reset_to(world, proof, PASSWORDS[self.next_password()]).await {
            Ok(()) if is_expected => self.reset(world, true).await,
            Err(error) if !is_expected => {
                prop_assert_eq!(error.refusal().code, ErrorCode::ResetExpired);
                Ok(())
            }
            outcome => fail(format!("the link is live: {is_expected}, and it worked: {}", outcome.is_ok())),
        }
    }

    async fn code(&mut self, world: &World, (ticket, mail): (usize, usize), is_right: bool) -> Judged {
        let typed = if is_right { self.mails[mail].code.clone() } else { other_code(&self.mails[mail].code) };
        let (is_live, wrong) = (self.mails[ticket].is_live(world.auth.now()), self.mails[ticket].wrong);
        let is_own = typed == self.mails[ticket].code;
        let has_tries = wrong < TRIES || self.has(Flaw::TriesHaveNoEnd);
        let proof = ResetProof::TicketCode(self.mails[ticket].ticket.clone(), typed);
        match reset_to(world, proof, PASSWORDS[self.next_password()]).await {
            Ok(()) if is_live && is_own && has_tries => self.reset(world, false).await,
            Err(error) if !(is_live && is_own && has_tries) => {
                let code = error.refusal().code;
                prop_assert_eq!(code == ErrorCode::ResetExpired, !is_live, "{:?}", code);
                self.mails[ticket].wrong += u32::from(is_live);
                Ok(())
            }
            outcome => fail(format!(
                "live: {is_live}, its own: {is_own}, wrong before: {wrong}; and it worked: {}",
                outcome.is_ok()
            )),
        }
    }

    async fn sign_in(&mut self, world: &World, password: usize) -> Judged {
        match world.try_sign_in(&self.address, PASSWORDS[password]).await {
            Ok(SignIn::SignedIn(session)) if password == self.password => self.sessions.push(session.refresh_token),
            Err(error) if password != self.password => {
                prop_assert_eq!(error.refusal().code, ErrorCode::InvalidCredentials);
            }
            outcome => return fail(format!("a password opens or not: {}", outcome.is_ok())),
        }
        Ok(())
    }

    /// Whoever changes the password while signed in makes what was mailed worthless.
    async fn change(&mut self, world: &World) {
        let Ok(SignIn::SignedIn(session)) = world.try_sign_in(&self.address, PASSWORDS[self.password]).await else {
            panic!("the password of today opens");
        };
        let (current, new) = (PASSWORDS[self.password].into(), PASSWORDS[self.next_password()].into());
        let change = PasswordChange { current, new, end_other_sessions: false };
        flow::change_password(&world.auth, &world.caller(&session), change, &context()).await.unwrap();
        self.password = self.next_password();
        self.mails.iter_mut().for_each(|mail| mail.is_dead = true);
        self.sessions.push(session.refresh_token);
    }
}

impl Machine for Reset {
    type Act = Act;
    type Flaw = Flaw;

    async fn begin(world: &World, address: &str, flaw: Option<Flaw>) -> Self {
        world.create_account(address).await;
        Self { address: address.to_owned(), password: 0, mails: Vec::new(), sessions: Vec::new(), flaw }
    }

    async fn play(&mut self, world: &World, act: &Act) -> Judged {
        let chosen = |mail: usize| place_of(mail, self.mails.len());
        match *act {
            Act::Ask => self.ask(world).await?,
            Act::Look { mail } => {
                let Some(mail) = chosen(mail).map(|place| &self.mails[place]) else { return Ok(()) };
                prop_assert_eq!(is_live(world, &mail.link).await, mail.is_live(world.auth.now()));
            }
            Act::Link { mail } => {
                let Some(mail) = chosen(mail) else { return Ok(()) };
                self.link(world, mail).await?;
            }
            Act::Code { ticket, mail, is_right } => {
                let (Some(ticket), Some(mail)) = (chosen(ticket), chosen(mail)) else { return Ok(()) };
                self.code(world, (ticket, mail), is_right).await?;
            }
            Act::SignIn { password } => self.sign_in(world, password).await?,
            Act::Change => self.change(world).await,
            Act::Wait(seconds) => world.clock.advance_seconds(seconds),
        }
        let invented = ResetProof::Link("invented".into());
        prop_assert_eq!(refusal(reset_to(world, invented, PASSWORDS[0]).await), ErrorCode::ResetExpired);
        Ok(())
    }
}

const LINK: Act = Act::Link { mail: 0 };
const WRONG: Act = Act::Code { ticket: 0, mail: 0, is_right: false };
const RIGHT: Act = Act::Code { ticket: 0, mail: 0, is_right: true };

#[test]
fn a_mail_leads_to_a_new_password_once_and_only_the_newest_does() {
    explore::<Reset>(any_act());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_link_that_works_after_a_newer_one_is_found() {
    is_found::<Reset>(Flaw::OlderMailsStay, &[Act::Ask, Act::Ask, Act::Link { mail: 1 }]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_link_that_works_twice_is_found() {
    is_found::<Reset>(Flaw::ALinkWorksTwice, &[Act::Ask, LINK, LINK]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_session_that_outlives_the_reset_is_found() {
    is_found::<Reset>(Flaw::SessionsStay, &[Act::SignIn { password: 0 }, Act::Ask, LINK]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_code_that_works_after_too_many_wrong_ones_is_found() {
    is_found::<Reset>(Flaw::TriesHaveNoEnd, &[Act::Ask, WRONG, WRONG, WRONG, WRONG, WRONG, RIGHT]).await;
}
