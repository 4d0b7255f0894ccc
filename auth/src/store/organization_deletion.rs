//! Organizations that are to go, and their going.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::OrganizationId;

/// What belongs to an organization, in an order that no reference stands against: a table that refers to another one
/// stands before it. Every table is named, also those whose rows the database would take along by itself.
///
/// What stays: the lines of the audit log (`audit_events`) and their number a day (`audit_days`), for as long as the
/// setting says; and in `sessions` the id of what is not there, which counts as none.
const TRACES: [&str; 12] = [
    "DELETE FROM unsaved_documents WHERE place = $1 \
     OR place IN (SELECT d.id FROM documents d WHERE d.organization_id = $1)",
    "DELETE FROM documents WHERE organization_id = $1",
    "DELETE FROM webhook_deliveries WHERE webhook_id IN (SELECT w.id FROM webhooks w WHERE w.organization_id = $1)",
    "DELETE FROM webhooks WHERE organization_id = $1",
    "DELETE FROM invitations WHERE organization_id = $1",
    "DELETE FROM invitation_mails WHERE organization_id = $1",
    "DELETE FROM domain_joins WHERE organization_id = $1",
    "DELETE FROM organization_domains WHERE organization_id = $1",
    "DELETE FROM organization_logos WHERE organization_id = $1",
    "DELETE FROM memberships WHERE organization_id = $1",
    "DELETE FROM organization_roles WHERE organization_id = $1",
    "DELETE FROM organizations WHERE id = $1",
];

impl Store {
    /// Organizations whose grace is over. One that is closed stays: what was done in it may have to be looked at.
    pub async fn organizations_to_delete(&self, now: Timestamp, most: i64) -> Result<Vec<OrganizationId>> {
        sqlx::query(
            "SELECT id FROM organizations WHERE delete_at <= $1 AND closed_at IS NULL ORDER BY delete_at LIMIT $2",
        )
        .bind(now.0)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| row.try_get("id").map(OrganizationId))
        .collect()
    }
}

impl Transaction {
    /// Sets the day an organization goes; `false` when one was set before. Holds it.
    pub async fn schedule_organization_deletion(&mut self, id: &OrganizationId, delete_at: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET delete_at = $2, version = version + 1 WHERE id = $1 AND delete_at IS NULL",
        )
        .bind(id.as_str())
        .bind(delete_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps an organization; `false` when nobody asked for its end, or it came. Holds it.
    pub async fn keep_organization(&mut self, id: &OrganizationId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET delete_at = NULL, version = version + 1 WHERE id = $1 AND delete_at > $2",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Holds an organization whose grace is over; `false` when it was kept, closed, or is gone.
    pub async fn hold_organization_to_delete(&mut self, id: &OrganizationId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET version = version + 1 WHERE id = $1 AND delete_at <= $2 AND closed_at IS NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Deletes everything that belongs to an organization, for whoever holds it.
    pub async fn delete_organization(&mut self, id: &OrganizationId) -> Result<()> {
        for statement in TRACES {
            sqlx::query(statement).bind(id.as_str()).execute(&mut *self.0).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TRACES;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_table_that_refers_to_an_organization_is_named() {
        let mut tables = BTreeSet::from(["organizations".to_owned()]);
        for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let made = text.split("CREATE TABLE ").skip(1).filter_map(|made| made.split_once("\n);"));
            let referring = made.filter(|(table, _)| table.contains("REFERENCES organizations (id)"));
            tables.extend(referring.filter_map(|(table, _)| table.split_once(' ')).map(|(name, _)| name.to_owned()));
        }
        assert!(tables.len() > 8, "they were found: {tables:?}");
        for table in tables {
            let named = format!("DELETE FROM {table} WHERE");
            assert!(TRACES.iter().any(|statement| statement.starts_with(&named)), "{table}");
        }
    }
}
