//! How a rendered mail leaves: by SMTP, or into the development inbox.

use super::message::Mail;
use super::render::render;
use super::smtp::{Smtp, SmtpSettings};
use crate::Timestamp;
use crate::id::JobId;
use crate::store::{DevMail, Store};

/// The way out.
pub enum Transport {
    /// A mail server.
    Smtp(Box<Smtp>),
    /// The page `/dev/inbox`.
    DevInbox(Store),
}

impl Transport {
    /// Connects by SMTP when settings are given.
    ///
    /// # Errors
    /// When the settings cannot be used; no connection is made yet.
    pub fn new(smtp: Option<&SmtpSettings>, store: &Store) -> anyhow::Result<Self> {
        Ok(match smtp {
            Some(settings) => Self::Smtp(Box::new(Smtp::new(settings)?)),
            None => Self::DevInbox(store.clone()),
        })
    }

    /// Delivers one mail; `id` makes a repeated delivery recognizable.
    ///
    /// # Errors
    /// When the mail server or the store refuses; try again later.
    pub async fn deliver(&self, id: &JobId, mail: &Mail, now: Timestamp) -> anyhow::Result<()> {
        let rendered = render(mail)?;
        match self {
            Self::Smtp(smtp) => smtp.send(id, &mail.to, rendered).await,
            Self::DevInbox(store) => {
                let mail = DevMail {
                    id: id.0.clone(),
                    to: mail.to.to_string(),
                    kind: rendered.kind.to_owned(),
                    subject: rendered.subject,
                    text: rendered.text,
                    html: rendered.html,
                    link: Some(rendered.link),
                    code: rendered.code,
                    sent_at: now,
                };
                Ok(store.insert_dev_mail(&mail).await?)
            }
        }
    }
}
