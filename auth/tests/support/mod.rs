//! A small world for stories: one engine on a fresh database, a clock that stands still, and
//! people who do things.

#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses a part of the world")]

use auth::clock::{Clock, FakeClock};
use auth::crypto::MasterKey;
use auth::factor::FactorPolicy;
use auth::flow::{self, LinkProof, Proof, SignIn, SignUpTicket, SignedIn};
use auth::form::{SignInForm, SignUpForm};
use auth::job::Worker;
use auth::limit::LimitSettings;
use auth::mail::Transport;
use auth::outward::AllowedHosts;
use auth::password::hash::HashCost;
use auth::password::range_service::RangeUrl;
use auth::random::SystemRandom;
use auth::session::Caller;
use auth::settings::{CodeSettings, KeySettings, Lifetimes, Settings};
use auth::sms::SmsSettings;
use auth::store::{DevMail, Store};
use auth::webhook::WebhookSettings;
use auth::{Auth, Context, Email, ErrorCode, Locale, Result, Role, Timestamp, VerificationCode};
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection};
use std::sync::Arc;

pub mod account_recovery;
pub mod administration;
pub mod anomalies;
pub mod audit;
pub mod authenticator;
pub mod backups;
#[path = "../../../bench/src/chaos/postgres.rs"]
pub mod cluster;
pub mod connections;
pub mod database;
pub mod database_roles;
pub mod dns;
pub mod documents;
pub mod federation;
pub mod invitations;
pub mod keys;
pub mod limits;
pub mod master_keys;
pub mod mmdb;
pub mod nodes;
pub mod organizations;
pub mod organizations_by_hand;
pub mod passkeys;
pub mod password_reset;
pub mod personal_tokens;
pub mod policies;
pub mod policy_rows;
pub mod provider;
pub mod range_service;
pub mod second_factor;
pub mod sent_codes;
pub mod skipped;
pub mod sms_service;
pub mod smtp_server;
pub mod standby;
pub mod step_up;
pub mod tokens;
pub mod totp;
pub mod typed_factor;
pub mod upgrades;
pub mod webhooks;

pub const START: Timestamp = Timestamp(1_800_000_000_000);
pub const PASSWORD: &str = "correct horse battery staple";
/// What hashes cost in stories.
pub const CHEAP: HashCost = HashCost { memory: 32, passes: 1, lanes: 1 };

/// Runs a story on SQLite and again on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($world:ident: World) $body:block)+) => {$(
        mod $name {
            use super::*;
            async fn story($world: World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                story(World::on($crate::support::database::sqlite()).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                match $crate::support::database::postgres().await {
                    Some(database) => story(World::on(database).await).await,
                    None => $crate::support::skipped::skipped($crate::support::skipped::NO_POSTGRES),
                }
            }
        }
    )+};
}

pub struct World {
    pub auth: Auth,
    pub clock: Arc<FakeClock>,
    pub database: database::Database,
}

impl World {
    pub async fn on(database: database::Database) -> Self {
        let clock = Arc::new(FakeClock::at(START));
        let auth = node(&database, Arc::clone(&clock), CHEAP).await;
        Self { auth, clock, database }
    }

    /// Another node on the same database.
    pub async fn another_node(&self) -> Auth {
        self.another_node_of_cost(CHEAP).await
    }

    /// Another node on the same database, after a change of the cost of hashes.
    pub async fn another_node_of_cost(&self, cost: HashCost) -> Auth {
        node(&self.database, Arc::clone(&self.clock), cost).await
    }

    /// Another node on the same database, with other settings and perhaps a clock of its own.
    pub async fn another_node_with<C: Clock + 'static>(
        &self,
        clock: &Arc<C>,
        change: impl FnOnce(&mut Settings),
    ) -> anyhow::Result<Auth> {
        let mut settings = settings(CHEAP, None);
        change(&mut settings);
        let store = Store::connect(&self.database.url).await?;
        Auth::open(settings, store, Arc::clone(clock) as Arc<dyn Clock>, Arc::new(SystemRandom)).await
    }

    /// The world of a backup that was restored, at the same time.
    pub async fn restored_from(&self, database: database::Database) -> Self {
        let auth = node(&database, Arc::clone(&self.clock), CHEAP).await;
        Self { auth, clock: Arc::clone(&self.clock), database }
    }

    /// The same world; its node asks a range service about new passwords.
    pub async fn asking(self, url: &str) -> Self {
        let auth = node_with(&self.database, Arc::clone(&self.clock), CHEAP, Some(RangeUrl::parse(url).unwrap())).await;
        Self { auth, ..self }
    }

    /// Does what the outbox promised and gives the inbox, newest first.
    pub async fn inbox(&self) -> Vec<DevMail> {
        let transport = Transport::DevInbox(self.auth.store().clone());
        let worker = Worker::new(self.auth.clone(), transport);
        while worker.deliver_due().await.unwrap() > 0 {}
        self.auth.store().dev_mails(None, 1000).await.unwrap()
    }

    pub async fn inbox_of(&self, email: &str) -> Vec<DevMail> {
        self.inbox().await.into_iter().filter(|mail| mail.to == email).collect()
    }

    /// The code of the newest mail.
    pub async fn mailed_code(&self, email: &str) -> VerificationCode {
        let mail = self.inbox_of(email).await.into_iter().find(|mail| mail.code.is_some()).unwrap();
        code(mail.code.as_deref().unwrap())
    }

    /// The token of the newest link.
    pub async fn mailed_token(&self, email: &str) -> SecretString {
        let mails = self.inbox_of(email).await;
        let link = mails.iter().filter_map(|mail| mail.link.as_deref()).find_map(|link| link.split_once("token="));
        link.unwrap().1.into()
    }

    pub async fn sign_up(&self, email: &str) -> Result<SignUpTicket> {
        self.sign_up_with(email, PASSWORD).await
    }

    pub async fn sign_up_with(&self, email: &str, password: &str) -> Result<SignUpTicket> {
        let form = SignUpForm { email: email.into(), password: password.into(), name: "Sam Doe".into() };
        flow::sign_up(&self.auth, form.parse()?, &context()).await
    }

    /// Signs up and proves the address.
    pub async fn create_account(&self, email: &str) {
        self.sign_up(email).await.unwrap();
        // Another mail with a link may wait there, such as an invitation.
        let mails = self.inbox_of(email).await.into_iter().filter(|mail| mail.kind == "verify_email");
        let token = mails.filter_map(|mail| Some(mail.link?.split_once("token=")?.1.to_owned())).next();
        let proof = link(token.expect("a mail that proves the address").into());
        flow::verify_email(&self.auth, proof, &context()).await.unwrap();
    }

    /// Signs up, proves the address, is made an administrator and signs in.
    pub async fn administrator(&self, address: &str) -> Caller {
        self.create_account(address).await;
        flow::set_role(&self.auth, &email(address), Role::PlatformAdmin, &context()).await.unwrap();
        self.caller(&self.sign_in(address).await)
    }

    /// The rule that administrators must have a second factor meets everybody now: the days of grace begin anew.
    pub async fn grant_grace(&self) {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let statement = sqlx::query("UPDATE users SET factor_required_from = $1 WHERE factor_required_from > 0");
        statement.bind(self.auth.now().0).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    pub async fn try_sign_in(&self, email: &str, password: &str) -> Result<SignIn> {
        self.try_sign_in_on(email, password, &context()).await
    }

    pub async fn try_sign_in_on(&self, email: &str, password: &str, context: &Context) -> Result<SignIn> {
        let form = SignInForm { email: email.into(), password: password.into() };
        flow::sign_in(&self.auth, form.parse()?, None, context).await
    }

    pub async fn sign_in(&self, email: &str) -> SignedIn {
        self.sign_in_on(email, &context().device).await
    }

    pub async fn sign_in_on(&self, email: &str, device: &str) -> SignedIn {
        match self.try_sign_in_on(email, PASSWORD, &context_on(device)).await.unwrap() {
            SignIn::SignedIn(signed_in) => signed_in,
            SignIn::NeedsSecondFactor(_) | SignIn::NeedsVerification(_) => panic!("{email} is not verified"),
        }
    }

    /// Who calls with the access token of a session.
    pub fn caller(&self, session: &SignedIn) -> Caller {
        self.auth.caller_of_access_token(&access_token(session)).unwrap()
    }
}

async fn node(database: &database::Database, clock: Arc<FakeClock>, hash_cost: HashCost) -> Auth {
    node_with(database, clock, hash_cost, None).await
}

async fn node_with(
    database: &database::Database,
    clock: Arc<FakeClock>,
    hash_cost: HashCost,
    breached_passwords: Option<RangeUrl>,
) -> Auth {
    let store = Store::connect(&database.url).await.unwrap();
    Auth::open(settings(hash_cost, breached_passwords), store, clock, Arc::new(SystemRandom)).await.unwrap()
}

fn settings(hash_cost: HashCost, breached_passwords: Option<RangeUrl>) -> Settings {
    Settings {
        public_url: "https://id.example.com".into(),
        master_keys: MasterKey::from_bytes(*b"0123456789abcdefghijklmnopqrstuv").into(),
        hash_cost,
        hash_threads: 2,
        hash_queue: 512,
        breached_passwords,
        lifetimes: Lifetimes::default(),
        keys: KeySettings::default(),
        codes: CodeSettings { email: true, sms: Some(SmsSettings::DevInbox), ..CodeSettings::default() },
        factor_policy: FactorPolicy::default(),
        federation: auth::federation::FederationSettings::default(),
        domains: None,
        webhooks: WebhookSettings { hosts: AllowedHosts::parse("*").unwrap(), ..WebhookSettings::default() },
        audit_retention_days: 400,
        // Stories of something else try as often as they like, from one address.
        limits: LimitSettings::OFF,
        anomalies: auth::anomaly::AnomalySettings::default(),
    }
}

pub fn context() -> Context {
    Context {
        address: "192.0.2.1".into(),
        device: "Firefox on Linux".into(),
        locale: Locale::En,
        request_id: "test".into(),
    }
}

/// A request of another device.
pub fn context_on(device: &str) -> Context {
    Context { device: device.into(), ..context() }
}

pub fn access_token(session: &SignedIn) -> SecretString {
    session.access.access_token.as_str().into()
}

/// A link opened on another device, with the password that was chosen.
pub fn link(token: SecretString) -> Proof {
    Proof::Link(LinkProof { token, ticket: None, password: Some(PASSWORD.into()) })
}

pub fn code(digits: &str) -> VerificationCode {
    VerificationCode::parse(digits).ok().unwrap()
}

/// A code that is not this one.
pub fn other_code(right: &VerificationCode) -> VerificationCode {
    code(if right.digits() == "000000" { "000001" } else { "000000" })
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// The code an operation was refused with.
pub fn refusal<T>(result: Result<T>) -> ErrorCode {
    match result {
        Ok(_) => panic!("it was granted"),
        Err(error) => error.refusal().code,
    }
}
