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

            /// The id of a text; none for what is no UUID. A database need not take every text.
            #[cfg(feature = "engine")]
            pub fn parse(text: &str) -> Option<Self> {
                uuid::Uuid::try_parse(text).ok().map(|id| Self(id.to_string()))
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
    /// A group of people with something in common: a customer of the product.
    OrganizationId,
    /// A role that an organization made for itself.
    OrganizationRoleId,
    /// An invitation into an organization; not the secret.
    InvitationId,
    /// A mail domain that an organization says is its own.
    DomainId,
    /// A document of an organization.
    DocumentId,
    /// A version of the policies.
    PolicyVersionId,
    /// A case that the policies are tested by.
    PolicyCaseId,
    /// An address that is told of what happens.
    WebhookId,
    /// Something that a webhook is told, with its tries.
    DeliveryId,
    /// A time in which an administrator sees the product as somebody else.
    ImpersonationId,
    /// A sign-in that looked unusual.
    AnomalyId,
}
