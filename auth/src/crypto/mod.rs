//! The few cryptographic acts of the engine, each with its own key derived from the master key.

mod audit_mac;
mod digest;
mod limit_mac;
mod master_key;
mod seal;
mod secret_names;

pub use audit_mac::{AuditMac, AuditProof};
pub use digest::{CodeMac, Purpose, Successor, token_digest};
pub use limit_mac::{LimitMac, LimitProof};
pub use master_key::MasterKey;
pub use seal::{SealError, Sealer};
pub use secret_names::SecretNames;
