//! Every column whose values rest sealed, so that another master key can seal them anew. A story compares the list with the
//! tables: a column is called `…_sealed`.

use sqlx::Row;

use super::{Result, Store, Transaction};

/// A column of sealed values.
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    count: &'static str,
    next: &'static str,
    replace: &'static str,
}

/// A value as it rests.
pub struct SealedValue {
    /// Its row.
    pub id: String,
    /// Itself.
    pub sealed: String,
}

impl SealedColumn {
    /// The place that the value of a row is sealed for.
    pub fn place(&self, id: &str) -> String {
        format!("{}.{}.{id}", self.table, self.column)
    }
}

/// The beginning of a value has twelve characters: `v1.`, the name of the master key, and a dot.
macro_rules! sealed_columns {
    ($($table:literal $column:literal of $key:literal;)+) => {
        /// Every one of them. The keys of digests come last: without them no node starts.
        pub const SEALED_COLUMNS: &[SealedColumn] = &[$(SealedColumn {
            table: $table,
            column: $column,
            count: concat!(
                "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM ", $table, " WHERE ", $column, " <> '' AND SUBSTR(",
                $column, ", 1, 12) <> $1"
            ),
            next: concat!(
                "SELECT ", $key, " AS id, ", $column, " AS sealed FROM ", $table, " WHERE ", $key, " > $2 AND ", $column,
                " <> '' AND SUBSTR(", $column, ", 1, 12) <> $1 ORDER BY ", $key, " LIMIT $3"
            ),
            replace: concat!(
                "UPDATE ", $table, " SET ", $column, " = $3 WHERE ", $key, " = $1 AND ", $column, " = $2"
            ),
        }),+];
    };
}

sealed_columns! {
    "signing_keys" "private_sealed" of "id";
    "jobs" "payload_sealed" of "id";
    "waiting_acts" "payload_sealed" of "digest";
    "totp_secrets" "secret_sealed" of "user_id";
    "totp_enrolments" "secret_sealed" of "user_id";
    "account_recoveries" "cancel_sealed" of "id";
    "federation_flows" "payload_sealed" of "digest";
    "federation_codes" "identity_sealed" of "digest";
    "pending_connections" "identity_sealed" of "digest";
    "provider_tokens" "access_sealed" of "connection_id";
    "provider_tokens" "refresh_sealed" of "connection_id";
    "sign_ups" "identity_sealed" of "id";
    "webhooks" "secret_sealed" of "id";
    "webhooks" "old_secret_sealed" of "id";
    "data_keys" "key_sealed" of "id";
}

impl Store {
    /// How many values of a column begin otherwise: they are sealed under another master key.
    pub async fn count_sealed_otherwise(&self, column: &SealedColumn, beginning: &str) -> Result<i64> {
        sqlx::query(column.count).bind(beginning).fetch_one(&mut *self.read.get().await?).await?.try_get("number")
    }

    /// The next values that begin otherwise, in the order of their rows.
    pub async fn sealed_otherwise(
        &self,
        column: &SealedColumn,
        beginning: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<SealedValue>> {
        sqlx::query(column.next)
            .bind(beginning)
            .bind(after)
            .bind(most)
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| Ok(SealedValue { id: row.try_get("id")?, sealed: row.try_get("sealed")? }))
            .collect()
    }
}

impl Transaction {
    /// Puts a value that was sealed anew in its place; `false` when it is another one by now, or gone.
    pub async fn reseal(&mut self, column: &SealedColumn, old: &SealedValue, sealed: &str) -> Result<bool> {
        let done = sqlx::query(column.replace)
            .bind(old.id.as_str())
            .bind(old.sealed.as_str())
            .bind(sealed)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
