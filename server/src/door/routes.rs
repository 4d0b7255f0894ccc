//! What a door leads to, and who tells somebody without a turn that there is none.

use axum::Router;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who is told in words at once that there is no turn. Others hear it without a word: it must not cost what turns bound.
const MOST_TOLD: usize = 64;

/// As an extension of a request: its client has so many others that it finds no turn. It must not be answered but for that.
#[derive(Clone, Copy)]
pub(crate) struct NoTurn;

/// Routes behind a door; cheap to clone.
#[derive(Clone)]
pub struct Routes {
    pub(super) router: Router,
    /// Room of those who are handed on with [`NoTurn`]; none: the door refuses all of them by itself.
    room: Option<Arc<Semaphore>>,
}

impl Routes {
    /// Those of `router.rs`, which refuse whoever found no turn before anything else.
    pub fn of_the_program(router: Router) -> Self {
        Self { router, room: Some(Arc::new(Semaphore::new(MOST_TOLD))) }
    }

    /// Room to tell one in words that there is no turn, if there is some.
    pub(super) fn room_to_tell(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(self.room.as_ref()?).try_acquire_owned().ok()
    }

    /// Made whole once instead of with every request.
    pub(super) fn made_whole(self) -> Self {
        Self { router: self.router.with_state(()), ..self }
    }
}

impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self { router, room: None }
    }
}
