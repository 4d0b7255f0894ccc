//! The door of the domain: [`Auth`], and what every flow gets and gives.

use std::sync::Arc;
use tokio::sync::{Mutex, Notify};

use crate::anomaly::AnomalySettings;
use crate::audit::{AuditLine, AuditWatch, Refusals, prove};
use crate::clock::Clock;
use crate::crypto::{AuditMac, CodeMac, LimitMac, Sealer, SecretNames, Successor};
use crate::dns::DomainResolver;
use crate::explain::Exchanges;
use crate::factor::FactorPolicy;
use crate::factor::RelyingParty;
use crate::federation::Providers;
use crate::id::{JobId, SessionId, UserId};
use crate::limit::Limits;
use crate::mail::Mail;
use crate::master_key;
use crate::meter::Meters;
use crate::password::pool::HashPool;
use crate::password::range_service::RangeService;
use crate::policy::Policies;
use crate::random::Random;
use crate::request_id::request_at_hand;
use crate::session::{Around, People, Revocations, TokenUses};
use crate::settings::{Lifetimes, Settings};
use crate::sms::{Sms, SmsSender};
use crate::store::{AuditEvent, NewJob, Priority, Store, Transaction};
use crate::token::{AccessTokens, KeyVault, Keys, VerifiedTokens};
use crate::webhook::WebhookCaller;
use crate::{Email, ErrorCode, EventKind, Locale, PhoneNumber, Refusal, Timestamp};

/// The engine. Cheap to clone; concrete, because server functions cannot be generic.
#[derive(Clone)]
pub struct Auth(Arc<Engine>);

/// What the flows work with.
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) hashes: HashPool,
    /// Held while a picture is read: there is room for one.
    pub(crate) pictures: Arc<Mutex<()>>,
    pub(crate) breached_passwords: Option<RangeService>,
    pub(crate) sealer: Sealer,
    pub(crate) codes: CodeMac,
    pub(crate) successor: Successor,
    pub(crate) audit_mac: AuditMac,
    /// Days that lines of the audit log are kept; 0: for ever.
    pub(crate) audit_retention_days: i64,
    pub(crate) audit_watch: AuditWatch,
    pub(crate) refusals: Refusals,
    pub(crate) vault: KeyVault,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) verified_tokens: VerifiedTokens,
    pub(crate) revocations: Arc<Revocations>,
    pub(crate) people: People,
    pub(crate) token_uses: TokenUses,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) limits: Limits,
    pub(crate) factor_policy: FactorPolicy,
    pub(crate) policies: Policies,
    pub(crate) public_url: String,
    /// Who asks for passkeys; none where the public URL has an address instead of a name.
    pub(crate) relying_party: Option<RelyingParty>,
    pub(crate) jobs_waiting: Notify,
    /// Whether people may switch on codes by mail.
    pub(crate) email_codes: bool,
    pub(crate) sms: Option<Arc<dyn SmsSender>>,
    pub(crate) sms_per_minute: i64,
    /// Steps before and after the present whose codes of an app are accepted.
    pub(crate) authenticator_drift: u16,
    pub(crate) exchanges: Exchanges,
    pub(crate) providers: Providers,
    /// Who looks up the records of mail domains; none: no organization may claim one.
    pub(crate) domains: Option<Arc<dyn DomainResolver>>,
    pub(crate) webhooks: WebhookCaller,
    pub(crate) anomalies: AnomalySettings,
    pub(crate) meters: Meters,
}

impl std::ops::Deref for Auth {
    type Target = Engine;
    fn deref(&self) -> &Engine {
        &self.0
    }
}

/// Who asks, from where: what a flow needs to know about the request.
#[derive(Clone, Debug)]
pub struct Context {
    /// The client's address, behind trusted proxies only.
    pub address: String,
    /// Browser and system in words, such as `Firefox on Linux`.
    pub device: String,
    /// The language of the answer and of mails.
    pub locale: Locale,
    /// The request, to find it in the logs.
    pub request_id: String,
}

/// How long whoever met a database that is gone should wait: a restart of it takes seconds.
const UNAVAILABLE_SECONDS: u32 = 5;

/// What a flow can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller did something that cannot be granted, and is told what.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Refusal),
    /// A fault on our side; the caller is told nothing about it.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// The result of a flow.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// What the caller may know.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::Internal(_) => ErrorCode::Internal.into(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) || crate::store::is_busy(&error) {
            return Self::Refused(Refusal::retry_after(ErrorCode::Busy, 2));
        }
        // Two transactions waited for each other, and PostgreSQL ended one: nothing of it happened.
        if crate::store::is_deadlock(&error) {
            tracing::info!(%error, "two requests waited for each other");
            return Self::Refused(Refusal::retry_after(ErrorCode::Busy, 1));
        }
        if crate::store::is_unavailable(&error) {
            tracing::error!(%error, "the database cannot be used");
            return Self::Refused(Refusal::retry_after(ErrorCode::Unavailable, UNAVAILABLE_SECONDS));
        }
        // Every condition is judged by the statement that changes something. What still runs into a
        // unique index or a missing row met another request in this very moment.
        if error.as_database_error().is_some_and(|e| e.is_unique_violation() || e.is_foreign_key_violation()) {
            tracing::info!(%error, "two requests met");
            return Self::Refused(ErrorCode::ChangedMeanwhile.into());
        }
        Self::Internal(anyhow::Error::new(error).context("the database failed"))
    }
}

impl Auth {
    /// Opens the engine on a store: loads the signing keys or makes the first, loads the policies in force, starts the
    /// hash threads.
    ///
    /// # Errors
    /// [`master_key::MissingMasterKey`]; when the store fails, the policies in force cannot be read, or
    /// a range service or a sender of SMS is set and the system has no certificate authorities.
    pub async fn open(
        settings: Settings,
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> anyhow::Result<Self> {
        let sealer = Sealer::new(&settings.master_keys);
        let data = master_key::open(&settings.master_keys, &sealer, &store, &random, clock.now()).await?;
        let names = SecretNames::new(data.secret_names);
        let own_sealer = Sealer::new(&settings.master_keys);
        let vault = KeyVault::new(own_sealer, names, settings.keys, settings.lifetimes.access);
        let keys = Keys::open(&vault, &store, &random, clock.now()).await?;
        let policies = Policies::open(&store).await?;
        Ok(Self(Arc::new(Engine {
            hashes: HashPool::start(settings.hash_cost, settings.hash_threads, settings.hash_queue, &*random)?,
            pictures: Arc::default(),
            breached_passwords: settings.breached_passwords.map(RangeService::new).transpose()?,
            codes: CodeMac::new(data.codes),
            successor: Successor::new(data.successors),
            audit_mac: AuditMac::new(data.audit_log),
            audit_retention_days: settings.audit_retention_days,
            audit_watch: AuditWatch::default(),
            refusals: Refusals::default(),
            access_tokens: AccessTokens::new(keys, &settings.public_url),
            vault,
            verified_tokens: VerifiedTokens::default(),
            revocations: Arc::clone(store.revocations()),
            people: People::default(),
            token_uses: TokenUses::default(),
            lifetimes: settings.lifetimes,
            limits: Limits::new(settings.limits, LimitMac::new(data.limits), &store, &clock, &random),
            relying_party: RelyingParty::of(&settings.public_url)?,
            factor_policy: settings.factor_policy,
            policies,
            public_url: settings.public_url,
            jobs_waiting: Notify::new(),
            email_codes: settings.codes.email,
            sms: settings.codes.sms.map(|sms| sms.into_sender(&store)).transpose()?,
            sms_per_minute: settings.codes.sms_per_minute,
            authenticator_drift: settings.codes.authenticator_drift,
            exchanges: Exchanges::default(),
            providers: Providers::new(settings.federation)?,
            domains: settings.domains,
            webhooks: WebhookCaller::new(settings.webhooks),
            anomalies: settings.anomalies,
            meters: Meters::default(),
            sealer,
            store,
            clock,
            random,
        })))
    }
}

impl Engine {
    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The store, for health checks and the development inbox.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where people reach this program, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The host that passkeys are for; none where there can be none.
    pub fn relying_party_id(&self) -> Option<&str> {
        self.relying_party.as_ref().map(RelyingParty::id)
    }

    /// Providers to sign in with.
    pub fn providers(&self) -> &Providers {
        &self.providers
    }

    /// Whether organizations may claim mail domains.
    pub fn has_mail_domains(&self) -> bool {
        self.domains.is_some()
    }

    /// How long sessions and tokens live.
    pub fn lifetimes(&self) -> &Lifetimes {
        &self.lifetimes
    }

    /// What strangers may try, and how often.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Promises a mail as part of a transaction. Call [`Engine::wake_worker`] after the commit.
    pub(crate) async fn promise_mail(&self, tx: &mut Transaction, mail: &Mail) -> Result<()> {
        let plain = serde_json::to_vec(mail).map_err(anyhow::Error::from)?;
        self.promise(tx, "mail", mail.message.priority(), &plain, &self.mac_of_recipient(&mail.to)).await
    }

    /// Promises an SMS as part of a transaction. Call [`Engine::wake_worker`] after the commit.
    pub(crate) async fn promise_sms(&self, tx: &mut Transaction, sms: &Sms) -> Result<()> {
        let plain = serde_json::to_vec(sms).map_err(anyhow::Error::from)?;
        self.promise(tx, Sms::JOB, Priority::Ordinary, &plain, &self.mac_of_number(&sms.to)).await
    }

    async fn promise(
        &self,
        tx: &mut Transaction,
        kind: &str,
        priority: Priority,
        plain: &[u8],
        recipient_mac: &str,
    ) -> Result<()> {
        let now = self.now();
        let id = JobId(self.random.id(now));
        let payload_sealed = self.sealer.seal(&*self.random, &job_place(&id), plain);
        let request_id = request_at_hand();
        let job = NewJob {
            id: &id,
            kind,
            priority,
            payload_sealed: &payload_sealed,
            recipient_mac,
            request_id: request_id.as_deref(),
            created_at: now,
        };
        Ok(tx.insert_job(job).await?)
    }

    /// By what a waiting mail is found when its recipient leaves; nobody reads the address from it.
    pub(crate) fn mac_of_recipient(&self, to: &Email) -> String {
        self.codes.of_text(&format!("recipient:{to}"))
    }

    /// The same of a phone number, by which its SMS are counted, too.
    pub(crate) fn mac_of_number(&self, number: &PhoneNumber) -> String {
        self.codes.of_text(&format!("number:{number}"))
    }

    /// Tells the worker that there is something to do.
    pub(crate) fn wake_worker(&self) {
        self.jobs_waiting.notify_one();
    }

    /// Adds a line to the audit log as part of a transaction.
    pub(crate) async fn audit(
        &self,
        tx: &mut Transaction,
        kind: EventKind,
        subject: (Option<&UserId>, Option<&SessionId>),
        context: &Context,
    ) -> Result<()> {
        let line = AuditLine { subject: subject.0, session: subject.1, ..AuditLine::of(kind) };
        self.record(tx, line, context).await
    }

    /// Adds a line to the audit log as part of a transaction. One that is written in another's place names both, whatever
    /// the flow knows of it.
    pub(crate) async fn record(&self, tx: &mut Transaction, line: AuditLine<'_>, context: &Context) -> Result<()> {
        let here = Around::here().impersonator.filter(|who| line.actor != Some(who));
        let line = AuditLine { impersonator: line.impersonator.or(here.as_ref()), ..line };
        let subject = line.subject.or(line.actor);
        let changes = (!line.changes.is_empty()).then(|| serde_json::to_string(&line.changes)).transpose();
        let event = AuditEvent {
            actor_id: line.actor,
            impersonator_id: line.impersonator,
            organization_id: line.organization,
            target: line.target,
            outcome: line.outcome,
            changes: changes.map_err(anyhow::Error::from)?,
            ..self.bare_event(line.kind, (subject, line.session), context)
        };
        Ok(tx.insert_audit_event(self.proved(event)).await?)
    }

    /// A line for the audit log.
    pub(crate) fn audit_event<'a>(
        &self,
        kind: EventKind,
        subject: (Option<&'a UserId>, Option<&'a SessionId>),
        context: &'a Context,
    ) -> AuditEvent<'a> {
        self.proved(self.bare_event(kind, subject, context))
    }

    /// A line that is not proved yet.
    fn bare_event<'a>(
        &self,
        kind: EventKind,
        subject: (Option<&'a UserId>, Option<&'a SessionId>),
        context: &'a Context,
    ) -> AuditEvent<'a> {
        let at = self.now();
        AuditEvent {
            user_id: subject.0,
            session_id: subject.1,
            address: &context.address,
            device: &context.device,
            request_id: &context.request_id,
            ..AuditEvent::new(self.random.id(at), at, kind)
        }
    }

    /// The line with what proves it, once it says everything.
    pub(crate) fn proved<'a>(&self, event: AuditEvent<'a>) -> AuditEvent<'a> {
        let proof = prove(&self.audit_mac, &*self.random, &event.said());
        AuditEvent { proof, ..event }
    }
}

/// The place a job's payload is sealed for.
pub(crate) fn job_place(id: &JobId) -> String {
    format!("jobs.payload_sealed.{}", id.as_str())
}
