//! The few cryptographic acts of the engine, each with a key of its own. The master key seals; digests have keys that are
//! sealed under it.

mod audit_mac;
mod data_key;
mod digest;
mod limit_mac;
mod master_key;
mod master_keys;
mod seal;
mod secret_names;

pub use audit_mac::{AuditMac, AuditProof};
pub use data_key::{DataKey, DataKeyUse, DataKeys};
pub use digest::{CodeMac, Purpose, Successor, token_digest};
pub use limit_mac::{LimitMac, LimitProof};
pub use master_key::MasterKey;
pub use master_keys::MasterKeys;
pub use seal::{SealError, Sealer};
pub use secret_names::SecretNames;
