//! What a page waits for before it is rendered.

use std::future::{Future, poll_fn};
use std::mem;
use std::task::Poll;

use leptos::prelude::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A blocking resource whose work begins at its second poll.
///
/// Leptos polls a resource once with a waker that wakes nobody, and leaves the rest to a task of its own. What waits
/// for SQLite's thread must not be polled so: an answer that comes in the middle of the second poll is told to the
/// first waker alone (flume looks into its queue before it takes the new one), and the page would wait for ever.
pub fn resource<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> F + Clone + Send + Sync + 'static,
) -> Resource<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    #[expect(clippy::disallowed_methods, reason = "this is where every page makes them")]
    Resource::new_blocking(source, move |asked| {
        let fetch = fetch.clone();
        async move {
            second_poll().await;
            fetch(asked).await
        }
    })
}

async fn second_poll() {
    let mut first = true;
    poll_fn(|context| {
        if mem::take(&mut first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::second_poll;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn nothing_begins_at_the_first_poll() {
        let mut begun = pin!(second_poll());
        let mut nobody = Context::from_waker(Waker::noop());
        assert_eq!(begun.as_mut().poll(&mut nobody), Poll::Pending);
        assert_eq!(begun.as_mut().poll(&mut nobody), Poll::Ready(()));
    }
}
