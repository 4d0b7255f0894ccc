//! The small parts that pages are made of. Their looks are in `style/`, under the same names.

mod entry;
mod field;
mod footer;
mod form;
mod icon;
mod notice;
mod refusal;
mod shell;
mod submit;

pub use entry::Entry;
pub use field::{Field, PasswordField};
pub use footer::PageFoot;
pub use form::PostForm;
pub use icon::Icon;
pub use notice::{Notice, Tone};
pub use refusal::{RefusalNotice, is_refused_for, issue_of, refusal_of};
pub use shell::Shell;
pub use submit::Submit;
