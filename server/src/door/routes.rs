//! What a door leads to, and who tells somebody without a turn that there is none.

use axum::Router;

/// As an extension of a request: its client has so many others that it finds no turn. It must not be answered but for that.
#[derive(Clone, Copy)]
pub(crate) struct NoTurn;

/// Routes behind a door; cheap to clone.
#[derive(Clone)]
pub struct Routes {
    pub(super) router: Router,
    /// Whether they are handed a request with [`NoTurn`]. Else the door refuses it by itself, without a word.
    pub(super) tell_no_turn: bool,
}

impl Routes {
    /// Those of `router.rs`, which refuse whoever found no turn before anything else.
    pub fn of_the_program(router: Router) -> Self {
        Self { router, tell_no_turn: true }
    }

    /// Made whole once instead of with every request.
    pub(super) fn made_whole(self) -> Self {
        Self { router: self.router.with_state(()), ..self }
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self { router, tell_no_turn: false }
    }
}
