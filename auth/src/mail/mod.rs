//! Mails: what they say ([`Message`]), how they look ([`render`]), how they leave ([`Transport`]).

mod message;
mod parts;
mod render;
mod smtp;
mod transport;

pub use message::{Mail, Message};
pub use render::{Rendered, render};
pub use smtp::SmtpSettings;
pub use transport::Transport;
