//! The islands: the only parts of a page that a browser's script takes over. Everything else is
//! rendered by the server and never downloaded as code.
//!
//! What an island is given travels with the page as text, so it holds nothing secret.

mod copy_button;
mod fedcm;
mod field;
mod form;
mod listener;
mod passkey;
mod password_field;
mod proof_of_work;
mod refusal;
mod resend;
mod submit_when_full;
mod token_decoder;
mod token_parts;
mod wait_for_proof;

pub use copy_button::CopyButton;
pub use fedcm::{FedCmPrompt, WantedFedCm};
pub use field::Field;
pub use form::{FormState, PostForm, Rules};
pub use listener::{Listener, SignedInHere, SignedOutHere};
pub use passkey::{PasskeyPrompt, PasskeySignals, PasskeyTask, PasskeyWords, WantedPasskey, WherePasskeysFit};
pub use password_field::PasswordField;
pub use proof_of_work::ProofOfWork;
pub use resend::Resend;
pub use submit_when_full::SubmitWhenFull;
pub use token_decoder::TokenDecoder;
pub use token_parts::{Beside, Claims, DrawnPart, TokenParts};
pub use wait_for_proof::WaitForProof;

#[cfg(feature = "ssr")]
pub use fedcm::StartFedcm;
#[cfg(feature = "ssr")]
pub use passkey::{PasskeyCreate, PasskeyProof, PasskeySignIn, PasskeySignUp};
#[cfg(feature = "ssr")]
pub use refusal::refusal_of;
#[cfg(feature = "ssr")]
pub use wait_for_proof::IsVerified;
