//! The rows of one table: counted, copied in batches, summed up. They pass one by one, so memory stays flat.

use futures::TryStreamExt as _;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::super::Result;
use super::catalog::{Column, Table};
use super::checksum::{Checksum, Value};

/// Values of one statement: SQLite takes 32,766.
const MOST_VALUES: usize = 10_000;
/// Rows of one.
const MOST_ROWS: usize = 500;
/// Bytes after which one is sent: a picture has a megabyte.
const MOST_BYTES: usize = 1 << 20;

/// How many rows there are.
pub(super) async fn count(table: &Table, connection: &mut AnyConnection) -> Result<i64> {
    let statement = format!("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM \"{}\"", table.name);
    sqlx::query(AssertSqlSafe(statement)).fetch_one(connection).await?.try_get("number")
}

/// Takes the rows that a new database begins with.
pub(super) async fn clear(table: &Table, connection: &mut AnyConnection) -> Result<()> {
    let statement = format!("DELETE FROM \"{}\"", table.name);
    sqlx::query(AssertSqlSafe(statement)).execute(connection).await.map(|_| ())
}

/// The checksum of what is there.
pub(super) async fn sum(table: &Table, connection: &mut AnyConnection) -> Result<Checksum> {
    let mut sum = Checksum::default();
    let mut rows = sqlx::query(AssertSqlSafe(select(table))).fetch(connection);
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
    let most = (MOST_VALUES / table.columns.len().max(1)).clamp(1, MOST_ROWS);
    let (mut sum, mut batch, mut bytes) = (Checksum::default(), Vec::with_capacity(most), 0);
    let mut rows = sqlx::query(AssertSqlSafe(select(table))).fetch(source);
    while let Some(row) = rows.try_next().await? {
        let row = values(table, &row)?;
        sum.add(&row);
        bytes += row.iter().map(Value::size).sum::<usize>();
        batch.push(row);
        if batch.len() == most || bytes >= MOST_BYTES {
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

async fn insert(table: &Table, batch: Vec<Vec<Value>>, target: &mut AnyConnection) -> Result<()> {
    // Rows of different sizes make many different statements: none of them is kept.
    let mut statement = sqlx::query(AssertSqlSafe(insertion(table, batch.len()))).persistent(false);
    for value in batch.into_iter().flatten() {
        statement = match value {
            Value::Text(text) => statement.bind(text),
            Value::Number(number) => statement.bind(number),
        };
    }
    statement.execute(target).await.map(|_| ())
}

fn values(table: &Table, row: &AnyRow) -> Result<Vec<Value>> {
    let value = |(place, column): (usize, &Column)| -> Result<Value> {
        Ok(if column.is_number { Value::Number(row.try_get(place)?) } else { Value::Text(row.try_get(place)?) })
    };
    table.columns.iter().enumerate().map(value).collect()
}

fn columns(table: &Table) -> String {
    table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

fn select(table: &Table) -> String {
    format!("SELECT {} FROM \"{}\"", columns(table), table.name)
}

fn insertion(table: &Table, rows: usize) -> String {
    let width = table.columns.len();
    let row = |number: usize| {
        let places: Vec<String> = (1..=width).map(|place| format!("${}", number * width + place)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO \"{}\" ({}) VALUES {}", table.name, columns(table), rows.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_a_place_of_its_own() {
        let column = |name: &str, is_number| Column { name: name.to_owned(), is_number };
        let table = Table { name: "limits".to_owned(), columns: vec![column("bucket", false), column("delay", true)] };
        let expected = "INSERT INTO \"limits\" (\"bucket\", \"delay\") VALUES ($1, $2), ($3, $4)";
        assert_eq!(insertion(&table, 2), expected);
        assert_eq!(select(&table), "SELECT \"bucket\", \"delay\" FROM \"limits\"");
    }
}
