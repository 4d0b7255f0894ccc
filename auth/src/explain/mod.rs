//! What happened at a sign-in, for the person it happened to: the messages, what was done and how long
//! each took. It is kept in memory for ten minutes and never stored; no password, no token and no hash
//! is ever in it.
//!
//! A flow says what it did with [`note`], as it says things to the log: what it decides never depends on
//! it. Where nobody began a [`Recording`], that costs a look at an empty place.

mod exchange;
mod kept;
mod recording;
mod step;

pub use exchange::{Exchange, Message, TimedStep};
pub use kept::Exchanges;
pub use recording::{Recording, note, note_body};
pub use step::{OriginProof, Step};
