//! What people and programs can do, one verb a file. A flow decides; pages and REST translate.

mod change_locale;
mod change_name;
mod end_other_sessions;
mod end_session;
mod list_activity;
mod list_sessions;
mod new_device;
mod refresh;
mod refused_sign_in;
mod resend_verification;
mod resume;
mod sign_in;
mod sign_out;
mod sign_up;
mod sign_up_status;
mod verify_email;

pub use change_locale::change_locale;
pub use change_name::change_name;
pub use end_other_sessions::end_other_sessions;
pub use end_session::end_session;
pub use list_activity::list_activity;
pub use list_sessions::list_sessions;
pub use refresh::{Refreshed, refresh};
pub use resend_verification::resend_verification;
pub use resume::{Resumed, resume};
pub use sign_in::{SignIn, SignedIn, sign_in};
pub use sign_out::{sign_out, sign_out_caller};
pub use sign_up::{SignUpTicket, sign_up};
pub use sign_up_status::{link_is_live, sign_up_status};
pub use verify_email::{LinkProof, Proof, verify_email};
