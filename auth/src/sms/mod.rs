//! SMS: what they say ([`Sms`]), and how they leave ([`SmsSender`]): through a service like Twilio, through a
//! webhook of the operator, or into the development inbox.
//!
//! They are promised in the outbox like mails, because nothing that calls elsewhere stands in a transaction.

mod dev_inbox;
mod http;
mod message;
mod sender;
mod settings;
mod twilio;
mod webhook;

pub use message::Sms;
pub use sender::{OutgoingSms, SendFailure, Sending, SmsSender};
pub use settings::SmsSettings;
pub use twilio::{TwilioSender, TwilioSettings};
pub use webhook::{SIGNATURE_HEADER, WebhookSender, WebhookSettings};

use anyhow::anyhow;

use crate::Auth;
use crate::id::JobId;

/// Sends a promised SMS. One whose code is over is not worth its price.
///
/// # Errors
/// Whether another try may do better.
pub(crate) async fn deliver(auth: &Auth, id: &JobId, sms: &Sms) -> Result<(), SendFailure> {
    let at = auth.now();
    if sms.expires_at <= at {
        return Err(SendFailure::Never(anyhow!("the code of the SMS is over")));
    }
    let Some(sender) = &auth.sms else {
        return Err(SendFailure::Never(anyhow!("no sender of SMS is set any more")));
    };
    sender.send(&OutgoingSms { id, to: &sms.to, text: &sms.text, code: &sms.code, at }).await
}
