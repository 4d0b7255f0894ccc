//! Fields of forms, and what can be wrong with one. Words for people are in `locales/page/error.*.yml` under `issue`.

use serde::{Deserialize, Serialize};

/// A field of a form, by the name it has everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `email`
    Email,
    /// `password`
    Password,
    /// `current_password`
    CurrentPassword,
    /// `new_password`
    NewPassword,
    /// `name`
    Name,
    /// `code`
    Code,
    /// `method`
    Method,
    /// `ticket`
    Ticket,
    /// `ceremony`
    Ceremony,
    /// `credential`
    Credential,
    /// `token`
    Token,
    /// `locale`
    Locale,
    /// `time_zone`
    TimeZone,
    /// `avatar`
    Avatar,
    /// `filter`
    Filter,
    /// `format`
    Format,
    /// `scopes`
    Scopes,
    /// `expires_in_days`
    ExpiresInDays,
    /// `phone_number`
    PhoneNumber,
    /// `redirect_uri`
    RedirectUri,
    /// `code_challenge`
    CodeChallenge,
    /// `code_challenge_method`
    CodeChallengeMethod,
    /// `code_verifier`
    CodeVerifier,
    /// `state`
    State,
    /// `domain`
    Domain,
    /// `slug`
    Slug,
    /// `role`
    Role,
    /// `department`
    Department,
    /// `permissions`
    Permissions,
    /// `logo`
    Logo,
    /// `url`
    Url,
    /// `kinds`
    Kinds,
    /// `action`
    Action,
    /// `address`
    Address,
    /// `document`
    Document,
    /// `hour`
    Hour,
    /// `mfa_age`
    MfaAge,
    /// `note`
    Note,
    /// `on`
    On,
    /// `organization`
    Organization,
    /// `platform_role`
    PlatformRole,
    /// `sensitivity`
    Sensitivity,
    /// `session_age`
    SessionAge,
    /// `user`
    User,
    /// `weekday`
    Weekday,
    /// `title`
    Title,
    /// `body`
    Body,
    /// `owner`
    Owner,
    /// `version`
    Version,
    /// `reason`
    Reason,
    /// `from`
    From,
    /// `to`
    To,
    /// `outcome`
    Outcome,
    /// `second_factor`
    SecondFactor,
    /// `created_from`
    CreatedFrom,
    /// `created_to`
    CreatedTo,
    /// `until`
    Until,
    /// `act`
    Act,
    /// `ids`
    Ids,
}

impl Field {
    /// The name of the field in forms and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password => "password",
            Self::CurrentPassword => "current_password",
            Self::NewPassword => "new_password",
            Self::Name => "name",
            Self::Code => "code",
            Self::Method => "method",
            Self::Ticket => "ticket",
            Self::Ceremony => "ceremony",
            Self::Credential => "credential",
            Self::Token => "token",
            Self::Locale => "locale",
            Self::TimeZone => "time_zone",
            Self::Avatar => "avatar",
            Self::Filter => "filter",
            Self::Format => "format",
            Self::Scopes => "scopes",
            Self::ExpiresInDays => "expires_in_days",
            Self::PhoneNumber => "phone_number",
            Self::RedirectUri => "redirect_uri",
            Self::CodeChallenge => "code_challenge",
            Self::CodeChallengeMethod => "code_challenge_method",
            Self::CodeVerifier => "code_verifier",
            Self::State => "state",
            Self::Domain => "domain",
            Self::Slug => "slug",
            Self::Role => "role",
            Self::Department => "department",
            Self::Permissions => "permissions",
            Self::Logo => "logo",
            Self::Url => "url",
            Self::Kinds => "kinds",
            Self::Action => "action",
            Self::Address => "address",
            Self::Document => "document",
            Self::Hour => "hour",
            Self::MfaAge => "mfa_age",
            Self::Note => "note",
            Self::On => "on",
            Self::Organization => "organization",
            Self::PlatformRole => "platform_role",
            Self::Sensitivity => "sensitivity",
            Self::SessionAge => "session_age",
            Self::User => "user",
            Self::Weekday => "weekday",
            Self::Title => "title",
            Self::Body => "body",
            Self::Owner => "owner",
            Self::Version => "version",
            Self::Reason => "reason",
            Self::From => "from",
            Self::To => "to",
            Self::Outcome => "outcome",
            Self::SecondFactor => "second_factor",
            Self::CreatedFrom => "created_from",
            Self::CreatedTo => "created_to",
            Self::Until => "until",
            Self::Act => "act",
            Self::Ids => "ids",
        }
    }
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldIssue {
    /// Nothing was given.
    Required,
    /// Not an address we can send mail to.
    InvalidEmail,
    /// Below the minimum.
    TooShort,
    /// Above the maximum.
    TooLong,
    /// A character that cannot stand here.
    InvalidCharacter,
    /// Not what a code looks like.
    InvalidCode,
    /// Not a value that is known.
    Unknown,
    /// A number that is too small or too large, a moment that is too early or too late.
    OutOfRange,
    /// Among the passwords that are guessed first.
    PasswordCommon,
    /// A range service knows the password from a leak.
    PasswordLeaked,
    /// The password contains the address.
    PasswordContainsEmail,
    /// The password contains the name.
    PasswordContainsName,
    /// Not the account's current password.
    PasswordWrong,
    /// The new password is the current one.
    PasswordUnchanged,
    /// The new address is the current one.
    EmailUnchanged,
    /// No picture, or none of a kind that is read.
    InvalidImage,
    /// A picture of too many bytes or pixels.
    ImageTooLarge,
    /// Not a number we can send an SMS to, or one without its country.
    InvalidPhoneNumber,
    /// Whoever has this address is a member already.
    AlreadyMember,
    /// It allows more than whoever gives it may do.
    BeyondOwn,
    /// Not what stands behind the `@` of an address.
    InvalidDomain,
    /// A domain of a mail provider, in which everybody can get an address.
    PublicDomain,
    /// Another organization proved that the domain is its own.
    DomainTaken,
    /// Not what a name in an address looks like.
    InvalidSlug,
    /// Somebody else has it.
    Taken,
    /// Not an address that can be called.
    InvalidUrl,
    /// An address that only machines nearby can reach.
    PrivateAddress,
    /// An address at a host that the operator does not allow.
    HostNotAllowed,
}

impl FieldIssue {
    /// Every issue, for documents and tests.
    pub const ALL: &'static [Self] = &[
        Self::Required,
        Self::InvalidEmail,
        Self::TooShort,
        Self::TooLong,
        Self::InvalidCharacter,
        Self::InvalidCode,
        Self::Unknown,
        Self::OutOfRange,
        Self::PasswordCommon,
        Self::PasswordLeaked,
        Self::PasswordContainsEmail,
        Self::PasswordContainsName,
        Self::PasswordWrong,
        Self::PasswordUnchanged,
        Self::EmailUnchanged,
        Self::InvalidImage,
        Self::ImageTooLarge,
        Self::InvalidPhoneNumber,
        Self::AlreadyMember,
        Self::BeyondOwn,
        Self::InvalidDomain,
        Self::PublicDomain,
        Self::DomainTaken,
        Self::InvalidSlug,
        Self::Taken,
        Self::InvalidUrl,
        Self::PrivateAddress,
        Self::HostNotAllowed,
    ];

    /// The issue as programs see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::InvalidEmail => "invalid_email",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::InvalidCharacter => "invalid_character",
            Self::InvalidCode => "invalid_code",
            Self::Unknown => "unknown",
            Self::OutOfRange => "out_of_range",
            Self::PasswordCommon => "password_common",
            Self::PasswordLeaked => "password_leaked",
            Self::PasswordContainsEmail => "password_contains_email",
            Self::PasswordContainsName => "password_contains_name",
            Self::PasswordWrong => "password_wrong",
            Self::PasswordUnchanged => "password_unchanged",
            Self::EmailUnchanged => "email_unchanged",
            Self::InvalidImage => "invalid_image",
            Self::ImageTooLarge => "image_too_large",
            Self::InvalidPhoneNumber => "invalid_phone_number",
            Self::AlreadyMember => "already_member",
            Self::BeyondOwn => "beyond_own",
            Self::InvalidDomain => "invalid_domain",
            Self::PublicDomain => "public_domain",
            Self::DomainTaken => "domain_taken",
            Self::InvalidSlug => "invalid_slug",
            Self::Taken => "taken",
            Self::InvalidUrl => "invalid_url",
            Self::PrivateAddress => "private_address",
            Self::HostNotAllowed => "host_not_allowed",
        }
    }
}
