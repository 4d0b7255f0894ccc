//! The words of documents: what one is called and says, whom it is for, and where it stands. An organization keeps
//! documents, and every rule of the policies is at work on them.

mod act;
mod audience;
mod body;
mod sensitivity;
mod state;
mod title;

pub use act::DocumentAct;
pub use audience::Audience;
pub use body::Body;
pub use sensitivity::Sensitivity;
pub use state::DocumentState;
pub use title::Title;
