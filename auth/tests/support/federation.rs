//! People who come from a provider, and what that leaves behind.

use super::provider::FakeProvider;
use super::{World, context, email};
use auth::federation::{FederationSettings, Prompt, ProviderKind, ProviderSettings};
use auth::flow::{
    self, Entered, Federated, FederationAnswer, FederationFinished, FederationRefused, FederationStarted,
    PendingSignIn, SignUpTicket, SignedIn, StartFederation,
};
use auth::form::FederatedSignUpForm;
use auth::session::Caller;
use auth::store::UserRow;
use auth::view::{PendingConnection, PendingNeed, WayIn};
use auth::{Auth, ErrorCode, LocalPath, ProviderId, Result, VerificationCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection, Row};
use std::sync::Arc;

/// The provider that people come from.
pub const ACME: &str = "acme";
/// Another name of the same server.
pub const OTHER: &str = "other";
/// Who somebody is there.
pub const SUBJECT: &str = "sub-4711";
pub const EMAIL: &str = "alice@example.com";
/// Where people go on.
pub const NEXT: &str = "/account/security?tab=1";

/// What a provider says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    Verified,
    Unverified,
    Missing,
}

impl World {
    /// The same world; its node knows two providers, which are one server.
    pub async fn with_provider(self, provider: &FakeProvider) -> Self {
        self.with_provider_that(provider, |_| ()).await
    }

    /// The same with other settings of both.
    pub async fn with_provider_that(self, provider: &FakeProvider, change: impl Fn(&mut ProviderSettings)) -> Self {
        let providers = [ACME, OTHER].map(|name| {
            let mut settings = ProviderSettings { id: id(name), trusts_email: true, ..provider.settings() };
            change(&mut settings);
            settings
        });
        let federation =
            FederationSettings { providers: providers.into(), private_addresses: true, native_redirects: Vec::new() };
        let clock = Arc::clone(&self.clock);
        let auth = self.another_node_with(&clock, |settings| settings.federation = federation).await.unwrap();
        Self { auth, ..self }
    }

    pub async fn user(&self, address: &str) -> Option<UserRow> {
        self.auth.store().user_by_email(&email(address)).await.unwrap()
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let statement = format!("SELECT CAST(COUNT(*) AS BIGINT) AS found FROM {table}");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        row.get("found")
    }

    /// The day of an account's deletion has come; its rows are there still.
    pub async fn close_account(&self, address: &str) {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let statement = sqlx::query("UPDATE users SET delete_at = $1 WHERE email = $2");
        let done = statement.bind(self.auth.now().0).bind(address.to_owned()).execute(&mut connection).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
        connection.close().await.unwrap();
    }

    /// In the order of the alphabet: those of one moment come as they like.
    pub async fn kinds_of_mails(&self, address: &str) -> Vec<String> {
        let mut kinds: Vec<_> = self.inbox_of(address).await.into_iter().map(|mail| mail.kind).collect();
        kinds.sort();
        kinds
    }
}

pub fn id(name: &str) -> ProviderId {
    ProviderId::parse(name).unwrap()
}

/// What the provider says of somebody.
pub fn claims(world: &World, subject: &str, address: &str, told: Told) -> Value {
    let now = world.auth.now().seconds();
    let mut claims = json!({ "sub": subject, "name": "Alice Doe", "iat": now, "exp": now + 300 });
    if told != Told::Missing {
        claims["email"] = json!(address);
        claims["email_verified"] = json!(told == Told::Verified);
    }
    claims
}

pub fn way(browser: Option<&SecretString>) -> StartFederation {
    let next = LocalPath::parse(NEXT).unwrap();
    StartFederation { provider: id(ACME), next, browser: browser.cloned(), prompt: Prompt::Nothing }
}

/// Begins a way in a browser, with its cookie if it has one.
pub async fn start(auth: &Auth, browser: Option<&SecretString>) -> FederationStarted {
    flow::start_federation(auth, way(browser), &context()).await.unwrap()
}

/// The person agrees at the provider: what the browser brings back.
pub fn agree(provider: &FakeProvider, started: &FederationStarted) -> FederationAnswer {
    let (code, state) = provider.authorize(&started.url);
    let iss = match provider.settings().kind {
        ProviderKind::OpenId { issuer } => Some(issuer),
        ProviderKind::GitHub { .. } => None,
    };
    FederationAnswer {
        provider: id(ACME),
        state: Some(state.into()),
        code: Some(code.into()),
        iss,
        error: None,
        browser: Some(started.browser.clone()),
    }
}

/// The same answer once more.
pub fn copy(answer: &FederationAnswer) -> FederationAnswer {
    FederationAnswer {
        provider: answer.provider.clone(),
        state: answer.state.clone(),
        code: answer.code.clone(),
        iss: answer.iss.clone(),
        error: answer.error.clone(),
        browser: answer.browser.clone(),
    }
}

pub type Finished = std::result::Result<FederationFinished, FederationRefused>;

pub async fn finish(auth: &Auth, answer: FederationAnswer) -> Finished {
    flow::finish_federation(auth, answer, None, None, &context()).await
}

/// Somebody comes from the provider, in a browser of their own.
pub async fn come(world: &World, provider: &FakeProvider, claims: Value) -> Finished {
    provider.will_answer(claims);
    let started = start(&world.auth, None).await;
    finish(&world.auth, agree(provider, &started)).await
}

/// The code a way was refused with.
pub fn refused(finished: Finished) -> ErrorCode {
    match finished {
        Ok(_) => panic!("it was granted"),
        Err(refused) => refused.refusal.refusal().code,
    }
}

pub fn outcome(finished: Finished) -> Federated {
    match finished {
        Ok(finished) => finished.outcome,
        Err(refused) => panic!("refused: {:?}", refused.refusal.refusal().code),
    }
}

pub fn signed_in(outcome: Federated) -> SignedIn {
    match outcome {
        Federated::Entered(Entered::SignedIn(signed_in)) => signed_in,
        other => panic!("nobody is signed in, but {}", name_of(&other)),
    }
}

pub fn second_half(outcome: Federated) -> PendingSignIn {
    match outcome {
        Federated::Entered(Entered::NeedsSecondFactor(pending)) => pending,
        other => panic!("no second factor is asked for, but {}", name_of(&other)),
    }
}

pub fn needs_proof(outcome: Federated) -> SecretString {
    match outcome {
        Federated::NeedsProof(ticket) => ticket,
        other => panic!("no proof is asked for, but {}", name_of(&other)),
    }
}

pub fn needs_address(outcome: Federated) -> SecretString {
    match outcome {
        Federated::NeedsAddress(ticket) => ticket,
        other => panic!("no address is asked for, but {}", name_of(&other)),
    }
}

pub fn name_of(outcome: &Federated) -> &'static str {
    match outcome {
        Federated::Entered(Entered::SignedIn(_)) => "signed in",
        Federated::Entered(Entered::NeedsSecondFactor(_)) => "second factor",
        Federated::Connected => "connected",
        Federated::NeedsProof(_) => "needs proof",
        Federated::NeedsAddress(_) => "needs address",
        Federated::Native(_) => "native",
    }
}

/// Makes an account that comes from the provider.
pub async fn newcomer(world: &World, provider: &FakeProvider, subject: &str, address: &str) -> SignedIn {
    signed_in(outcome(come(world, provider, claims(world, subject, address, Told::Verified)).await))
}

/// Connects an account that has a password with somebody of the provider, as people do.
pub async fn connect(world: &World, provider: &FakeProvider, subject: &str, address: &str) {
    let ticket = needs_proof(outcome(come(world, provider, claims(world, subject, address, Told::Verified)).await));
    let caller = world.caller(&world.sign_in(address).await);
    flow::connect_pending(&world.auth, &caller, &ticket, &context()).await.unwrap();
}

pub async fn shown(world: &World, ticket: &SecretString, caller: Option<&Caller>) -> Option<PendingConnection> {
    flow::pending_connection(&world.auth, Some(ticket), caller).await.unwrap()
}

/// The ways that the account of a ticket has, and whether the caller is proved.
pub async fn proof(world: &World, ticket: &SecretString, caller: Option<&Caller>) -> (Vec<WayIn>, bool) {
    match shown(world, ticket, caller).await.unwrap().needs {
        PendingNeed::Proof { ways, is_proved } => (ways, is_proved),
        other => panic!("{other:?}"),
    }
}

/// Types an address for a ticket.
pub async fn type_address(world: &World, ticket: &SecretString, address: &str) -> Result<SignUpTicket> {
    let sign_up = FederatedSignUpForm { email: address.into(), name: "Alice Doe".into() }.parse().unwrap();
    flow::federated_sign_up(&world.auth, ticket, sign_up, &context()).await
}

pub async fn prove_address(world: &World, ticket: SignUpTicket, code: VerificationCode) -> Result<()> {
    flow::verify_email(&world.auth, flow::Proof::TicketCode(ticket, code), &context()).await.map(|_| ())
}
