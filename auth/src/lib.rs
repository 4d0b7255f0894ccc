//! The domain of Keywright.
//!
//! Without features this crate is a small vocabulary that also compiles to WebAssembly, so that the
//! browser and the server parse and refuse with the same code. The feature `engine` adds everything
//! that needs a database, randomness or a clock; its door is [`Auth`].

pub mod account_state;
pub mod anomaly;
pub mod audit;
pub mod avatar;
pub mod document;
pub mod email;
pub mod error;
pub mod event;
pub mod factor;
pub mod form;
pub mod id;
pub mod local_path;
pub mod locale;
pub mod name;
pub mod organization;
pub mod paging;
pub mod password;
pub mod phone_number;
pub mod provider_id;
pub mod remark;
pub mod role;
pub mod scope;
pub mod text;
pub mod time_zone;
pub mod timestamp;
pub mod token_name;
pub mod token_text;
pub mod verification_code;
pub mod view;
pub mod weakened;
pub mod webhook;

#[cfg(feature = "engine")]
pub mod backup;
#[cfg(feature = "engine")]
pub mod browser_report;
#[cfg(feature = "engine")]
mod cache;
#[cfg(feature = "engine")]
pub mod clock;
#[cfg(feature = "engine")]
pub mod crypto;
#[cfg(feature = "engine")]
pub mod dns;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod explain;
#[cfg(feature = "engine")]
pub mod federation;
#[cfg(feature = "engine")]
pub mod flow;
#[cfg(feature = "engine")]
pub mod job;
#[cfg(feature = "engine")]
pub mod limit;
#[cfg(feature = "engine")]
pub mod mail;
#[cfg(feature = "engine")]
pub mod master_key;
#[cfg(feature = "engine")]
pub mod meter;
#[cfg(feature = "engine")]
pub mod outward;
#[cfg(feature = "engine")]
pub mod policy;
#[cfg(feature = "engine")]
pub mod random;
#[cfg(feature = "engine")]
pub mod request_id;
#[cfg(feature = "engine")]
mod search;
#[cfg(feature = "engine")]
mod secret_file;
#[cfg(feature = "engine")]
pub mod session;
#[cfg(feature = "engine")]
pub mod settings;
#[cfg(feature = "engine")]
pub mod sms;
#[cfg(feature = "engine")]
pub mod store;
#[cfg(feature = "engine")]
pub mod token;
#[cfg(feature = "engine")]
pub mod trace;
#[cfg(feature = "engine")]
mod until_free;

pub use account_state::AccountState;
pub use email::Email;
#[cfg(feature = "engine")]
pub use engine::{Auth, Context, Error, Result};
pub use error::{Challenge, ErrorCode, Field, FieldIssue, Refusal};
pub use event::{EventFilter, EventKind};
pub use factor::{FactorMethod, Factors, TypedCode};
pub use local_path::LocalPath;
pub use locale::Locale;
pub use name::PersonName;
pub use paging::{Cursor, Page};
pub use password::NewPassword;
pub use phone_number::PhoneNumber;
pub use provider_id::ProviderId;
pub use remark::Remark;
pub use role::{Permission, Role};
pub use scope::{Scope, Scopes};
pub use time_zone::TimeZone;
pub use timestamp::Timestamp;
pub use token_name::TokenName;
pub use verification_code::VerificationCode;

#[cfg(feature = "engine")]
rust_i18n::i18n!("../locales", fallback = "en");
