//! What mails say: each kind with what it carries; those about organizations are in `organization_message.rs`. The words
//! are in `locales/mail/mail.*.yml`.

use serde::{Deserialize, Serialize};

use super::OrganizationMessage;
use crate::{Email, FactorMethod, Locale, PersonName, Remark, Timestamp, TokenName};

/// A mail as it waits in the outbox, sealed.
#[derive(Serialize, Deserialize)]
pub struct Mail {
    /// The recipient.
    pub to: Email,
    /// The reader's language.
    pub locale: Locale,
    /// What it says.
    pub message: Message,
}

/// What a mail says.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Prove that this address is yours.
    VerifyEmail {
        /// Leads to a page with a button.
        link: String,
        /// Six digits, for another device.
        code: String,
    },
    /// Somebody signed up with an address that has an account.
    AlreadyRegistered {
        /// Leads to sign-in.
        link: String,
    },
    /// Somebody signed up with a provider and an address that has an account.
    AlreadyRegisteredConnect {
        /// What the provider is called.
        provider: String,
        /// Leads to sign-in.
        link: String,
    },
    /// The account exists now.
    Welcome {
        /// Whose it is.
        name: PersonName,
        /// Leads to sign-in.
        link: String,
    },
    /// A refresh token was used twice; the session was ended.
    SessionReused {
        /// Whose it was.
        name: PersonName,
        /// The device of the session.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// Somebody signed in with a device that is new to the account.
    NewDevice {
        /// Whose account it is.
        name: PersonName,
        /// The device in words.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// Somebody who knows the password signs in, and it looks unusual.
    UnusualSignIn {
        /// Whose account it is.
        name: PersonName,
        /// The device in words.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// Choose a new password.
    PasswordReset {
        /// Leads to a page with a form.
        link: String,
        /// Six digits, for another device; none after too many wrong ones.
        #[serde(default)]
        code: Option<String>,
    },
    /// Somebody asked for a new password, and the address has no account.
    NoAccount {
        /// Leads to sign-up.
        link: String,
    },
    /// Prove that an account's new address is yours.
    ConfirmEmail {
        /// Leads to a page with a button.
        link: String,
        /// Six digits, for another device.
        code: String,
    },
    /// Somebody wants to move an account to an address that has one.
    EmailTaken {
        /// Leads to sign-in.
        link: String,
    },
    /// The account has another address; told to the old one.
    EmailChanged {
        /// Whose it is.
        name: PersonName,
        /// The address of now.
        email: Email,
        /// The device it was confirmed on.
        device: String,
        /// When.
        at: Timestamp,
        /// Takes the old address back, for seven days.
        link: String,
    },
    /// The account has another address; told to one that cannot take itself back.
    EmailRemoved {
        /// The address of now.
        email: Email,
        /// Leads to sign-in.
        link: String,
    },
    /// The account will be deleted.
    DeletionScheduled {
        /// Whose it is.
        name: PersonName,
        /// The device it was asked for on.
        device: String,
        /// When it goes.
        at: Timestamp,
        /// Keeps the account.
        link: String,
    },
    /// The account was deleted.
    AccountDeleted {
        /// Leads to sign-up.
        link: String,
    },
    /// A personal access token was made.
    TokenCreated {
        /// Whose account it is for.
        name: PersonName,
        /// What it is called.
        token: TokenName,
        /// The device it was made on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// Somebody guesses at the codes of the second factor, so no other is looked at for a while.
    FactorsLocked {
        /// Whose account it is.
        name: PersonName,
        /// The device that the last of them came from.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// The account has one more second factor.
    FactorAdded {
        /// Whose it is.
        name: PersonName,
        /// Of which kind.
        factor: FactorMethod,
        /// "This was not me".
        link: String,
    },
    /// The account has one second factor less.
    FactorRemoved {
        /// Whose it is.
        name: PersonName,
        /// Of which kind.
        factor: FactorMethod,
        /// "This was not me".
        link: String,
    },
    /// An account of a provider was connected.
    ConnectionAdded {
        /// Whose account it opens.
        name: PersonName,
        /// The provider's name for people.
        provider: String,
        /// The address there, when it is known.
        account: Option<Email>,
        /// The device it was connected on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// An account of a provider was disconnected.
    ConnectionRemoved {
        /// Whose account it opensed.
        name: PersonName,
        /// The provider's name for people.
        provider: String,
        /// The address there, when it is known.
        account: Option<Email>,
        /// The device it was disconnected on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// Whose it was.
        name: PersonName,
        /// How many are left.
        left: i64,
        /// The device it was used on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// New recovery codes took the place of the old ones.
    RecoveryCodesMade {
        /// Whose they are.
        name: PersonName,
        /// The device they were made on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// The counter of a passkey did not go on.
    PasskeyCounterRegressed {
        /// Whose account it is for.
        name: PersonName,
        /// What it is called.
        passkey: TokenName,
        /// The device that was refused.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// A code that proves the mailbox: the second half of a sign-in, or before such codes count.
    SecondFactorCode {
        /// Eight digits.
        code: String,
        /// "This was not me".
        link: String,
    },
    /// An administrator suspended the account.
    AccountSuspended {
        /// Whose it is.
        name: PersonName,
        /// When.
        at: Timestamp,
        /// When it ends by itself; none: when it is lifted.
        until: Option<Timestamp>,
        /// Why, where the person is told.
        reason: Option<Remark>,
        /// Leads to the front page.
        link: String,
    },
    /// An administrator lifted the suspension.
    AccountUnsuspended {
        /// Whose account it is.
        name: PersonName,
        /// Leads to sign-in.
        link: String,
    },
    /// An administrator sees the product as this person.
    ImpersonationStarted {
        /// Whose account it is.
        name: PersonName,
        /// When it began.
        at: Timestamp,
        /// When it ends at the latest.
        until: Timestamp,
        /// Whether something may be changed in organizations.
        writes: bool,
        /// Leads to the list of devices, where it is ended.
        link: String,
    },
    /// An administrator removed every second factor of the account.
    FactorsReset {
        /// Whose it is.
        name: PersonName,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// Somebody asked for the recovery of the account by mail.
    RecoveryRequested {
        /// Whose it is.
        name: PersonName,
        /// The device it was asked for on.
        device: String,
        /// When the link that completes it is mailed.
        at: Timestamp,
        /// Calls it off.
        link: String,
    },
    /// It still runs.
    RecoveryReminder {
        /// Whose account it is.
        name: PersonName,
        /// The device it was asked for on.
        device: String,
        /// When the link that completes it is mailed.
        at: Timestamp,
        /// Calls it off.
        link: String,
    },
    /// The wait is over.
    RecoveryReady {
        /// Whose account it is.
        name: PersonName,
        /// When the link ends.
        at: Timestamp,
        /// Leads to the page that completes it.
        link: String,
    },
    /// It was called off.
    RecoveryCancelled {
        /// Whose account it is.
        name: PersonName,
        /// The device it was called off on.
        device: String,
        /// When.
        at: Timestamp,
        /// Leads to a new password.
        link: String,
    },
    /// The account was recovered: its factors are gone.
    RecoveryCompleted {
        /// Whose it is.
        name: PersonName,
        /// The device it was done on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// A webhook was switched off: nothing arrived at its address.
    WebhookDisabled {
        /// An owner of it.
        name: PersonName,
        /// The host of its address.
        host: String,
        /// Leads to it.
        link: String,
    },
    /// The account has a new password.
    PasswordChanged {
        /// Whose it is.
        name: PersonName,
        /// The device it was changed on.
        device: String,
        /// When.
        at: Timestamp,
        /// "This was not me".
        link: String,
    },
    /// Something about an organization.
    #[serde(untagged)]
    Organization(OrganizationMessage),
}

impl From<OrganizationMessage> for Message {
    fn from(message: OrganizationMessage) -> Self {
        Self::Organization(message)
    }
}
