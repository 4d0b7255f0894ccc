//! Until when a mail is worth sending: one whose link or code is over by then helps nobody.

use super::{Message, OrganizationMessage};
use crate::Timestamp;
use crate::settings::Lifetimes;

impl Message {
    /// When its link or code is over, of a mail that was promised at `promised`; none where it leads somewhere for ever.
    pub(super) const fn ends_at(&self, promised: Timestamp, lifetimes: &Lifetimes) -> Option<Timestamp> {
        let seconds = match self {
            Self::VerifyEmail { .. } => lifetimes.verification,
            Self::PasswordReset { .. } => lifetimes.password_reset,
            Self::ConfirmEmail { .. } => lifetimes.email_change,
            Self::SecondFactorCode { .. } => lifetimes.sent_code,
            Self::EmailChanged { .. } => lifetimes.email_undo,
            Self::Organization(OrganizationMessage::Invitation { .. }) => lifetimes.invitation,
            Self::SessionReused { .. }
            | Self::NewDevice { .. }
            | Self::UnusualSignIn { .. }
            | Self::TokenCreated { .. }
            | Self::FactorsLocked { .. }
            | Self::FactorAdded { .. }
            | Self::FactorRemoved { .. }
            | Self::ConnectionAdded { .. }
            | Self::ConnectionRemoved { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::PasskeyCounterRegressed { .. }
            | Self::FactorsReset { .. }
            | Self::RecoveryCompleted { .. }
            | Self::PasswordChanged { .. } => lifetimes.notice_link,
            Self::DeletionScheduled { at, .. }
            | Self::RecoveryRequested { at, .. }
            | Self::RecoveryReminder { at, .. }
            | Self::RecoveryReady { at, .. } => return Some(*at),
            _ => return None,
        };
        Some(promised.plus_seconds(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_over_sooner_than_a_welcome() {
        let (promised, lifetimes) = (Timestamp(1_800_000_000_000), Lifetimes::default());
        let (code, link) = (String::new(), String::new());
        let verify = Message::VerifyEmail { link: link.clone(), code: code.clone() };
        assert_eq!(verify.ends_at(promised, &lifetimes), Some(promised.plus_seconds(24 * 60 * 60)));
        assert_eq!(Message::NoAccount { link: link.clone() }.ends_at(promised, &lifetimes), None);
        let (inviter, organization) = ("Ada".to_owned().into(), "Acme".to_owned().into());
        let invitation: Message =
            OrganizationMessage::Invitation { inviter, organization, link: link.clone(), code }.into();
        assert_eq!(invitation.ends_at(promised, &lifetimes), Some(promised.plus_seconds(7 * 24 * 60 * 60)));
        let at = promised.plus_seconds(7);
        let ready = Message::RecoveryReady { name: "Alice".to_owned().into(), at, link };
        assert_eq!(ready.ends_at(promised, &lifetimes), Some(at));
    }
}
