//! Which tables a database has, and in which order they can be filled: what is referred to comes first.

use anyhow::{bail, ensure};
use sqlx::{AnyConnection, Row as _};
use std::collections::{BTreeMap, BTreeSet};

/// A table, with its columns in the order of their names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// BIGINT; else TEXT. There is nothing else.
    pub(super) is_number: bool,
}

const COLUMNS_OF_SQLITE: &str = "SELECT m.name AS table_name, p.name AS column_name, p.type AS type_name \
    FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' \
    AND m.name <> '_sqlx_migrations'";
const COLUMNS_OF_POSTGRES: &str = "SELECT CAST(table_name AS TEXT) AS table_name, \
    CAST(column_name AS TEXT) AS column_name, CAST(data_type AS TEXT) AS type_name FROM information_schema.columns \
    WHERE CAST(table_schema AS TEXT) = CAST(current_schema() AS TEXT) AND table_name <> '_sqlx_migrations'";
const REFERENCES_OF_SQLITE: &str = "SELECT m.name AS table_name, f.\"table\" AS needed \
    FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const REFERENCES_OF_POSTGRES: &str = "SELECT CAST(t.relname AS TEXT) AS table_name, CAST(n.relname AS TEXT) AS needed \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class n ON n.oid = c.confrelid WHERE c.contype = 'f'";

/// Every table but the list of migrations, in an order in which they can be filled; the same for both databases.
pub(super) async fn tables(connection: &mut AnyConnection) -> anyhow::Result<Vec<Table>> {
    let is_sqlite = super::is_sqlite(connection);
    let columns = sqlx::query(if is_sqlite { COLUMNS_OF_SQLITE } else { COLUMNS_OF_POSTGRES });
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in columns.fetch_all(&mut *connection).await? {
        let (table, column): (String, String) = (row.try_get("table_name")?, row.try_get("column_name")?);
        ensure!(is_plain(&table) && is_plain(&column), "{table:?} with {column:?} is none of our tables");
        let is_number = match row.try_get::<String, _>("type_name")?.to_ascii_lowercase().as_str() {
            "bigint" => true,
            "text" => false,
            other => bail!("{table}.{column} is {other}; our columns are TEXT or BIGINT"),
        };
        tables.entry(table).or_default().push(Column { name: column, is_number });
    }
    let references = sqlx::query(if is_sqlite { REFERENCES_OF_SQLITE } else { REFERENCES_OF_POSTGRES });
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in references.fetch_all(connection).await? {
        let (table, needed): (String, String) = (row.try_get("table_name")?, row.try_get("needed")?);
        needs.entry(table).or_default().insert(needed);
    }
    in_order(tables, &needs)
}

/// Those first that refer to none that is left.
fn in_order(
    mut left: BTreeMap<String, Vec<Column>>,
    needs: &BTreeMap<String, BTreeSet<String>>,
) -> anyhow::Result<Vec<Table>> {
    let mut placed = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |name: &String| needs.get(name).is_some_and(|of| of.iter().any(|one| left.contains_key(one)));
        let Some(name) = left.keys().find(|name| !waits(name)).cloned() else { bail!("tables refer to each other") };
        let mut columns = left.remove(&name).unwrap_or_default();
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        placed.push(Table { name, columns });
    }
    Ok(placed)
}

/// Whether a name can stand in a statement as it is.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(references: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
        let (mut tables, mut needs) = (BTreeMap::new(), BTreeMap::<String, BTreeSet<String>>::new());
        for (table, needed) in references {
            tables.insert((*table).to_owned(), Vec::new());
            tables.insert((*needed).to_owned(), Vec::new());
            needs.entry((*table).to_owned()).or_default().insert((*needed).to_owned());
        }
        Ok(in_order(tables, &needs)?.into_iter().map(|table| table.name).collect())
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let order = ordered(&[("avatars", "users"), ("connections", "users"), ("tokens", "connections")]).unwrap();
        assert_eq!(order, ["users", "avatars", "connections", "tokens"]);
        assert!(ordered(&[("hens", "eggs"), ("eggs", "hens")]).is_err(), "no order will do");
    }

    #[test]
    fn only_our_names_stand_in_statements() {
        assert!(is_plain("audit_days") && is_plain("limits2"));
        for name in ["", "Users", "a b", "users\"", "users;", "é"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
