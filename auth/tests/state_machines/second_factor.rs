//! The two halves of a sign-in: no session without the factor, no code, recovery code or ticket twice.

use super::{Judged, Machine, explore, fail, is_found, place_of};
use crate::support::second_factor::prove;
use crate::support::tokens::read;
use crate::support::totp::{STEP, code_at, enrol};
use crate::support::typed_factor::type_code;
use crate::support::{PASSWORD, World};
use auth::factor::FREE_TRIES;
use auth::flow::SignIn;
use auth::{ErrorCode, FactorMethod, Timestamp};
use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};

/// Seconds of a ticket.
const LIFE: i64 = 10 * 60;
/// Tickets of an account at a time; the next one ends the oldest.
const MOST_TICKETS: usize = 10;

/// Tickets are counted from the newest.
#[derive(Clone, Debug)]
enum Act {
    Password,
    WrongPassword,
    /// The code of so many steps after now.
    Code {
        ticket: usize,
        steps: i64,
    },
    Recovery {
        ticket: usize,
        code: usize,
    },
    /// A right code with a ticket that nobody was given.
    Invented,
    Wait(i64),
}

fn any_act() -> impl Strategy<Value = Act> {
    let ticket = || 0..3_usize;
    prop_oneof![
        4 => Just(Act::Password),
        1 => Just(Act::WrongPassword),
        6 => (ticket(), -2..=2_i64).prop_map(|(ticket, steps)| Act::Code { ticket, steps }),
        2 => (ticket(), 0..3_usize).prop_map(|(ticket, code)| Act::Recovery { ticket, code }),
        1 => Just(Act::Invented),
        3 => prop_oneof![Just(20), Just(STEP), Just(LIFE - 60), Just(LIFE)].prop_map(Act::Wait),
    ]
}

/// What the model may believe wrongly.
#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    PasswordIsEnough,
    ACodeWorksTwice,
    ATicketWorksTwice,
    ARecoveryCodeWorksTwice,
}

struct Ticket {
    secret: SecretString,
    born: Timestamp,
    is_used: bool,
}

struct SecondFactor {
    address: String,
    key: SecretString,
    /// The last step whose code was used.
    used_step: i64,
    recovery: Vec<(SecretString, bool)>,
    tickets: Vec<Ticket>,
    /// Codes that were typed since the app was right.
    tries: i64,
    flaw: Option<Flaw>,
}

impl SecondFactor {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    fn is_live(&self, ticket: usize, now: Timestamp) -> bool {
        let ticket = &self.tickets[ticket];
        !ticket.is_used && ticket.born.plus_seconds(LIFE) > now
    }

    async fn password(&mut self, world: &World) -> Judged {
        if self.tickets.len() == MOST_TICKETS {
            return Ok(());
        }
        match world.try_sign_in(&self.address, PASSWORD).await {
            Ok(SignIn::NeedsSecondFactor(pending)) if !self.has(Flaw::PasswordIsEnough) => {
                self.tickets.push(Ticket { secret: pending.ticket, born: world.auth.now(), is_used: false });
                Ok(())
            }
            Ok(SignIn::SignedIn(_)) => fail("a session without the factor"),
            outcome => fail(format!("the right password leads on: {}", outcome.is_ok())),
        }
    }

    /// What came of a code: granted only where it may be, and where nothing speaks against it.
    fn judge(&mut self, outcome: Result<(), ErrorCode>, is_live: bool, is_right: bool, method: FactorMethod) -> Judged {
        match outcome {
            Ok(()) => {
                prop_assert!(is_live, "a ticket that is over leads to a session");
                prop_assert!(is_right, "a code that is wrong, too old or used leads to a session");
                self.tries = if method == FactorMethod::Totp { 0 } else { self.tries + 1 };
            }
            Err(code) if !is_live => prop_assert_eq!(code, ErrorCode::SecondFactorExpired),
            Err(code) => {
                prop_assert!(!is_right || self.tries >= FREE_TRIES, "{:?} for a code that is right", code);
                prop_assert!(matches!(code, ErrorCode::WrongCode | ErrorCode::FactorsLocked), "{:?}", code);
                self.tries += 1;
            }
        }
        Ok(())
    }

    async fn code(&mut self, world: &World, ticket: usize, steps: i64) -> Judged {
        let now = world.auth.now();
        let (at, is_live) = (now.plus_seconds(steps * STEP), self.is_live(ticket, now));
        let step = at.seconds() / STEP;
        let is_fresh = step > self.used_step || self.has(Flaw::ACodeWorksTwice);
        let proved = prove(world, &self.tickets[ticket].secret, &code_at(&self.key, at), false).await;
        if let Ok(proved) = &proved {
            let says = read(&proved.signed_in.access.access_token).1;
            prop_assert_eq!(says["acr"].as_str(), Some("aal2"), "a session without the factor");
            self.used_step = step;
            self.tickets[ticket].is_used = !self.has(Flaw::ATicketWorksTwice);
        }
        let outcome = proved.map(|_| ()).map_err(|error| error.refusal().code);
        self.judge(outcome, is_live, steps.abs() <= 1 && is_fresh, FactorMethod::Totp)
    }

    async fn recovery(&mut self, world: &World, ticket: usize, code: usize) -> Judged {
        let is_live = self.is_live(ticket, world.auth.now());
        let (code_text, is_used) = self.recovery[code].clone();
        let is_right = !is_used || self.has(Flaw::ARecoveryCodeWorksTwice);
        let method = FactorMethod::RecoveryCode;
        let outcome = type_code(&world.auth, &self.tickets[ticket].secret, method, code_text.expose_secret()).await;
        if outcome.is_ok() {
            self.recovery[code].1 = true;
            self.tickets[ticket].is_used = true;
        }
        self.judge(outcome.map_err(|error| error.refusal().code), is_live, is_right, method)
    }
}

impl Machine for SecondFactor {
    type Act = Act;
    type Flaw = Flaw;

    async fn begin(world: &World, address: &str, flaw: Option<Flaw>) -> Self {
        world.create_account(address).await;
        let caller = world.caller(&world.sign_in(address).await);
        // The code of the step before now is used up by it.
        let used_step = world.auth.now().seconds() / STEP - 1;
        let (key, codes) = enrol(world, &caller).await;
        let recovery = codes.unwrap().codes().iter().map(|code| (code.clone(), false)).collect();
        Self { address: address.to_owned(), key, used_step, recovery, tickets: Vec::new(), tries: 0, flaw }
    }

    async fn play(&mut self, world: &World, act: &Act) -> Judged {
        let count = self.tickets.len();
        match *act {
            Act::Password => self.password(world).await,
            Act::WrongPassword => match world.try_sign_in(&self.address, "not the right password").await {
                Ok(_) => fail("a wrong password leads on"),
                Err(error) => {
                    prop_assert_eq!(error.refusal().code, ErrorCode::InvalidCredentials);
                    Ok(())
                }
            },
            Act::Code { ticket, steps } => match place_of(ticket, count) {
                Some(ticket) => self.code(world, ticket, steps).await,
                None => Ok(()),
            },
            Act::Recovery { ticket, code } => match place_of(ticket, count) {
                Some(ticket) => self.recovery(world, ticket, code).await,
                None => Ok(()),
            },
            Act::Invented => {
                let code = code_at(&self.key, world.auth.now());
                let outcome = prove(world, &SecretString::from("invented"), &code, false).await;
                self.judge(outcome.map(|_| ()).map_err(|error| error.refusal().code), false, true, FactorMethod::Totp)
            }
            Act::Wait(seconds) => {
                world.clock.advance_seconds(seconds);
                Ok(())
            }
        }
    }
}

const NOW: Act = Act::Code { ticket: 0, steps: 0 };
const RECOVERY: Act = Act::Recovery { ticket: 0, code: 0 };

#[test]
fn no_session_without_the_factor_and_nothing_works_twice() {
    explore::<SecondFactor>(any_act());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_password_that_is_enough_is_found() {
    is_found::<SecondFactor>(Flaw::PasswordIsEnough, &[Act::Password]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_code_that_works_twice_is_found() {
    is_found::<SecondFactor>(Flaw::ACodeWorksTwice, &[Act::Password, NOW, Act::Password, NOW]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_ticket_that_works_twice_is_found() {
    is_found::<SecondFactor>(Flaw::ATicketWorksTwice, &[Act::Password, NOW, Act::Wait(STEP), NOW]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_recovery_code_that_works_twice_is_found() {
    let acts = [Act::Password, RECOVERY, Act::Password, RECOVERY];
    is_found::<SecondFactor>(Flaw::ARecoveryCodeWorksTwice, &acts).await;
}
