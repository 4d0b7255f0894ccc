//! What can go wrong with a provider.

use crate::{Error, ErrorCode, Refusal};

/// Why a provider led nowhere. What is told in it is logged, and shown to nobody; no secret may be in it.
#[derive(Debug)]
pub enum ProviderFault {
    /// It is down, slow, asks for patience, or has an address that is not asked.
    Unavailable(anyhow::Error),
    /// It answered what it may not: not its format, not its signature, not for us.
    Invalid(anyhow::Error),
    /// It says no.
    Refused(anyhow::Error),
}

impl From<ProviderFault> for Error {
    fn from(fault: ProviderFault) -> Self {
        let (refusal, error) = match fault {
            ProviderFault::Unavailable(error) => (Refusal::retry_after(ErrorCode::ProviderUnavailable, 30), error),
            ProviderFault::Invalid(error) => (ErrorCode::ProviderAnswerInvalid.into(), error),
            ProviderFault::Refused(error) => (ErrorCode::ProviderRefused.into(), error),
        };
        tracing::warn!(error = format!("{error:#}"), code = refusal.code.as_str(), "a provider led nowhere");
        Self::Refused(refusal)
    }
}
