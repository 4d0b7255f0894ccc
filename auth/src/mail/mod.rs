//! Mails: what they say ([`Message`]), how they look ([`render`]), how they leave ([`Transport`]).

mod kind;
mod message;
mod organization_message;
mod outdated;
mod parts;
mod remains;
mod render;
mod smtp;
mod transport;
mod unlinked;

pub use message::{Mail, Message};
pub use organization_message::OrganizationMessage;
pub(crate) use remains::Remains;
pub use render::{Rendered, render};
pub use smtp::SmtpSettings;
pub use transport::Transport;
