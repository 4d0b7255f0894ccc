//! Mails of the development mode, kept in the database so that they survive a restart.

use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store};
use crate::Timestamp;

/// A mail as the development inbox shows it.
#[derive(Clone, Serialize)]
pub struct DevMail {
    /// Its id: the job's, so that a repeated delivery shows once.
    #[serde(skip)]
    pub id: String,
    /// The recipient.
    pub to: String,
    /// What it is for, such as `verify_email`.
    pub kind: String,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The link it carries.
    pub link: Option<String>,
    /// The code it carries.
    pub code: Option<String>,
    /// When it was delivered.
    pub sent_at: Timestamp,
}

impl FromRow<'_, AnyRow> for DevMail {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            to: row.try_get("recipient")?,
            kind: row.try_get("kind")?,
            subject: row.try_get("subject")?,
            text: row.try_get("body_text")?,
            html: row.try_get("body_html")?,
            link: row.try_get("link")?,
            code: row.try_get("code")?,
            sent_at: Timestamp(row.try_get("sent_at")?),
        })
    }
}

impl Store {
    /// Puts a mail into the inbox, once.
    pub async fn insert_dev_mail(&self, mail: &DevMail) -> Result<()> {
        sqlx::query(
            "INSERT INTO dev_inbox (id, recipient, kind, subject, body_text, body_html, link, code, sent_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
        )
        .bind(mail.id.as_str())
        .bind(mail.to.as_str())
        .bind(mail.kind.as_str())
        .bind(mail.subject.as_str())
        .bind(mail.text.as_str())
        .bind(mail.html.as_str())
        .bind(mail.link.as_deref())
        .bind(mail.code.as_deref())
        .bind(mail.sent_at.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// The newest mails first, at most `most`, of one recipient when given.
    pub async fn dev_mails(&self, to: Option<&str>, most: i64) -> Result<Vec<DevMail>> {
        sqlx::query_as(
            "SELECT id, recipient, kind, subject, body_text, body_html, link, code, sent_at \
             FROM dev_inbox WHERE (CAST($1 AS TEXT) IS NULL OR recipient = $1) \
             ORDER BY sent_at DESC, id DESC LIMIT $2",
        )
        .bind(to)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}
