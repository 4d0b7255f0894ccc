//! Logos of organizations, kept as pictures of people are.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::avatar::Avatar;
use crate::id::OrganizationId;

/// A logo to be kept.
pub struct NewLogo<'a> {
    /// Its id; whoever knows it may see the logo.
    pub id: &'a str,
    /// Whose it is.
    pub organization_id: &'a OrganizationId,
    /// The picture.
    pub picture: &'a Avatar,
    /// Now.
    pub created_at: Timestamp,
}

impl Store {
    /// The logo with this id.
    pub async fn organization_logo(&self, id: &str) -> Result<Option<Avatar>> {
        sqlx::query_as("SELECT media_type, image FROM organization_logos WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// Keeps a logo in the place of the one before.
    pub async fn set_organization_logo(&mut self, new: NewLogo<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO organization_logos (organization_id, id, media_type, created_at, image) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id) DO UPDATE SET id = excluded.id, \
             media_type = excluded.media_type, created_at = excluded.created_at, image = excluded.image",
        )
        .bind(new.organization_id.as_str())
        .bind(new.id)
        .bind(new.picture.media_type())
        .bind(new.created_at.0)
        .bind(BASE64_URL_SAFE_NO_PAD.encode(new.picture.bytes()))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Forgets the logo of an organization; `false` when there was none.
    pub async fn delete_organization_logo(&mut self, organization: &OrganizationId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM organization_logos WHERE organization_id = $1")
            .bind(organization.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
