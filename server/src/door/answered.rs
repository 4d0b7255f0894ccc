//! The bodies of a request and of its answer. While the one is waited for, its client is slow; when the other is over, or
//! its client is gone, the connection waits for another request.

use axum::body::{Body, HttpBody};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::guest::Guest;

/// A request that is answered until this is dropped.
pub(super) struct Serving(Arc<Guest>);

impl Serving {
    /// A request whose head came now.
    pub(super) fn begin(guest: &Arc<Guest>) -> Self {
        guest.note_request();
        Self(Arc::clone(guest))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.note_answered();
    }
}

/// A body that tells its guest whether it is waited for.
pub(super) struct Asked {
    body: Incoming,
    guest: Arc<Guest>,
    is_awaited: bool,
}

impl Asked {
    /// The body of a request. Most have none, and for that nobody waits.
    pub(super) fn body(body: Incoming, guest: &Arc<Guest>) -> Body {
        if body.is_end_stream() {
            return Body::empty();
        }
        Body::new(Self { body, guest: Arc::clone(guest), is_awaited: false })
    }

    fn note(&mut self, is_awaited: bool) {
        if std::mem::replace(&mut self.is_awaited, is_awaited) != is_awaited {
            self.guest.note_body(is_awaited);
        }
    }
}

impl HttpBody for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(context);
        this.note(frame.is_pending());
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.note(false);
    }
}

/// A body that ends what it answers.
pub(super) struct Answered {
    body: Body,
    _serving: Serving,
}

impl Answered {
    /// The answer of a request.
    pub(super) fn new(body: Body, serving: Serving) -> Self {
        Self { body, _serving: serving }
    }
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
