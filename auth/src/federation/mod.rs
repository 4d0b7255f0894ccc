//! Signing in with other providers: we are the relying party (OpenID Connect Core 1.0; OAuth 2.0, RFC 6749, with PKCE,
//! RFC 7636, and RFC 9700). What is said here is said to a provider and about its answers; what follows from it for
//! accounts is in `flow/`.

mod fault;
mod identity;
mod providers;
mod settings;

pub use fault::ProviderFault;
pub use identity::{Identity, ProviderEmail, ProviderTokens};
pub use providers::{Provider, Providers};
pub use settings::{FederationSettings, ProviderKind, ProviderSettings};
