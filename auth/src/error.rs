//! What can be refused, as stable codes. Words for people are in `locales/page/error.*.yml` under the
//! same codes; the HTTP status is decided here and nowhere else.

use serde::{Deserialize, Serialize};

pub use field::{Field, FieldIssue};

mod field;

/// Why a request was refused. The serialized name is a promise to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// One or more fields cannot be accepted; see [`Refusal::fields`].
    InvalidFields,
    /// The request cannot be read at all.
    MalformedRequest,
    /// E-mail or password is wrong; it is never said which.
    InvalidCredentials,
    /// The password is right, the address is not proved yet.
    EmailNotVerified,
    /// The typed code is wrong, or too old, or was used.
    WrongCode,
    /// Too many wrong codes: this code is dead, a new one is needed.
    CodeExhausted,
    /// The link was used already or is too old.
    LinkExpired,
    /// The way to a new password was used, replaced by a newer one, or is too old.
    ResetExpired,
    /// What was to be changed has been changed by another request meanwhile.
    ChangedMeanwhile,
    /// A shared secret is no key that is made here: the operator sets another one.
    SecretIsASetting,
    /// Too many wrong passwords in this session: it was ended.
    TooManyTries,
    /// A risky act asks for a fresh proof of the person (RFC 9470, 3).
    ReauthenticationRequired,
    /// The personal access token is good and was not made for this act (RFC 6750, 3.1).
    InsufficientScope,
    /// The account has as many personal access tokens as it may have.
    TooManyTokens,
    /// Twenty signing keys were made within a day: the command line goes on.
    TooManyKeys,
    /// The sign-in that waits for its second factor is used up, replaced or too old.
    SecondFactorExpired,
    /// The account must have a second factor before it may go on.
    SecondFactorRequired,
    /// Too many wrong codes in a row: no other is looked at for a while.
    FactorsLocked,
    /// The account has no factor of this kind, or it is switched off here.
    FactorUnavailable,
    /// The factor is the last way in, or the last of an account that must have one.
    LastFactor,
    /// The answer of a passkey is not accepted, for whatever reason (WebAuthn Level 3, 7).
    PasskeyRefused,
    /// The passkey is registered already.
    PasskeyKnown,
    /// A provider to sign in with is down, slow or cannot be asked.
    ProviderUnavailable,
    /// The provider says no, or the person said no there.
    ProviderRefused,
    /// The provider answered what cannot be believed.
    ProviderAnswerInvalid,
    /// The way to a provider was not begun in this browser, is used up, or is too old.
    FederationExpired,
    /// The account of the provider is connected to another account.
    ConnectionTaken,
    /// Without it nobody could sign in to the account any more.
    LastWayIn,
    /// No server of the DNS answers.
    DnsUnavailable,
    /// The account of this address is closed.
    AccountClosed,
    /// The address belongs to an account by now.
    EmailTaken,
    /// It was made for the address of another account than the one that is signed in.
    WrongAccount,
    /// A new mail was asked for too soon.
    TooSoon,
    /// Nobody is signed in: the request brings no credential, or its session is over.
    SignedOut,
    /// The bearer token is not accepted, for whatever reason (RFC 6750, 3.1): a refresh gives another one.
    InvalidToken,
    /// The request came from another site.
    CrossSite,
    /// The caller sees the thing, and may not do this with it.
    Forbidden,
    /// An organization without an owner cannot be: another owner comes first.
    LastOwner,
    /// Who looks after the product must stay: the act would lock every administrator out.
    LastAdministrator,
    /// There are as many of these as there may be.
    TooMany,
    /// What it is asked for is in a state in which it cannot be done.
    WrongState,
    /// A case that policies must pass is not passed: the version is not activated.
    PolicyCasesFailed,
    /// An administrator suspended the account: the proof is right, and nobody gets in.
    AccountSuspended,
    /// The session shows the product as somebody else, and this is not done in another's place.
    ReadOnly,
    /// Nothing is at this address.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The body is of a type that is not read here.
    UnsupportedMediaType,
    /// Too many tries of late, by whoever asks or by strangers: it says when to come again.
    TooManyAttempts,
    /// The body is larger than it may be: 64 KiB, with a picture 1 MB.
    TooLarge,
    /// There is no room: for another hash, another request, or another writer.
    Busy,
    /// The database is gone, is just starting, or has no room on its disk.
    Unavailable,
    /// A fault on our side.
    Internal,
}

impl ErrorCode {
    /// Every code, for documents and tests.
    pub const ALL: &'static [Self] = &[
        Self::InvalidFields,
        Self::MalformedRequest,
        Self::InvalidCredentials,
        Self::EmailNotVerified,
        Self::WrongCode,
        Self::CodeExhausted,
        Self::LinkExpired,
        Self::ResetExpired,
        Self::ChangedMeanwhile,
        Self::SecretIsASetting,
        Self::TooManyTries,
        Self::ReauthenticationRequired,
        Self::InsufficientScope,
        Self::TooManyTokens,
        Self::TooManyKeys,
        Self::SecondFactorExpired,
        Self::SecondFactorRequired,
        Self::FactorsLocked,
        Self::FactorUnavailable,
        Self::LastFactor,
        Self::PasskeyRefused,
        Self::PasskeyKnown,
        Self::ProviderUnavailable,
        Self::ProviderRefused,
        Self::ProviderAnswerInvalid,
        Self::FederationExpired,
        Self::ConnectionTaken,
        Self::LastWayIn,
        Self::DnsUnavailable,
        Self::AccountClosed,
        Self::EmailTaken,
        Self::WrongAccount,
        Self::TooSoon,
        Self::SignedOut,
        Self::InvalidToken,
        Self::CrossSite,
        Self::Forbidden,
        Self::LastOwner,
        Self::LastAdministrator,
        Self::TooMany,
        Self::WrongState,
        Self::PolicyCasesFailed,
        Self::AccountSuspended,
        Self::ReadOnly,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::TooManyAttempts,
        Self::TooLarge,
        Self::Busy,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The code as programs see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFields => "invalid_fields",
            Self::MalformedRequest => "malformed_request",
            Self::InvalidCredentials => "invalid_credentials",
            Self::EmailNotVerified => "email_not_verified",
            Self::WrongCode => "wrong_code",
            Self::CodeExhausted => "code_exhausted",
            Self::LinkExpired => "link_expired",
            Self::ResetExpired => "reset_expired",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::SecretIsASetting => "secret_is_a_setting",
            Self::TooManyTries => "too_many_tries",
            Self::ReauthenticationRequired => "reauthentication_required",
            Self::InsufficientScope => "insufficient_scope",
            Self::TooManyTokens => "too_many_tokens",
            Self::TooManyKeys => "too_many_keys",
            Self::SecondFactorExpired => "second_factor_expired",
            Self::SecondFactorRequired => "second_factor_required",
            Self::FactorsLocked => "factors_locked",
            Self::FactorUnavailable => "factor_unavailable",
            Self::LastFactor => "last_factor",
            Self::PasskeyRefused => "passkey_refused",
            Self::PasskeyKnown => "passkey_known",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::ProviderRefused => "provider_refused",
            Self::ProviderAnswerInvalid => "provider_answer_invalid",
            Self::FederationExpired => "federation_expired",
            Self::ConnectionTaken => "connection_taken",
            Self::LastWayIn => "last_way_in",
            Self::DnsUnavailable => "dns_unavailable",
            Self::AccountClosed => "account_closed",
            Self::EmailTaken => "email_taken",
            Self::WrongAccount => "wrong_account",
            Self::TooSoon => "too_soon",
            Self::SignedOut => "signed_out",
            Self::InvalidToken => "invalid_token",
            Self::CrossSite => "cross_site",
            Self::Forbidden => "forbidden",
            Self::LastOwner => "last_owner",
            Self::LastAdministrator => "last_administrator",
            Self::TooMany => "too_many",
            Self::WrongState => "wrong_state",
            Self::PolicyCasesFailed => "policy_cases_failed",
            Self::AccountSuspended => "account_suspended",
            Self::ReadOnly => "read_only",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooManyAttempts => "too_many_attempts",
            Self::TooLarge => "too_large",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status (RFC 9110, 15) of the code.
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedRequest => 400,
            Self::InvalidCredentials | Self::SignedOut | Self::InvalidToken => 401,
            Self::EmailNotVerified
            | Self::CrossSite
            | Self::ReauthenticationRequired
            | Self::InsufficientScope
            | Self::AccountClosed
            | Self::AccountSuspended
            | Self::ReadOnly
            | Self::Forbidden
            | Self::WrongAccount
            | Self::SecondFactorRequired => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::ChangedMeanwhile
            | Self::EmailTaken
            | Self::SecretIsASetting
            | Self::TooManyTokens
            | Self::FactorUnavailable
            | Self::LastFactor
            | Self::ConnectionTaken
            | Self::LastWayIn
            | Self::LastOwner
            | Self::LastAdministrator
            | Self::TooMany
            | Self::WrongState
            | Self::PolicyCasesFailed
            | Self::PasskeyKnown => 409,
            Self::LinkExpired | Self::ResetExpired | Self::SecondFactorExpired | Self::FederationExpired => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::InvalidFields | Self::WrongCode | Self::PasskeyRefused | Self::ProviderRefused => 422,
            Self::CodeExhausted
            | Self::FactorsLocked
            | Self::TooManyKeys
            | Self::TooSoon
            | Self::TooManyTries
            | Self::TooManyAttempts => 429,
            Self::Internal => 500,
            Self::ProviderAnswerInvalid => 502,
            Self::Busy | Self::Unavailable | Self::ProviderUnavailable | Self::DnsUnavailable => 503,
        }
    }
}

/// A refusal as it crosses the border: a code, the fields at fault, and when to come back.
/// Holds nothing personal, because it travels in addresses when JavaScript is off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// What is wrong with which field; only with [`ErrorCode::InvalidFields`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(Field, FieldIssue)>,
    /// Seconds until another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// What would prove the person, strongest first: `password` or the name of a factor; only with
    /// [`ErrorCode::ReauthenticationRequired`]. It stays where it was found and never travels.
    #[serde(skip)]
    pub methods: Vec<&'static str>,
    /// Work that spares the wait; only with [`ErrorCode::TooManyAttempts`]. A page makes one of its own: it never travels.
    #[serde(skip)]
    pub challenge: Option<Challenge>,
}

/// Work for a machine: a number behind `text` and a dot, so that SHA-256 begins with so many zero bits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// What to put before the number.
    pub text: String,
    /// Zero bits.
    pub bits: u32,
}

impl Refusal {
    /// A refusal that points at fields.
    pub fn invalid(fields: Vec<(Field, FieldIssue)>) -> Self {
        Self { fields, ..ErrorCode::InvalidFields.into() }
    }

    /// A refusal that says when to try again.
    pub fn retry_after(code: ErrorCode, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..code.into() }
    }

    /// Whole minutes until another try makes sense, one at least.
    pub fn minutes(&self) -> u32 {
        self.retry_after.unwrap_or(0).div_ceil(60).max(1)
    }

    /// What is wrong with `field`, if anything.
    pub fn issue(&self, field: Field) -> Option<FieldIssue> {
        self.fields.iter().find(|(of, _)| *of == field).map(|(_, issue)| *issue)
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self { code, fields: Vec::new(), retry_after: None, methods: Vec::new(), challenge: None }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn programs_see_one_name_for_each_code() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert!((400..600).contains(&code.status()));
        }
        for issue in FieldIssue::ALL {
            assert_eq!(serde_json::to_value(issue).unwrap(), issue.as_str());
        }
    }
}
