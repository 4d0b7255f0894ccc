//! What a button for passkeys is told by its page.

use serde::{Deserialize, Serialize};

/// What the passkey is for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasskeyTask {
    /// Somebody whose account is known proves themselves.
    Prove,
    /// Somebody signs in; the browser also fills it in.
    SignIn,
    /// A new one, for who is signed in.
    Add,
    /// A new one, for an account that does not exist yet.
    SignUp,
}

/// How it is asked for.
#[derive(Clone, Serialize, Deserialize)]
pub struct WantedPasskey {
    /// What it is for.
    pub task: PasskeyTask,
    /// The REST route that gives the options.
    pub options: String,
    /// Whether the route asks for the access token of this page.
    pub bearer: bool,
    /// The id of the form that is sent with the answer; the one around the button when none.
    pub form: Option<String>,
    /// The id of the form that is sent when the route asks for a fresh proof of the person first.
    pub confirm_form: Option<String>,
}

/// The words of a button, which come with the page.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct PasskeyWords {
    /// What stands between it and the way in above it.
    pub or: Option<String>,
    /// The button itself.
    pub label: String,
    /// What is marked at its corner.
    pub mark: Option<String>,
    /// While the browser shows its prompt.
    pub waiting: String,
    /// The prompt was closed.
    pub cancelled: String,
    /// The device has a passkey of the account.
    pub known: String,
    /// It did not work, and nobody knows why.
    pub failed: String,
    /// Instead of the button in a browser without passkeys; then it is simply not there when none.
    pub incapable: Option<String>,
}
