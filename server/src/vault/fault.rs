//! Why a vault did not do what it was asked, in words that say what to do. None of them is the vault's own: what it
//! answers may hold secrets.

use anyhow::Error;
use auth::view::VaultFault;
use reqwest::StatusCode;
use std::fmt;

/// What a vault is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// For a token, by AppRole.
    LogIn,
    /// For more time of a token.
    Renew,
    /// For the secret.
    Read,
}

/// What came instead of an answer.
#[derive(Debug)]
pub(super) enum Fault {
    /// Nothing, or not in time.
    Silent(Error),
    /// Another status than 200.
    Status(StatusCode),
    /// Something that cannot be used.
    Invalid(String),
}

/// A question that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) question: Question,
    pub(super) fault: Fault,
}

impl Failure {
    /// Whether it may be over in a moment: then it is worth another try.
    pub(super) fn is_passing(&self) -> bool {
        match &self.fault {
            Fault::Silent(_) => true,
            // 412: a node that has not heard of a write yet.
            Fault::Status(status) => status.is_server_error() || matches!(status.as_u16(), 408 | 412 | 429),
            Fault::Invalid(_) => false,
        }
    }

    /// Whether token or role are not accepted.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.fault, Fault::Status(StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN))
    }

    /// Whether the token is one that cannot be renewed, such as a batch token or one that never ends.
    pub(super) fn is_not_renewable(&self) -> bool {
        self.question == Question::Renew && matches!(self.fault, Fault::Status(StatusCode::BAD_REQUEST))
    }

    /// What is told of it.
    pub(super) fn code(&self) -> VaultFault {
        match &self.fault {
            Fault::Status(StatusCode::SERVICE_UNAVAILABLE) => VaultFault::Sealed,
            Fault::Status(StatusCode::NOT_FOUND) => VaultFault::Missing,
            Fault::Status(_) if self.is_refusal() => VaultFault::Refused,
            Fault::Silent(_) | Fault::Status(_) | Fault::Invalid(_) => VaultFault::Unreachable,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match &self.fault {
            Fault::Silent(error) => {
                return write!(f, "it does not answer ({error:#}); look at vault_address, vault_ca and the network");
            }
            Fault::Invalid(what) => return write!(f, "its answer cannot be used: {what}"),
            Fault::Status(status) => *status,
        };
        let words = match (status.as_u16(), self.question) {
            (503, _) => "it is sealed or not ready; unseal it",
            (300..=399, _) => {
                "it leads elsewhere, and no token is taken there; let vault_address be the node that answers, or what \
                 stands before all of them"
            }
            (400 | 403, Question::LogIn) => {
                "it does not accept vault_role_id and vault_secret_id; look whether the role is there, and make another \
                 secret id"
            }
            (400 | 403, Question::Renew) => {
                "it does not renew the token; look whether it has ended, and whether its policy allows auth/token/renew-self"
            }
            (400 | 403, Question::Read) => {
                "the token may not read vault_path; look whether it has ended, and whether its policy allows to read there"
            }
            (404, Question::Read) => {
                "it has nothing at vault_path; write the secret, or let vault_path be mount, data and path of a KV store \
                 of version 2"
            }
            (404, Question::LogIn) => "it knows no AppRole at auth/approle; enable it, and look at vault_namespace",
            _ => "look at its log",
        };
        write!(f, "its status is {}: {words}", status.as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(question: Question, status: u16) -> Failure {
        Failure { question, fault: Fault::Status(StatusCode::from_u16(status).unwrap()) }
    }

    #[test]
    fn what_may_pass_is_asked_again() {
        for (status, is_passing) in
            [(503, true), (500, true), (502, true), (429, true), (412, true), (403, false), (404, false), (307, false)]
        {
            assert_eq!(failure(Question::Read, status).is_passing(), is_passing, "{status}");
        }
        let invalid = Failure { question: Question::Read, fault: Fault::Invalid("it is empty".to_owned()) };
        assert!(!invalid.is_passing());
    }

    #[test]
    fn words_say_what_to_do() {
        for (question, status, words, code) in [
            (Question::LogIn, 400, "vault_secret_id", VaultFault::Refused),
            (Question::LogIn, 404, "auth/approle", VaultFault::Missing),
            (Question::Renew, 403, "auth/token/renew-self", VaultFault::Refused),
            (Question::Read, 403, "may not read vault_path", VaultFault::Refused),
            (Question::Read, 404, "version 2", VaultFault::Missing),
            (Question::Read, 503, "unseal it", VaultFault::Sealed),
            (Question::Read, 307, "leads elsewhere", VaultFault::Unreachable),
            (Question::Read, 500, "its log", VaultFault::Unreachable),
        ] {
            let failure = failure(question, status);
            let told = failure.to_string();
            assert!(told.contains(words) && told.contains(&status.to_string()), "{told}");
            assert_eq!(failure.code(), code, "{told}");
        }
    }

    #[test]
    fn only_a_renewal_tells_that_a_token_cannot_be_renewed() {
        assert!(failure(Question::Renew, 400).is_not_renewable());
        assert!(!failure(Question::Renew, 403).is_not_renewable() && !failure(Question::Read, 400).is_not_renewable());
    }
}
