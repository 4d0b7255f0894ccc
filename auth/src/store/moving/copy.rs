//! The rows of one table: counted, copied in batches, summed up. They pass one by one, so memory stays flat.

use futures::TryStreamExt as _;
use serde_json::{Map, Value as Json};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::super::Result;
use super::checksum::{Checksum, Value};
use super::tables::{Column, Table};

/// Rows of one statement.
const MOST_ROWS: usize = 500;
/// Bytes after which one is sent: a picture has a megabyte.
const MOST_BYTES: usize = 1 << 20;

/// How many rows there are.
pub(super) async fn count(table: &Table, connection: &mut AnyConnection) -> Result<i64> {
    sqlx::query(table.count).fetch_one(connection).await?.try_get("number")
}

/// Takes the rows that a new database begins with.
pub(super) async fn clear(table: &Table, connection: &mut AnyConnection) -> Result<()> {
    sqlx::query(table.clear).execute(connection).await.map(|_| ())
}

/// The checksum of what is there.
pub(super) async fn sum(table: &Table, connection: &mut AnyConnection) -> Result<Checksum> {
    let mut sum = Checksum::default();
    let mut rows = sqlx::query(table.select).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        sum.add(&values(table, &row)?);
    }
    Ok(sum)
}

/// Copies every row, tells how many are there, and gives the checksum of what was read.
pub(super) async fn copy(
    table: &Table,
    source: &mut AnyConnection,
    target: &mut AnyConnection,
    mut tell: impl FnMut(i64),
) -> Result<Checksum> {
    let (mut sum, mut batch, mut bytes) = (Checksum::default(), Vec::new(), 0);
    let mut rows = sqlx::query(table.select).fetch(source);
    while let Some(row) = rows.try_next().await? {
        let row = values(table, &row)?;
        sum.add(&row);
        bytes += row.iter().map(Value::size).sum::<usize>();
        batch.push(object(table, row));
        if batch.len() == MOST_ROWS || bytes >= MOST_BYTES {
            insert(table, std::mem::take(&mut batch), target).await?;
            bytes = 0;
            tell(sum.rows());
        }
    }
    if !batch.is_empty() {
        insert(table, batch, target).await?;
    }
    Ok(sum)
}

async fn insert(table: &Table, batch: Vec<Json>, target: &mut AnyConnection) -> Result<()> {
    let is_sqlite = super::is_sqlite(target);
    let statement = if is_sqlite { table.insert_into_sqlite } else { table.insert_into_postgres };
    sqlx::query(statement).bind(Json::Array(batch).to_string()).execute(target).await.map(|_| ())
}

fn values(table: &Table, row: &AnyRow) -> Result<Vec<Value>> {
    let value = |(place, column): (usize, &Column)| -> Result<Value> {
        Ok(if column.is_number { Value::Number(row.try_get(place)?) } else { Value::Text(row.try_get(place)?) })
    };
    table.columns.iter().enumerate().map(value).collect()
}

fn object(table: &Table, row: Vec<Value>) -> Json {
    let names = table.columns.iter().map(|column| column.name.to_owned());
    Json::Object(names.zip(row.into_iter().map(Value::into_json)).collect::<Map<_, _>>())
}
