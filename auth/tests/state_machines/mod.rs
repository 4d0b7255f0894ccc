//! Random sequences of acts never reach a forbidden state: a model says beforehand what each act must lead to, and the
//! engine is held to it. A sequence that fails is shown as short as it can be.
//!
//! Each model can be given a flaw: then it believes something wrong, and a sequence that meets it must fail. Without these
//! controls nobody would know whether the comparison compares anything.
//!
//! `KEYWRIGHT_SEQUENCES=2000 cargo test -p auth state_machines` plays so many sequences of each on each database.

use crate::support::World;
use crate::support::database::{self, Database};
use crate::support::skipped::{NO_POSTGRES, skipped};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use std::cell::Cell;
use std::fmt::Debug;
use tokio::runtime::Runtime;

mod family;
mod reset;
mod second_factor;
mod sign_in;

/// Whether the engine did what the model said.
type Judged = Result<(), TestCaseError>;

/// What is tried with one account.
trait Machine: Sized {
    type Act: Clone + Debug + 'static;
    type Flaw: Copy + PartialEq;

    /// Begins with an account of its own.
    async fn begin(world: &World, address: &str, flaw: Option<Self::Flaw>) -> Self;

    /// Does an act, compares what came of it with what the model says, and looks at everything that must hold.
    async fn play(&mut self, world: &World, act: &Self::Act) -> Judged;
}

/// Sequences that are played of a machine on a database.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn sequences() -> u32 {
    let wanted = std::env::var("KEYWRIGHT_SEQUENCES").ok();
    wanted.map_or(24, |wanted| wanted.parse().expect("KEYWRIGHT_SEQUENCES is a number"))
}

/// Plays sequences that nobody thought of, on SQLite and again on PostgreSQL.
fn explore<M: Machine>(act: impl Strategy<Value = M::Act>) {
    let runtime = Runtime::new().unwrap();
    let _entered = runtime.enter();
    let acts = prop::collection::vec(act, 4..16);
    explore_on::<M>(&runtime, database::sqlite(), &acts);
    match runtime.block_on(database::postgres()) {
        Some(database) => explore_on::<M>(&runtime, database, &acts),
        None => skipped(NO_POSTGRES),
    }
}

fn explore_on<M: Machine>(runtime: &Runtime, database: Database, acts: &impl Strategy<Value = Vec<M::Act>>) {
    let world = runtime.block_on(World::on(database));
    let number = Cell::new(0);
    let config = ProptestConfig {
        cases: sequences(),
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let judged = TestRunner::new(config).run(acts, |acts| {
        number.set(number.get() + 1);
        runtime.block_on(play::<M>(&world, &format!("number{}@example.com", number.get()), None, &acts))
    });
    judged.unwrap();
}

/// The same sequence, which a sound model foresees and a flawed one does not.
async fn is_found<M: Machine>(flaw: M::Flaw, acts: &[M::Act]) {
    let world = World::on(database::sqlite()).await;
    play::<M>(&world, "sound@example.com", None, acts).await.expect("a sound model foresees it");
    assert!(play::<M>(&world, "flawed@example.com", Some(flaw), acts).await.is_err(), "nobody noticed the flaw");
}

async fn play<M: Machine>(world: &World, address: &str, flaw: Option<M::Flaw>, acts: &[M::Act]) -> Judged {
    let mut machine = M::begin(world, address, flaw).await;
    for act in acts {
        world.clock.advance_seconds(1);
        machine.play(world, act).await?;
    }
    Ok(())
}

/// The place of one of so many, counted from the newest; none of none.
fn place_of(back: usize, count: usize) -> Option<usize> {
    (count > 0).then(|| count - 1 - back % count)
}

fn fail<T>(why: impl Into<String>) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(why.into()))
}
