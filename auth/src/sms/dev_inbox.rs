//! SMS of the development mode: they are shown beside the mails.

use super::sender::{OutgoingSms, SendFailure, Sending, SmsSender};
use crate::store::{DevMail, Store};

/// Puts SMS on the page `/dev/inbox`.
pub(super) struct DevInboxSender(pub(super) Store);

impl SmsSender for DevInboxSender {
    fn send<'a>(&'a self, sms: &'a OutgoingSms<'a>) -> Sending<'a> {
        Box::pin(async move {
            let shown = DevMail {
                id: sms.id.0.clone(),
                to: sms.to.to_string(),
                kind: "sms".to_owned(),
                subject: sms.text.lines().next().unwrap_or_default().to_owned(),
                text: sms.text.to_owned(),
                html: String::new(),
                link: None,
                code: Some(sms.code.to_owned()),
                sent_at: sms.at,
            };
            self.0.insert_dev_mail(&shown).await.map_err(|error| SendFailure::Later(error.into()))
        })
    }
}
