//! What is put into the words of a mail: its link, its code, and the values of its sentences.

use super::Message;
use crate::text::{moment_text, text, text_with};
use crate::{Email, FactorMethod, Locale, Remark, Timestamp};

impl Message {
    pub(super) fn link(&self) -> &str {
        match self {
            Self::Organization(message) => message.link(),
            Self::VerifyEmail { link, .. }
            | Self::AlreadyRegistered { link }
            | Self::AlreadyRegisteredConnect { link, .. }
            | Self::Welcome { link, .. }
            | Self::SessionReused { link, .. }
            | Self::NewDevice { link, .. }
            | Self::UnusualSignIn { link, .. }
            | Self::PasswordReset { link, .. }
            | Self::NoAccount { link }
            | Self::ConfirmEmail { link, .. }
            | Self::EmailTaken { link }
            | Self::EmailChanged { link, .. }
            | Self::EmailRemoved { link, .. }
            | Self::DeletionScheduled { link, .. }
            | Self::AccountDeleted { link }
            | Self::TokenCreated { link, .. }
            | Self::FactorsLocked { link, .. }
            | Self::FactorAdded { link, .. }
            | Self::FactorRemoved { link, .. }
            | Self::ConnectionAdded { link, .. }
            | Self::ConnectionRemoved { link, .. }
            | Self::RecoveryCodeUsed { link, .. }
            | Self::RecoveryCodesMade { link, .. }
            | Self::PasskeyCounterRegressed { link, .. }
            | Self::SecondFactorCode { link, .. }
            | Self::AccountSuspended { link, .. }
            | Self::AccountUnsuspended { link, .. }
            | Self::ImpersonationStarted { link, .. }
            | Self::FactorsReset { link, .. }
            | Self::RecoveryRequested { link, .. }
            | Self::RecoveryReminder { link, .. }
            | Self::RecoveryReady { link, .. }
            | Self::RecoveryCancelled { link, .. }
            | Self::RecoveryCompleted { link, .. }
            | Self::WebhookDisabled { link, .. }
            | Self::PasswordChanged { link, .. } => link,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::VerifyEmail { code, .. } | Self::ConfirmEmail { code, .. } | Self::SecondFactorCode { code, .. } => {
                Some(code)
            }
            Self::Organization(message) => message.code(),
            Self::PasswordReset { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// Whether the code is what the mail is about, and the link beside it leads elsewhere.
    pub(super) const fn is_code_first(&self) -> bool {
        matches!(self, Self::SecondFactorCode { .. })
    }

    /// Which sentence ends the mail.
    pub(super) const fn outro(&self) -> &'static str {
        match self {
            Self::PasswordReset { code: None, .. } => "outro_without_code",
            _ => "outro",
        }
    }

    pub(super) fn values(&self, locale: Locale) -> Vec<(&'static str, String)> {
        match self {
            Self::Organization(message) => message.values(locale),
            // With a password it is worth something; without one it is worth nothing.
            Self::VerifyEmail { code, .. } | Self::SecondFactorCode { code, .. } => vec![("code", code.clone())],
            // A code in a subject is read from a locked screen: this one opens an account.
            Self::AlreadyRegistered { .. }
            | Self::PasswordReset { .. }
            | Self::NoAccount { .. }
            | Self::ConfirmEmail { .. }
            | Self::EmailTaken { .. }
            | Self::AccountDeleted { .. } => Vec::new(),
            Self::AlreadyRegisteredConnect { provider, .. } => vec![("provider", provider.clone())],
            Self::EmailRemoved { email, .. } => vec![("email", email.to_string())],
            Self::EmailChanged { name, email, device, at, .. } => vec![
                ("name", name.to_string()),
                ("email", email.to_string()),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
            Self::TokenCreated { name, token, device, at, .. } => vec![
                ("name", name.to_string()),
                ("token", token.to_string()),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
            Self::FactorAdded { name, factor, .. } | Self::FactorRemoved { name, factor, .. } => {
                vec![("name", name.to_string()), ("factor", factor_words(locale, *factor))]
            }
            Self::ConnectionAdded { name, provider, account, device, at, .. }
            | Self::ConnectionRemoved { name, provider, account, device, at, .. } => vec![
                ("name", name.to_string()),
                ("provider", provider.clone()),
                ("account", account.as_ref().map_or_else(|| text(locale, "mail.unknown_account"), Email::to_string)),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
            Self::RecoveryCodeUsed { name, left, device, at, .. } => vec![
                ("name", name.to_string()),
                ("left", left.to_string()),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
            Self::PasskeyCounterRegressed { name, passkey, device, at, .. } => vec![
                ("name", name.to_string()),
                ("passkey", passkey.to_string()),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
            Self::RecoveryReady { name, at, .. } => {
                vec![("name", name.to_string()), ("moment", moment_text(locale, *at))]
            }
            Self::Welcome { name, .. } | Self::AccountUnsuspended { name, .. } => vec![("name", name.to_string())],
            Self::WebhookDisabled { name, host, .. } => vec![("name", name.to_string()), ("host", host.clone())],
            Self::AccountSuspended { name, at, until, reason, .. } => vec![
                ("name", name.to_string()),
                ("moment", moment_text(locale, *at)),
                ("until", until_words(locale, *until)),
                ("reason", reason_words(locale, reason.as_ref())),
            ],
            Self::ImpersonationStarted { name, at, until, writes, .. } => vec![
                ("name", name.to_string()),
                ("moment", moment_text(locale, *at)),
                ("until", moment_text(locale, *until)),
                (
                    "extent",
                    text(locale, if *writes { "mail.impersonation_writes" } else { "mail.impersonation_reads" }),
                ),
            ],
            Self::FactorsReset { name, at, .. } => {
                vec![("name", name.to_string()), ("moment", moment_text(locale, *at))]
            }
            Self::SessionReused { name, device, at, .. }
            | Self::NewDevice { name, device, at, .. }
            | Self::UnusualSignIn { name, device, at, .. }
            | Self::PasswordChanged { name, device, at, .. }
            | Self::FactorsLocked { name, device, at, .. }
            | Self::RecoveryCodesMade { name, device, at, .. }
            | Self::RecoveryRequested { name, device, at, .. }
            | Self::RecoveryReminder { name, device, at, .. }
            | Self::RecoveryCancelled { name, device, at, .. }
            | Self::RecoveryCompleted { name, device, at, .. }
            | Self::DeletionScheduled { name, device, at, .. } => vec![
                ("name", name.to_string()),
                ("device", device_words(locale, device)),
                ("moment", moment_text(locale, *at)),
            ],
        }
    }
}

pub(super) fn device_words(locale: Locale, device: &str) -> String {
    if device.is_empty() { text(locale, "mail.unknown_device") } else { device.to_owned() }
}

fn until_words(locale: Locale, until: Option<Timestamp>) -> String {
    match until {
        Some(until) => text_with(locale, "mail.suspension_until", &[("moment", &moment_text(locale, until))]),
        None => text(locale, "mail.suspension_open"),
    }
}

fn reason_words(locale: Locale, reason: Option<&Remark>) -> String {
    match reason {
        Some(reason) => text_with(locale, "mail.suspension_reason", &[("reason", reason.as_str())]),
        None => text(locale, "mail.suspension_no_reason"),
    }
}

fn factor_words(locale: Locale, factor: FactorMethod) -> String {
    text(locale, &format!("mail.factor_{}", factor.as_str()))
}
