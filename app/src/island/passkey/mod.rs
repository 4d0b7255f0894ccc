//! Passkeys in the browser (WebAuthn Level 3): the button that makes or uses one, the passkeys among what a browser
//! fills in, and what the keeper of passkeys is told. The challenge comes from REST, the answer goes with a form like
//! any other.
//!
//! Without a script there are no passkeys: what an island draws is then hidden (`style/passkeys.css`).

#[cfg(feature = "hydrate")]
mod autofill;
#[cfg(feature = "ssr")]
mod buttons;
#[cfg(feature = "hydrate")]
mod by_hand;
mod offer;
mod prompt;
mod signals;
mod wanted;
#[cfg(feature = "hydrate")]
mod web_authn;

pub use offer::WherePasskeysFit;
pub use prompt::PasskeyPrompt;
pub use signals::PasskeySignals;
pub use wanted::{PasskeyTask, PasskeyWords, WantedPasskey};

#[cfg(feature = "ssr")]
pub use buttons::{PasskeyCreate, PasskeyProof, PasskeySignIn, PasskeySignUp};
