//! The answer of HTTP/2, in pieces: each is given when the client had room for the one before, so that nothing but a piece
//! is kept for who takes nothing, and it is known who that is.

use axum::body::HttpBody;
use hyper::body::{Bytes, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::OwnedSemaphorePermit;

use super::answered::Answered;
use super::guest::Guest;
use super::guests::Turn;

/// What is kept for one answer that nobody takes.
pub(super) const PIECE_BYTES: usize = 8 * 1024;

/// An answer in pieces.
pub(super) struct Pieces {
    answered: Answered,
    /// What is left of a part that was larger.
    rest: Bytes,
    guest: Arc<Guest>,
    turn: Option<Turn>,
    /// Room of an answer that there is no turn.
    _telling: Option<OwnedSemaphorePermit>,
    is_whole: bool,
    /// Whether a piece was given, and it is not known yet that it was taken.
    is_given: bool,
    is_over: bool,
}

impl Pieces {
    /// Of an answer; without a turn it is one that says so.
    pub(super) fn new(
        answered: Answered,
        guest: Arc<Guest>,
        turn: Option<Turn>,
        telling: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let (is_over, rest) = (answered.is_end_stream(), Bytes::new());
        let mut pieces =
            Self { answered, rest, guest, turn, _telling: telling, is_whole: false, is_given: false, is_over };
        if is_over {
            pieces.note_whole();
        }
        pieces
    }

    fn note_whole(&mut self) {
        self.is_whole = true;
        if let Some(turn) = &mut self.turn {
            turn.note_whole();
        }
    }

    fn note_taken(&mut self) {
        if std::mem::take(&mut self.is_given) {
            self.guest.note_taken();
        }
    }

    /// A copy, so that a piece that waits does not keep all it was cut from.
    fn cut(&mut self) -> Bytes {
        let length = self.rest.len().min(PIECE_BYTES);
        Bytes::copy_from_slice(&self.rest.split_to(length))
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        this.note_taken();
        let piece = if this.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut this.answered).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    this.is_over = true;
                    this.note_whole();
                    return Poll::Ready(None);
                }
            };
            match frame.into_data() {
                Ok(data) if data.len() <= PIECE_BYTES => data,
                Ok(data) => {
                    this.rest = data;
                    this.cut()
                }
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        } else {
            this.cut()
        };
        this.is_given = true;
        this.guest.note_given();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    /// Known when it is asked for once more, and not with the last piece: else nobody would hear that that one was taken.
    fn is_end_stream(&self) -> bool {
        self.is_over
    }

    /// Asked before the first piece alone.
    fn size_hint(&self) -> SizeHint {
        self.answered.size_hint()
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.note_taken();
        // A turn tells its own end. Who breaks off the answer that there is none is as impatient.
        if self.turn.is_none() && !self.is_whole {
            self.guest.note_end(false);
        }
    }
}
