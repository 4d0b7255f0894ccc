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
    /// A number that is too small or too large.
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
}

impl FieldIssue {
    /// Every issue, for documents and tests.
    pub const ALL: [Self; 18] = [
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
        }
    }
}
