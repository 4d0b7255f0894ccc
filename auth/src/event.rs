//! What the audit log knows. The text of a kind rests in the database and is a promise to programs;
//! its sentence is in `locales/page/event.*.yml`.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// Something that happened to an account, or on the way to one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $text)] $name),+
        }

        impl EventKind {
            /// Every kind, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The kind as the audit log and programs see it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }
        }
    };
}

kinds! {
    /// A sign-up was stored and its mail promised.
    SignUpRequested = "sign_up.requested",
    /// Its mail was sent once more.
    SignUpMailRepeated = "sign_up.mail_repeated",
    /// An address was proved: the account exists.
    UserCreated = "user.created",
    /// The account was brought over from another system.
    UserImported = "user.imported",
    /// A mail with a link to a new password was promised.
    PasswordResetRequested = "password_reset.requested",
    /// Whoever has the mailbox chose a new password.
    UserPasswordReset = "user.password_reset",
    /// Somebody signed in who knew the old password chose a new one.
    UserPasswordChanged = "user.password_changed",
    /// Another address was asked for.
    EmailChangeRequested = "email.change_requested",
    /// A change of address that waited was called off.
    EmailChangeCancelled = "email.change_cancelled",
    /// The new address proved itself and took the place of the old one.
    EmailChanged = "email.changed",
    /// The owner of the old address took it back.
    EmailChangeUndone = "email.change_undone",
    /// The person said that something was not them: sessions ended, the password is void.
    UserSecured = "user.secured",
    /// What is known of the person was handed out.
    UserExported = "user.exported",
    /// The account is to be deleted.
    UserDeletionRequested = "user.deletion_requested",
    /// The account stays.
    UserDeletionCancelled = "user.deletion_cancelled",
    /// An account was deleted; the line tells nothing of its person.
    UserDeleted = "user.deleted",
    /// The person is called something else now.
    UserNameChanged = "user.name_changed",
    /// Times are shown in another zone now.
    UserTimeZoneChanged = "user.time_zone_changed",
    /// The person has another picture.
    UserAvatarChanged = "user.avatar_changed",
    /// The person has no picture any more.
    UserAvatarRemoved = "user.avatar_removed",
    /// A sign-in made a session.
    SessionStarted = "session.started",
    /// A sign-in with a wrong password.
    SessionRefused = "session.refused",
    /// A wrong password in a live session, where a risky act asks for it.
    SessionProofRefused = "session.proof_refused",
    /// Too many of them: the session was ended.
    SessionLocked = "session.locked",
    /// A wrong code of a mail or SMS, or of an app that is being set up, was typed.
    SessionCodeRefused = "session.code_refused",
    /// Somebody signed in was refused what they may not do.
    SessionActRefused = "session.act_refused",
    /// A right password was given, and the second factor asked for.
    FactorAsked = "factor.asked",
    /// A wrong code, or a passkey that was not accepted.
    FactorRefused = "factor.refused",
    /// Too many wrong codes in a row: no other is looked at for a while.
    FactorsLocked = "factor.locked",
    /// A browser was trusted: the second factor is not asked for there.
    DeviceTrusted = "factor.device_trusted",
    /// A browser is not trusted any more.
    DeviceTrustRevoked = "factor.trust_revoked",
    /// A session ended itself.
    SessionSignedOut = "session.signed_out",
    /// A session was ended from the list of them.
    SessionEnded = "session.ended",
    /// A session ended all others.
    SessionOthersEnded = "session.others_ended",
    /// An administrator ended a session of somebody else: the line of that person.
    SessionEndedByAdmin = "session.ended_by_admin",
    /// A refresh token was used twice; its session was ended.
    SessionRefreshTokenReused = "session.refresh_token_reused",
    /// A native app's code was used twice; the session that it made was ended.
    SessionCodeReused = "session.code_reused",
    /// A personal access token was made.
    TokenCreated = "token.created",
    /// A personal access token was revoked from the list of them.
    TokenRevoked = "token.revoked",
    /// All personal access tokens were revoked from the list of them.
    TokensRevoked = "token.all_revoked",
    /// The account has one more second factor.
    FactorAdded = "factor.added",
    /// The account has one second factor less.
    FactorRemoved = "factor.removed",
    /// A recovery code took the place of a second factor.
    RecoveryCodeUsed = "factor.recovery_code_used",
    /// New recovery codes took the place of the old ones.
    RecoveryCodesMade = "factor.recovery_codes_made",
    /// A passkey is called something else now.
    PasskeyRenamed = "passkey.renamed",
    /// The counter of a passkey did not go on: a copy may exist. It was refused.
    PasskeyCounterRegressed = "passkey.counter_regressed",
    /// A code was sent by mail or SMS, for a sign-in or to prove a number or address.
    FactorCodeSent = "factor.code_sent",
    /// An administrator took every second factor from the account: the line of its person.
    FactorsResetByAdmin = "factor.reset_by_admin",
    /// The recovery of the account by mail was asked for: its factors are lost.
    FactorRecoveryRequested = "factor.recovery_requested",
    /// It was called off.
    FactorRecoveryCancelled = "factor.recovery_cancelled",
    /// It was completed: every factor was removed, and every session ended.
    FactorRecoveryCompleted = "factor.recovery_completed",
    /// An account of a provider was connected: it opens this account.
    ConnectionAdded = "connection.added",
    /// An account of a provider opens this account no more.
    ConnectionRemoved = "connection.removed",
    /// Somebody came from a provider with the address of this account, and was asked to prove that it is theirs.
    ConnectionAsked = "connection.asked",
    /// What the account may do changed.
    UserRoleChanged = "user.role_changed",
    /// An administrator ended a session of somebody else: the line of the administrator.
    AdminSessionEnded = "admin.session_ended",
    /// An administrator took every second factor from somebody else: the line of the administrator.
    AdminFactorsReset = "admin.factors_reset",
    /// An administrator published the next signing key.
    AdminKeyRotated = "admin.signing_key_rotated",
    /// An administrator revoked a signing key.
    AdminKeyRevoked = "admin.signing_key_revoked",
    /// Somebody was invited into an organization, or again with another role.
    InvitationSent = "invitation.sent",
    /// The mail of an invitation was sent once more.
    InvitationResent = "invitation.resent",
    /// An invitation was taken back.
    InvitationRevoked = "invitation.revoked",
    /// Whoever was invited accepted, and is a member.
    InvitationAccepted = "invitation.accepted",
    /// Whoever was invited does not want to.
    InvitationDeclined = "invitation.declined",
    /// An organization says that a mail domain is its own.
    OrganizationDomainClaimed = "organization.domain_claimed",
    /// The record of the domain proved it.
    OrganizationDomainVerified = "organization.domain_verified",
    /// The record was gone for too long.
    OrganizationDomainLost = "organization.domain_lost",
    /// The organization gave the domain back.
    OrganizationDomainReleased = "organization.domain_released",
    /// Whether people of the domain join by themselves, and with which role, changed.
    OrganizationDomainRuleChanged = "organization.domain_rule_changed",
    /// Somebody joined by the domain of their address.
    OrganizationJoinedByDomain = "organization.joined_by_domain",
    /// Whether the members of an organization must have a second factor changed.
    OrganizationFactorRuleChanged = "organization.factor_rule_changed",
    /// An organization was made.
    OrganizationCreated = "organization.created",
    /// It is called something else now, also in addresses.
    OrganizationRenamed = "organization.renamed",
    /// It has another logo.
    OrganizationLogoChanged = "organization.logo_changed",
    /// It has no logo any more.
    OrganizationLogoRemoved = "organization.logo_removed",
    /// A member has another role or department.
    MemberChanged = "organization.member_changed",
    /// A member was taken out of it.
    MemberRemoved = "organization.member_removed",
    /// A member left it.
    MemberLeft = "organization.member_left",
    /// An owner made another member the owner, and is an administrator since.
    OwnershipTransferred = "organization.ownership_transferred",
    /// The account of its last owner ended, and a member became the owner.
    OwnershipPassed = "organization.ownership_passed",
    /// It is to be deleted.
    OrganizationDeletionRequested = "organization.deletion_requested",
    /// It stays.
    OrganizationDeletionCancelled = "organization.deletion_cancelled",
    /// It was deleted, with everything in it.
    OrganizationDeleted = "organization.deleted",
    /// It made a role for itself.
    RoleCreated = "role.created",
    /// A role of its own has another name or allows something else.
    RoleChanged = "role.changed",
    /// A role of its own is gone.
    RoleRemoved = "role.removed",

    /// A webhook was made.
    WebhookCreated = "webhook.created",
    /// Its address, its kinds of events, or whether it is on, changed.
    WebhookChanged = "webhook.changed",
    /// It signs with another secret.
    WebhookSecretRotated = "webhook.secret_rotated",
    /// It was switched off because its address failed for days, or said that it is gone.
    WebhookDisabled = "webhook.disabled",
    /// It was removed.
    WebhookRemoved = "webhook.removed",
    /// It is told of an event once more.
    WebhookReplayed = "webhook.replayed",
    /// It is told that it is tested.
    WebhookTested = "webhook.tested",
    /// A mail that waits or could not be delivered is sent once more.
    AdminMailResent = "admin.mail_resent",
    /// A mail that waits or could not be delivered was dropped.
    AdminMailDropped = "admin.mail_dropped",

    /// A version of the policies was saved.
    PoliciesSaved = "policy.saved",
    /// A version of the policies is in force.
    PoliciesActivated = "policy.activated",
    /// An older version of the policies is in force again.
    PoliciesRolledBack = "policy.rolled_back",
    /// A case that policies must pass was saved.
    PolicyCaseSaved = "policy.case_saved",
    /// Such a case was removed.
    PolicyCaseRemoved = "policy.case_removed",
    /// A document was made.
    DocumentCreated = "document.created",
    /// Its title, text or department changed.
    DocumentChanged = "document.changed",
    /// How sensitive it is changed.
    DocumentSensitivityChanged = "document.sensitivity_changed",
    /// It was published.
    DocumentPublished = "document.published",
    /// It was archived.
    DocumentArchived = "document.archived",
    /// It was brought back from the archive, as a draft.
    DocumentRestored = "document.restored",
    /// It is another member's now: the line of that member.
    DocumentHandedOver = "document.handed_over",
    /// It was deleted.
    DocumentDeleted = "document.deleted",
    /// The link of the first start made the first administrator.
    AdminSetupCompleted = "admin.setup_completed",
    /// An administrator closed an organization.
    AdminOrganizationClosed = "admin.organization_closed",
    /// An administrator opened a closed organization again.
    AdminOrganizationReopened = "admin.organization_reopened",

    /// The audit log was handed out as a file.
    AuditExported = "audit.exported",
    /// Nobody gets into the account for a while: the line of its person.
    UserSuspended = "user.suspended",
    /// Its person may sign in again.
    UserUnsuspended = "user.unsuspended",
    /// Somebody proved who they are, and the account is suspended.
    SessionRefusedSuspended = "session.refused_suspended",
    /// An administrator ended every session of somebody else: the line of that person.
    SessionsEndedByAdmin = "session.all_ended_by_admin",
    /// An administrator took one second factor from somebody else: the line of that person.
    FactorRemovedByAdmin = "factor.removed_by_admin",
    /// An administrator saw the product as this person.
    UserImpersonated = "user.impersonated",
    /// They do not any more.
    UserImpersonationEnded = "user.impersonation_ended",
    /// An administrator suspended somebody: the line of the administrator.
    AdminUserSuspended = "admin.user_suspended",
    /// An administrator took a suspension back.
    AdminUserUnsuspended = "admin.user_unsuspended",
    /// An administrator sent somebody the mail for a new password.
    AdminResetSent = "admin.reset_sent",
    /// An administrator ended every session of somebody else.
    AdminSessionsEnded = "admin.sessions_ended",
    /// An administrator took one second factor from somebody else.
    AdminFactorRemoved = "admin.factor_removed",
    /// An administrator gave somebody another role.
    AdminRoleChanged = "admin.role_changed",
    /// An administrator took a list of accounts away.
    AdminUsersExported = "admin.users_exported",
    /// An administrator began to see the product as somebody else.
    AdminImpersonationStarted = "admin.impersonation_started",
    /// An administrator does not any more.
    AdminImpersonationEnded = "admin.impersonation_ended",
    /// On the command line, what was sealed under other master keys began to be sealed anew.
    AdminMasterKeyRotationBegun = "admin.master_key_rotation_begun",
    /// It was, as far as it could be: the target is the key that seals, the changes say which ones are not needed any more.
    AdminMasterKeyRotated = "admin.master_key_rotated",
    /// A backup was restored: the target is its moment. What was used, rotated or revoked since it was taken has ended.
    AdminBackupRestored = "admin.backup_restored",
}

impl EventKind {
    /// The kind of a text; none when a newer version wrote it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// The part of the list it is shown in, by the beginning of its text. Each line of the log is
    /// stored with it: a change here needs a migration.
    pub fn filter(self) -> EventFilter {
        match self.as_str().split_once('.') {
            Some(("session" | "token" | "factor" | "passkey" | "connection", _)) => EventFilter::SignIn,
            Some(("sign_up" | "email", _)) => EventFilter::Address,
            Some(("password_reset", _)) => EventFilter::Password,
            Some(("user", what)) if what.starts_with("password") => EventFilter::Password,
            Some(("user", _)) => EventFilter::Profile,
            Some(("admin" | "audit", _)) => EventFilter::Administration,
            Some(("organization" | "invitation" | "role" | "document" | "webhook" | "policy", _)) => {
                EventFilter::Organization
            }
            _ => EventFilter::All,
        }
    }
}

/// A part of the list of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventFilter {
    /// Everything.
    #[default]
    All,
    /// Sessions: how they began, were refused and ended; second factors; and the tokens of programs.
    SignIn,
    /// The password.
    Password,
    /// The mail address.
    Address,
    /// The account and what is known of its person.
    Profile,
    /// What the person did to others as an administrator.
    Administration,
    /// Organizations, who is in them, and what belongs to them.
    Organization,
}

impl EventFilter {
    /// Every filter, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::All,
        Self::SignIn,
        Self::Password,
        Self::Address,
        Self::Profile,
        Self::Organization,
        Self::Administration,
    ];

    /// The filter as programs and the audit log name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::SignIn => "sign_in",
            Self::Password => "password",
            Self::Address => "address",
            Self::Profile => "profile",
            Self::Administration => "administration",
            Self::Organization => "organization",
        }
    }

    /// The filter of a name; no name asks for everything.
    pub fn parse(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::All);
        }
        Self::ALL.into_iter().find(|filter| filter.as_str() == name)
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_log_and_programs_see_one_name_for_each_kind() {
        for kind in EventKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(EventKind::parse(kind.as_str()), Some(*kind));
        }
        for filter in EventFilter::ALL {
            assert_eq!(serde_json::to_value(filter).unwrap(), filter.as_str());
            assert_eq!(EventFilter::parse(filter.as_str()), Some(filter));
        }
        assert_eq!(EventKind::parse("session.of_tomorrow"), None);
        assert_eq!(EventFilter::parse("Profile"), None);
    }

    #[test]
    fn every_kind_is_found_by_a_filter() {
        for kind in EventKind::ALL {
            assert_ne!(kind.filter(), EventFilter::All, "{kind:?}");
        }
    }
}
