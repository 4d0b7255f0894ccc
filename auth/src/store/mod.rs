//! The only place with SQL: one text for SQLite and PostgreSQL through `sqlx::Any`, under the
//! contract of `docs/database.md`.
//!
//! A [`Transaction`] is a value: what is not committed by the last line of a flow never happened.

use sqlx::Row;
use sqlx::migrate::Migrator;
use std::sync::{Arc, Once};

use after_commit::{AfterCommit, Told};
use connections::Connections;
use news::News;
use replica::Replica;
use transaction::OpenTransaction;

use crate::session::Revocations;

mod account_deletion;
mod account_recoveries;
mod administration;
mod administrators;
mod after_commit;
mod anomalies;
mod audit;
mod audit_chain;
mod audit_erasure;
mod audit_retention;
mod audit_search;
mod avatars;
mod backups;
mod browser_reports;
mod clock_leaps;
mod connections;
mod dashboard;
mod data_keys;
mod database_settings;
mod dev_inbox;
mod document_list;
mod documents;
mod email_changes;
mod entrances;
mod examination;
mod explanations;
mod factor_overview;
mod factor_policy;
mod factor_tries;
mod families;
mod faults;
mod federation_codes;
mod federation_flows;
mod federation_room;
mod health;
mod housekeeping;
mod impersonations;
mod invitation_answers;
mod invitations;
mod jobs;
mod limits;
mod mail_queue;
mod master_keys;
mod members;
mod memberships;
mod migrating;
mod migration_turn;
mod moving;
mod new_factors;
mod news;
mod notice_links;
mod organization_administration;
mod organization_deletion;
mod organization_domains;
mod organization_logos;
mod organization_roles;
mod organizations;
mod outage;
mod passkey_ceremonies;
mod passkey_offers;
mod passkeys;
mod password_file;
mod password_resets;
mod pending_connections;
mod pending_sign_ins;
mod personal_data;
mod personal_tokens;
mod phone_numbers;
mod platform_administrators;
mod policies;
mod policy_cases;
mod policy_facts;
mod pool_meter;
mod provider_accounts;
mod provider_tokens;
mod proxy_findings;
mod recovery_codes;
mod refresh_token_rotation;
mod refresh_tokens;
mod replica;
mod restored;
mod revocations;
mod sealed_values;
mod seeding;
mod sent_codes;
mod session_list;
mod session_proofs;
mod sessions;
mod setup_links;
mod sign_ins;
mod sign_ups;
mod signing_keys;
mod snapshot;
mod statistics;
mod suspensions;
mod table_counts;
mod totp;
mod transaction;
mod trusted_devices;
mod turns;
mod unsaved_documents;
mod user_list;
mod user_organizations;
mod user_search;
mod users;
mod values;
mod waiting_acts;
mod waiting_migrations;
mod webhook_deliveries;
mod webhook_feed;
mod webhooks;

pub use account_recoveries::{AccountRecoveryRow, MAX_RECOVERY_TRIES, NewAccountRecovery, RecoveryHistory};
pub use administration::{Living, UserItemRow};
pub use anomalies::{AnomalyCounts, NewAnomaly};
pub use audit::{AuditEvent, AuditRow};
pub use audit_chain::{AnchorRow, ChainRow, SealedLine};
pub use audit_erasure::{ErasedLine, PersonalLine};
pub use audit_retention::{AuditDayRow, CheckpointRow};
pub use audit_search::{AuditLead, AuditRest, AuditSpan};
pub use avatars::NewAvatar;
pub use backups::{BackupMark, BackupMoments};
pub use database_settings::{DatabaseSettings, ReplicaSettings};
pub use dev_inbox::DevMail;
pub use document_list::DocumentFilter;
pub use documents::{DocumentEdit, DocumentRow, NewDocumentRow, StoredDocument};
pub use email_changes::{EmailChangeRow, NewEmailChange};
pub use examination::{AccountRights, PlatformStaff};
pub use factor_policy::OrganizationFactorRow;
pub use families::{AnySessionRow, FamilyRow, StepRow};
pub use faults::{is_busy, is_deadlock, is_unavailable};
pub use federation_codes::{FederationCodeRow, NewFederationCode, UsedFederationCode};
pub use federation_flows::{FederationFlowRow, NewFederationFlow};
pub use health::WaitingJobs;
pub use invitation_answers::{AcceptedInvitation, InvitationCounts, InvitationTry};
pub use invitations::{InvitationRow, InvitationTerms, NewInvitation, RoleGrant};
pub use jobs::{ClaimedJob, NewJob, Priority};
pub use mail_queue::QueuedJob;
pub use master_keys::MasterKeyRow;
pub use members::{MemberRow, OwnerRow};
pub use memberships::{MembershipRow, NewMembership};
pub use migration_turn::MigrationTurn;
pub use moving::{MOVED_TABLES, Move, Moved, MovedTable};
pub(crate) use news::Topic;
pub use notice_links::{NewNoticeLink, NoticeLinkRow};
pub use organization_administration::{OrganizationItemRow, OrganizationMemberRow};
pub use organization_domains::{DomainJoin, DomainRow};
pub use organization_logos::NewLogo;
pub use organization_roles::{NewOrganizationRole, OrganizationRoleRow};
pub use organizations::{NewOrganization, OrganizationRow, OwnOrganizationRow};
pub use passkey_ceremonies::{NewPasskeyCeremony, PasskeyCeremony};
pub use passkeys::{NewPasskey, PasskeyRow, WaitingPasskey};
pub use password_resets::{NewPasswordReset, ResetTry, UsedReset, WaitingReset};
pub use pending_connections::{NewPendingConnection, PendingConnectionRow};
pub use pending_sign_ins::{NewPendingSignIn, PendingRow};
pub use personal_tokens::{LiveToken, NewPersonalToken, TokenCounts};
pub use phone_numbers::PhoneNumberRow;
pub use policies::{ActivePolicies, NewPolicyVersion, PolicyDraftRow, PolicyState, PolicyVersionRow};
pub use policy_cases::PolicyCaseRow;
pub use pool_meter::{PoolMeter, PoolUse};
pub use provider_accounts::ConnectionRow;
pub use provider_tokens::{DueTokens, KeptAccess, SealedTokens};
pub use refresh_tokens::{Elsewhere, Presented};
pub(crate) use replica::Nearness;
pub use revocations::TokenVersion;
pub use sealed_values::{SEALED_COLUMNS, SealedColumn, SealedValue};
pub use seeding::{Batch, SeedWords};
pub use sent_codes::{NewSentCode, SentCodeRow};
pub use session_list::ListedSession;
pub use session_proofs::MAX_PASSWORD_TRIES;
pub use sessions::{ImpersonationRow, NewSession, SessionRow, WorkingIn};
pub use sign_ins::{Acquaintance, Entry, NewFamily};
pub use sign_ups::{CodeTry, LiveLink, MAX_WRONG_CODES, NewSignUp, Renewal, SignUpRow, Verified};
pub use signing_keys::{KeyRow, NewKey};
pub use snapshot::{PostgresSnapshot, SnapshotState};
pub use suspensions::{FOR_NOW, NewSuspension, SuspensionRow};
pub use table_counts::{TABLES, Table};
pub use totp::{NewTotpEnrolment, TotpEnrolmentRow};
pub use trusted_devices::{NewTrustedDevice, TrustedDeviceRow};
pub use unsaved_documents::UnsavedDocument;
pub use user_list::Listing;
pub use user_organizations::UserOrganizationRow;
pub use user_search::UnsearchedRow;
pub use users::{NewUser, UserRow};
pub use waiting_migrations::MigrationState;
pub use webhook_deliveries::{AttemptOutcome, ClaimedDelivery};
pub use webhook_feed::{FeedLine, Listener, NewDelivery};
pub use webhooks::{NewWebhook, WebhookRow};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// What the store can fail with: always a fault on our side.
pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// The database.
#[derive(Clone)]
pub struct Store {
    read: Connections,
    write: Connections,
    rotations: refresh_token_rotation::Rotations,
    /// None on PostgreSQL.
    entrances: Option<entrances::Entrances>,
    told: Arc<Told>,
    news: Arc<News>,
    /// A copy that lists may be read from.
    replica: Option<Arc<Replica>>,
}

/// A statement whose arguments are being bound.
type Statement<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

/// Changes that happen together or not at all. Dropping it undoes them.
pub struct Transaction(OpenTransaction, AfterCommit);

/// Once a process, before the first connection.
fn install_drivers() {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
}

impl Store {
    /// Connects to `sqlite://…` or `postgres://…` and brings the tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        Self::open(&DatabaseSettings::at(url)).await
    }

    /// Connects, and brings the tables up to date where the settings say so.
    ///
    /// # Errors
    /// When the database cannot be reached, a migration fails, the tables are not as they must be, or a restore or a move
    /// was not finished.
    pub async fn open(settings: &DatabaseSettings) -> anyhow::Result<Self> {
        Self::refuse_half_restored(settings).await?;
        Self::open_half_restored(settings).await
    }

    /// The same while a backup is being restored: old sessions and codes may still live in it.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_half_restored(settings: &DatabaseSettings) -> anyhow::Result<Self> {
        Self::open_as(settings, false).await
    }

    /// The same; the target of a move is marked as unfinished while its tables are made.
    async fn open_as(settings: &DatabaseSettings, is_target: bool) -> anyhow::Result<Self> {
        install_drivers();
        let options = settings.options()?;
        let (read, write) = if settings.url.starts_with("sqlite:") {
            // SQLite has one writer. Queueing for its connection is fair and cheap; queueing for
            // its file lock means sleeping and trying again.
            let write = Connections::kept(options.clone(), 1).await?;
            (Connections::kept(options, 4).await?, write)
        } else {
            let password = settings.password(&options)?;
            let pool = Connections::pool(options, password, 16).await?;
            (pool.clone(), pool)
        };
        if !is_target {
            moving::refuse_unfinished(&mut *write.get().await?).await?;
        }
        write.check(&MIGRATIONS, settings.migrates).await?;
        if settings.migrates {
            migrating::migrate(&write.options(), &MIGRATIONS).await?;
            // Whoever was waited for may have been a newer version, and have taken away what this one works on.
            write.check(&MIGRATIONS, false).await?;
        }
        let replica = settings.replica.as_ref().map(|replica| Replica::of(&write, replica, settings)).transpose()?;
        let rotations = refresh_token_rotation::start(write.clone());
        let entrances = matches!(write, Connections::Kept(_)).then(|| entrances::start(write.clone()));
        let news = Arc::new(News::new(settings.looks_every));
        Ok(Self { rotations, entrances, read, write, told: Arc::default(), news, replica: replica.map(Arc::new) })
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&self) -> Result<Transaction> {
        Ok(Transaction(OpenTransaction::begin(&self.write).await?, AfterCommit::new(&self.told)))
    }

    /// How many transactions of this node were committed. While the number stays the same, this node
    /// changed nothing that is read again; rotations of refresh tokens, jobs and housekeeping go other
    /// ways.
    pub(crate) fn commits(&self) -> u64 {
        self.told.commits()
    }

    /// The access tokens that are over, as far as this node knows.
    pub(crate) fn revocations(&self) -> &Arc<Revocations> {
        &self.told.revocations
    }

    /// Asks the database for one row, to see that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT CAST(1 AS BIGINT) AS one")
            .fetch_one(&mut *self.read.get().await?)
            .await?
            .try_get::<i64, _>("one")?;
        Ok(())
    }

    /// Milliseconds for which the database was gone, when that was over a moment ago.
    pub(crate) fn lately_gone(&self) -> i64 {
        i64::try_from(self.write.lately_gone().as_millis()).unwrap_or(i64::MAX)
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        if let Some(replica) = &self.replica {
            replica.close().await;
        }
        self.read.close().await;
        self.write.close().await;
    }
}

impl Transaction {
    /// Makes everything done in this transaction last.
    ///
    /// # Errors
    /// When the database refuses; then nothing happened.
    pub async fn commit(self) -> Result<()> {
        let Self(mut open, after) = self;
        let done = match after.notify(&mut open).await {
            Ok(()) => open.commit().await,
            Err(error) => Err(error),
        };
        after.tell(done.is_ok());
        done
    }

    /// Undoes everything now, where another transaction is to follow.
    ///
    /// # Errors
    /// When the database cannot be reached; then nothing happened either.
    pub async fn rollback(self) -> Result<()> {
        self.0.rollback().await
    }
}
