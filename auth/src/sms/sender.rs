//! What every way out for SMS can do.

use std::pin::Pin;

use crate::id::JobId;
use crate::{PhoneNumber, Timestamp};

/// An SMS on its way.
pub struct OutgoingSms<'a> {
    /// Its job: the same at each try, so that a service can tell a repetition.
    pub id: &'a JobId,
    /// The recipient.
    pub to: &'a PhoneNumber,
    /// What it says.
    pub text: &'a str,
    /// The code that is in it, for the development inbox.
    pub code: &'a str,
    /// Now.
    pub at: Timestamp,
}

/// Why something did not leave.
pub enum SendFailure {
    /// Another try may do better: a service is down, slow or asks for patience.
    Later(anyhow::Error),
    /// It was refused, and would be refused again.
    Never(anyhow::Error),
}

/// An SMS being sent.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SendFailure>> + Send + 'a>>;

/// A way out for SMS.
pub trait SmsSender: Send + Sync {
    /// Sends one SMS. It ends within seconds, whatever the service does.
    ///
    /// # Errors
    /// Whether another try may do better. Nothing in it tells a number or a text: it is logged.
    fn send<'a>(&'a self, sms: &'a OutgoingSms<'a>) -> Sending<'a>;
}
