//! What each mail is called, and where it stands in the queue.

use super::Message;
use crate::store::Priority;

impl Message {
    /// The name of the mail in settings, inbox and texts.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Organization(message) => message.kind(),
            Self::VerifyEmail { .. } => "verify_email",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::AlreadyRegisteredConnect { .. } => "already_registered_connect",
            Self::Welcome { .. } => "welcome",
            Self::SessionReused { .. } => "session_reused",
            Self::NewDevice { .. } => "new_device",
            Self::UnusualSignIn { .. } => "unusual_sign_in",
            Self::PasswordReset { .. } => "password_reset",
            Self::NoAccount { .. } => "no_account",
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::EmailTaken { .. } => "email_taken",
            Self::EmailChanged { .. } => "email_changed",
            Self::EmailRemoved { .. } => "email_removed",
            Self::DeletionScheduled { .. } => "deletion_scheduled",
            Self::AccountDeleted { .. } => "account_deleted",
            Self::TokenCreated { .. } => "token_created",
            Self::FactorsLocked { .. } => "factors_locked",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::ConnectionAdded { .. } => "connection_added",
            Self::ConnectionRemoved { .. } => "connection_removed",
            Self::RecoveryCodeUsed { .. } => "recovery_code_used",
            Self::RecoveryCodesMade { .. } => "recovery_codes_made",
            Self::PasskeyCounterRegressed { .. } => "passkey_counter_regressed",
            Self::SecondFactorCode { .. } => "second_factor_code",
            Self::AccountSuspended { .. } => "account_suspended",
            Self::AccountUnsuspended { .. } => "account_unsuspended",
            Self::ImpersonationStarted { .. } => "impersonation_started",
            Self::FactorsReset { .. } => "factors_reset",
            Self::RecoveryRequested { .. } => "recovery_requested",
            Self::RecoveryReminder { .. } => "recovery_reminder",
            Self::RecoveryReady { .. } => "recovery_ready",
            Self::RecoveryCancelled { .. } => "recovery_cancelled",
            Self::RecoveryCompleted { .. } => "recovery_completed",
            Self::PasswordChanged { .. } => "password_changed",
            Self::WebhookDisabled { .. } => "webhook_disabled",
        }
    }

    /// Where the mail stands in the queue. What anybody can cause, as often as there are addresses,
    /// stands behind all others.
    pub const fn priority(&self) -> Priority {
        match self {
            Self::NoAccount { .. } => Priority::Last,
            _ => Priority::Ordinary,
        }
    }
}
