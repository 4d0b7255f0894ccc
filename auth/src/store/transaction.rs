//! Transactions: open until they are committed, undone when they are dropped.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, Executor as _};
use tokio::runtime::Handle;

use super::Result;
use super::connections::{Connections, Held, Pool};

/// Takes its place in the queue at once. A deferred transaction that reads and then writes fails when
/// another one wrote in between.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";

/// A transaction on a connection of its own. Dropping it undoes it.
pub(super) enum OpenTransaction {
    /// On PostgreSQL.
    Pooled(sqlx::Transaction<'static, Any>),
    /// On SQLite.
    Kept(Begun),
}

impl OpenTransaction {
    pub(super) async fn begin(connections: &Connections) -> Result<Self> {
        let mut begun = match Self::about_to_begin(connections).await? {
            Self::Kept(begun) => begun,
            pooled @ Self::Pooled(_) => return Ok(pooled),
        };
        match begun.execute(BEGIN).await {
            Ok(_) => Ok(Self::Kept(begun)),
            Err(error) => {
                // There is nothing to undo.
                begun.ended();
                Err(error)
            }
        }
    }

    /// On SQLite the first statement has to be [`BEGIN`], so that another can go with it.
    pub(super) async fn about_to_begin(connections: &Connections) -> Result<Self> {
        Ok(match connections {
            Connections::Kept(_) => Self::Kept(Begun(Some(connections.get().await?))),
            Connections::Pool(pool) => Self::Pooled(connections.meter().time(begin_pooled(pool.clone())).await?),
        })
    }

    pub(super) async fn commit(self) -> Result<()> {
        match self {
            Self::Pooled(transaction) => transaction.commit().await,
            Self::Kept(mut begun) => {
                begun.execute(COMMIT).await?;
                begun.ended();
                Ok(())
            }
        }
    }

    /// The last statement was [`COMMIT`].
    pub(super) fn was_committed(self) {
        if let Self::Kept(begun) = self {
            begun.ended();
        }
    }

    pub(super) async fn rollback(self) -> Result<()> {
        match self {
            Self::Pooled(transaction) => transaction.rollback().await,
            Self::Kept(mut begun) => {
                begun.execute("ROLLBACK").await?;
                begun.ended();
                Ok(())
            }
        }
    }
}

/// In a task of its own: a request that is dropped while BEGIN is on its way would hand the connection
/// back within a transaction that nobody ends. Here a finished one is dropped, and so rolled back.
async fn begin_pooled(pool: Pool) -> Result<sqlx::Transaction<'static, Any>> {
    tokio::spawn(async move { pool.begin().await }).await.map_err(|_| sqlx::Error::WorkerCrashed)?
}

/// A kept connection with a transaction on it; without one once that has ended.
pub(super) struct Begun(Option<Held>);

impl Begun {
    fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let Some(mut held) = self.0.take() else { return };
        // Whatever was on its way comes first: SQLite's thread works in order.
        // Without a runtime the program ends, and closing a connection undoes as well.
        let Ok(runtime) = Handle::try_current() else { return held.discard() };
        runtime.spawn(async move {
            if held.execute("ROLLBACK").await.is_err() {
                // Nothing was begun, or it was committed after all; or the connection is broken.
                held.discard();
            }
        });
    }
}

impl Deref for Begun {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.0.as_ref().expect("ended by value alone")
    }
}

impl DerefMut for Begun {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.0.as_mut().expect("ended by value alone")
    }
}

impl Deref for OpenTransaction {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match self {
            Self::Pooled(transaction) => transaction,
            Self::Kept(begun) => begun,
        }
    }
}

impl DerefMut for OpenTransaction {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match self {
            Self::Pooled(transaction) => transaction,
            Self::Kept(begun) => begun,
        }
    }
}

/// Several statements as one text. Their placeholders go on counting, so the arguments of the second
/// follow those of the first.
pub(super) fn joined(statements: &[&str]) -> String {
    let mut text = String::new();
    let mut arguments = 0;
    for statement in statements {
        let mut pieces = statement.split('$');
        text.push_str(pieces.next().unwrap_or_default());
        let mut highest = 0;
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
            let number = piece[..end].parse().unwrap_or(0);
            highest = highest.max(number);
            text.push_str(&format!("${}{}", arguments + number, &piece[end..]));
        }
        arguments += highest;
        text.push_str("; ");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn placeholders_of_joined_statements_go_on_counting() {
        let text = joined(&["BEGIN", "UPDATE t SET a = $2 WHERE b = $1 AND c = $2", "INSERT INTO t VALUES ($1)"]);
        assert_eq!(text, "BEGIN; UPDATE t SET a = $2 WHERE b = $1 AND c = $2; INSERT INTO t VALUES ($3); ");
    }
}
