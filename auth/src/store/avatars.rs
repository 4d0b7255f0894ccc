//! Pictures of people. Columns are text, so the bytes of a picture rest as base64url.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::avatar::Avatar;
use crate::id::UserId;

/// A picture to be kept.
pub struct NewAvatar<'a> {
    /// Its id; whoever knows it may see the picture.
    pub id: &'a str,
    /// Whose it is.
    pub user_id: &'a UserId,
    /// The picture.
    pub avatar: &'a Avatar,
    /// Now.
    pub created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for Avatar {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(row.try_get::<String, _>("image")?);
        let bytes = bytes.map_err(|error| sqlx::Error::ColumnDecode { index: "image".into(), source: error.into() })?;
        let media_type: String = row.try_get("media_type")?;
        Self::stored(&media_type, bytes)
            .ok_or_else(|| sqlx::Error::ColumnDecode { index: "media_type".into(), source: media_type.into() })
    }
}

impl Store {
    /// The id of a person's picture.
    pub async fn avatar_id(&self, user: &UserId) -> Result<Option<String>> {
        sqlx::query("SELECT id FROM avatars WHERE user_id = $1")
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("id"))
            .transpose()
    }

    /// The picture with this id.
    pub async fn avatar(&self, id: &str) -> Result<Option<Avatar>> {
        sqlx::query_as("SELECT media_type, image FROM avatars WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// Keeps a picture in the place of the one before.
    pub async fn set_avatar(&mut self, new: NewAvatar<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO avatars (user_id, id, media_type, created_at, image) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, media_type = excluded.media_type, \
             created_at = excluded.created_at, image = excluded.image",
        )
        .bind(new.user_id.as_str())
        .bind(new.id)
        .bind(new.avatar.media_type())
        .bind(new.created_at.0)
        .bind(BASE64_URL_SAFE_NO_PAD.encode(new.avatar.bytes()))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Forgets a person's picture; `false` when there was none.
    pub async fn delete_avatar(&mut self, user: &UserId) -> Result<bool> {
        let done =
            sqlx::query("DELETE FROM avatars WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        Ok(done.rows_affected() == 1)
    }
}
