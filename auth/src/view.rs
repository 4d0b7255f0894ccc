//! What pages and programs may see of the domain. Nothing secret can be put here.

use serde::{Deserialize, Serialize};

use crate::{
    Email, Locale, PersonName, Role, TimeZone, Timestamp,
    id::{SessionId, UserId},
    time_zone::UTC,
};

mod accounts;
mod activity;
mod administration;
mod anomalies;
mod audit;
mod browser_reports;
mod checks;
mod codes;
mod dashboard;
mod devices;
mod documents;
mod factors;
mod federation;
mod health;
mod invitations;
mod keys;
mod mails;
mod organization_administration;
mod organizations;
mod own_account;
mod passkeys;
mod policies;
mod second_factors;
mod settings;
mod statistics;
mod tokens;
mod webhooks;

pub use accounts::{
    BulkAct, BulkDone, BulkItem, BulkPreview, LeftOut, LeftOutItem, Suspension, UserActs, UserDetails, UserOrganization,
};
pub use activity::ActivityItem;
pub use administration::{AnySession, EndReason, Family, FamilyStep, Origin, Reuse, SessionEnd, UserItem};
pub use anomalies::{Anomalies, AnomalyDay, AnomalyItem, AnomalyRecord, AnomalyTravel};
pub use audit::{AuditDay, AuditFault, AuditFaultKind, AuditItem, AuditOrganization, AuditPerson, AuditState};
pub use browser_reports::{BrowserReportItem, BrowserReports};
pub use checks::{CheckFinding, CheckGroup, CheckedItem, Examination, Verdict};
pub use codes::{CodesStatus, PhoneRecord, WaitingCode};
pub use dashboard::{
    AuditStateView, DashboardView, HappenedView, MemberCounts, OfficeView, OwnershipView, PlatformNumbers,
    SignedUpView, WorkView,
};
pub use devices::{PendingView, SessionItem, TrustedDeviceItem, TrustedDeviceRecord};
pub use documents::{DocumentItem, DocumentOwner, DocumentPage, DocumentView};
pub use factors::{AccountRecovery, FactorsOverview, PasskeyFact, PhoneFact, RecoveryToComplete};
pub use federation::{
    ConnectionItem, ConnectionRecord, FedCmItem, NativeApp, NativeArrival, PendingConnection, PendingNeed,
    ProviderIcon, ProviderItem, WayIn,
};
pub use health::{
    DatabaseHealth, EngineHealth, HashQueue, Health, JobQueue, KeysHealth, Latency, LatencyMinute, LatencyOf,
    ProcessHealth, ProxyFault, ProxyFinding, TlsFault, TlsHealth, VaultFault, VaultHealth,
};
pub use invitations::{
    DomainItem, DomainState, FactorRule, InvitationItem, InvitationReader, InvitationShown, InvitationState,
    JoinedByDomain,
};
pub use keys::{KeyState, KeyView};
pub use mails::{MailItem, MailState};
pub use organization_administration::{OrganizationDetail, OrganizationItem, OrganizationMember, RoleMembers};
pub use organizations::{MemberItem, OrganizationView, RoleCount, RoleItem};
pub use own_account::{
    EmailChangeRecord, EmailChangeStatus, NoticeStatus, PersonalData, SessionRecord, UndoStatus, UndoableEmail,
    WaitingEmail,
};
pub use passkeys::{PasskeyItem, PasskeyList};
pub use policies::{
    AllowedActs, Authorization, DiffKind, DiffLine, ExplainedDecision, PermissionMatrix, PermissionRow, PolicyCaseItem,
    PolicyCaseRun, PolicyDraft, PolicyEffect, PolicyFault, PolicyVerdict, PolicyVersionItem, PolicyVersionView,
    PolicyVersions, RoleTable, VerdictOutcome,
};
pub use second_factors::{RecoveryCodesStatus, TotpStatus, WaitingTotp};
pub use settings::{SettingItem, SettingOrigin};
pub use statistics::{SignInCounts, Statistics, StatisticsDay};
pub use tokens::{TokenEnd, TokenItem, TokenRecord};
pub use webhooks::{DeliveryItem, DeliveryState, DeliveryTry, DeliveryView, WebhookEnd, WebhookItem};

/// The signed-in person and the session they use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The account.
    pub id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// What the account may do.
    pub role: Role,
    /// The language of mails.
    pub locale: Locale,
    /// The zone that times are shown in; UTC when none was chosen.
    pub time_zone: Option<TimeZone>,
    /// The path of the picture; none without one.
    pub avatar: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether there is a password to sign in with.
    pub has_password: bool,
    /// When the account will be deleted, if that was asked for.
    pub delete_at: Option<Timestamp>,
    /// From when it must have a second factor that it lacks; the moment may be over. None when it has one or need not.
    #[serde(default)]
    pub second_factor_due: Option<Timestamp>,
    /// The recovery of the account by mail that runs; only sessions are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_recovery: Option<AccountRecovery>,
    /// The organizations it is in, the one it joined last first; at most [`Me::MOST_ORGANIZATIONS`], and none when a
    /// personal access token asks.
    #[serde(default)]
    pub organizations: Vec<OrganizationView>,
    /// The session of this request; none when a personal access token asks.
    pub session: Option<SessionView>,
}

impl Me {
    /// Beyond this the list of all organizations is asked.
    pub const MOST_ORGANIZATIONS: usize = 20;
}

/// A signed-in device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The session; not a secret.
    pub id: SessionId,
    /// When it signed in.
    pub signed_in_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Browser and system in words, such as `Firefox on Linux`; empty when unknown.
    pub device: String,
    /// Whether an administrator acts in it in its person's place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_impersonation: bool,
}

/// An access token as it is handed to the page or program that asked.
#[derive(Clone, Serialize, Deserialize)]
pub struct AccessGrant {
    /// The JWT (RFC 9068).
    pub access_token: String,
    /// Always `Bearer` (RFC 6750).
    pub token_type: String,
    /// Seconds until it ends.
    pub expires_in: u32,
}

/// What the page behind a mailed link asks for, before its button proves the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkAsks {
    /// Nothing: this browser made the sign-up.
    Nothing,
    /// The password that was chosen in another browser.
    Password,
    /// The browser that made the sign-up: it was made with a passkey or with a provider, and no password can be asked
    /// for.
    OwnBrowser,
}

/// Where a sign-up stands, as the waiting page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignUpStatus {
    /// The mail is on its way.
    Waiting {
        /// The address to prove.
        email: Email,
        /// Seconds until another mail may be asked for.
        resend_in: u32,
    },
    /// The address is proved: sign in.
    Verified {
        /// The proved address.
        email: Email,
    },
    /// No sign-up is known to this browser, or it is too old.
    Gone,
}

/// Where a password reset stands, as the page that waits for its code shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResetStatus {
    /// A mail is on its way; whether it carries a code is said in the mail only.
    Waiting {
        /// The address it went to.
        email: Email,
        /// How often a code may still be typed; 0: ask for a new mail.
        tries_left: u32,
    },
    /// Used, replaced by a newer one, too old, or not known to this browser.
    Gone,
}

/// A day of the civil calendar, in UTC or another zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CivilDay {
    /// Such as 2027.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// Hours and minutes, such as `08:00`.
    pub time: String,
    /// What the zone calls itself at the time, such as `UTC` or `CET`.
    pub zone: String,
    /// The moment in full and in UTC (RFC 3339), such as `2027-01-15T08:00:00Z`.
    pub iso: String,
}

impl CivilDay {
    /// The day of a moment in UTC. Twelve lines of calendar arithmetic instead of a time library in the
    /// browser (Howard Hinnant, "chrono-compatible low-level date algorithms").
    pub fn of(at: Timestamp) -> Self {
        let seconds = at.seconds();
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let time = format!("{:02}:{:02}", rest / 3600, rest / 60 % 60);
        let iso = format!("{year:04}-{month:02}-{day:02}T{time}:{:02}Z", rest % 60);
        Self { year, month, day, time, zone: UTC.to_owned(), iso }
    }

    /// The day of a moment as it is counted in a zone; in UTC when none.
    #[cfg(feature = "engine")]
    pub fn in_zone(at: Timestamp, zone: Option<&TimeZone>) -> Self {
        let utc = Self::of(at);
        let Some(offset) = zone.map(|zone| zone.offset_at(at)) else { return utc };
        Self { zone: offset.name, iso: utc.iso, ..Self::of(at.plus_seconds(offset.seconds)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, iso) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_800_000_000, "2027-01-15T08:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
        ] {
            assert_eq!(CivilDay::of(Timestamp(seconds * 1000)).iso, iso);
        }
    }
}
