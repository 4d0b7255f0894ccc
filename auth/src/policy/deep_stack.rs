//! A thread for what goes deep: parsing and checking policies. What is too deep was refused before; the stack is as
//! large as it is because nobody proved how much one level takes.

use anyhow::Context as _;
use tokio::sync::oneshot;

const STACK: usize = 32 * 1024 * 1024;

/// Does work on a stack of its own, beside the runtime.
pub(super) async fn on_deep_stack<T, W>(work: W) -> anyhow::Result<T>
where
    T: Send + 'static,
    W: FnOnce() -> T + Send + 'static,
{
    let (done, answer) = oneshot::channel();
    let thread = std::thread::Builder::new().name("policies".to_owned()).stack_size(STACK);
    thread
        .spawn(move || {
            // Nobody waits any more when the request was given up.
            let _ = done.send(work());
        })
        .context("no thread for the policies")?;
    answer.await.context("the thread of the policies broke off")
}
