//! Names of things: one type an entity, so that a session id is never taken for a user id.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text: a hyphenated UUID of version 7 (RFC 9562).
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

ids! {
    /// A person's account.
    UserId,
    /// One signed-in device: a refresh token family.
    SessionId,
    /// An account that waits for its address to be proved.
    SignUpId,
    /// A way to a new password that was asked for.
    PasswordResetId,
    /// A change of an account's address.
    EmailChangeId,
    /// A piece of work for the worker.
    JobId,
    /// A personal access token; not the secret.
    TokenId,
    /// A browser in which the second factor is not asked for; not the secret.
    TrustedDeviceId,
    /// A passkey, as its owner's list knows it.
    PasskeyId,
    /// A recovery of an account by mail.
    AccountRecoveryId,
    /// An account of a provider that opens an account here.
    ConnectionId,
}
