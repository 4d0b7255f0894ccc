//! What policies are asked about when somebody names an organization or a document: no more of it than they look at.

use sqlx::Row;

use super::{Result, Store};
use crate::form::PolicyQuestion;
use crate::id::{DocumentId, OrganizationId, UserId};
use crate::policy::Resource;

impl Store {
    /// The organization with this id or this slug, whoever asks.
    pub async fn organization_named(&self, name: &str) -> Result<Option<OrganizationId>> {
        sqlx::query("SELECT id FROM organizations WHERE id = $1 OR slug = $1")
            .bind(name)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("id").map(OrganizationId))
            .transpose()
    }

    /// A document of an organization, as policies see it.
    pub async fn document_facts(&self, organization: &OrganizationId, id: &DocumentId) -> Result<Option<Resource>> {
        let row = sqlx::query(
            "SELECT owner_id, department, sensitivity, state FROM documents WHERE id = $1 AND organization_id = $2",
        )
        .bind(id.as_str())
        .bind(organization.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (sensitivity, state): (String, String) = (row.try_get("sensitivity")?, row.try_get("state")?);
        Ok(Some(Resource::Document {
            id: Some(id.clone()),
            organization: organization.clone(),
            owner: UserId(row.try_get("owner_id")?),
            department: row.try_get("department")?,
            // What a newer version wrote is taken for the most that is known.
            sensitivity: known(&PolicyQuestion::SENSITIVITIES, &sensitivity),
            state: known(&PolicyQuestion::STATES, &state),
        }))
    }
}

/// The name of a list, else its last one.
fn known(names: &[&'static str], name: &str) -> &'static str {
    names.iter().copied().find(|known| *known == name).or(names.last().copied()).unwrap_or_default()
}
