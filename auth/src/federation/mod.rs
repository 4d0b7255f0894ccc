//! Signing in with other providers: we are the relying party (OpenID Connect Core 1.0; OAuth 2.0, RFC 6749, with PKCE,
//! RFC 7636, and RFC 9700). What is said here is said to a provider and about its answers; what follows from it for
//! accounts is in `flow/`.

mod check;
mod connect;
mod discovery;
mod exchange;
mod fault;
mod flow_payload;
#[cfg(fuzzing)]
pub mod fuzzed;
mod github;
mod http;
mod id_token;
mod identity;
mod issuer;
mod kept;
mod kept_tokens;
mod keys;
mod native_redirects;
mod openid;
mod person_name;
mod profile;
mod provider;
mod providers;
mod sealed_identity;
mod settings;
mod take_back;

pub use check::Finding;
pub(crate) use connect::{add_connection, provider_name};
pub use fault::ProviderFault;
pub(crate) use flow_payload::{FlowPayload, NativeGoal};
pub use identity::{Identity, ProviderEmail, ProviderTokens};
pub(crate) use kept_tokens::{keep_tokens, open_access, open_refresh, seal_tokens};
pub use native_redirects::NativeRedirects;
pub(crate) use native_redirects::app_of;
pub(crate) use person_name::person_name;
pub use provider::{Authorization, AuthorizationRequest, Began, Prompt, Provider};
pub use providers::Providers;
pub(crate) use sealed_identity::{open_arrival, open_identity, seal_arrival, seal_identity};
pub use settings::{FederationSettings, ProviderKind, ProviderSettings};
pub(crate) use take_back::{remove_all_connections, take_back_connections};
