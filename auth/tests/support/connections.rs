//! People with accounts of providers.

use super::{World, email};
use auth::federation::{FederationSettings, Identity, ProviderEmail, ProviderKind, ProviderSettings};
use auth::id::{ConnectionId, UserId};
use auth::random::{Random, SystemRandom};
use auth::store::ConnectionRow;
use auth::view::ProviderIcon;
use auth::{Auth, ProviderId};
use sqlx::{AnyConnection, Connection, Row};
use std::sync::Arc;

pub const PROVIDER: &str = "example";
pub const ISSUER: &str = "https://op.example.com";

/// A provider that nobody asks anything.
pub fn settings(id: &str) -> ProviderSettings {
    ProviderSettings {
        id: ProviderId::parse(id).unwrap(),
        kind: ProviderKind::OpenId { issuer: ISSUER.to_owned() },
        name: "Example ID".to_owned(),
        icon: ProviderIcon::Openid,
        client_id: "keywright".to_owned(),
        client_secret: Some("secret of the client".into()),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        trusts_email: true,
        trusts_second_factor: false,
        keeps_tokens: false,
        fedcm_config_url: None,
    }
}

/// The same world; its node offers these providers.
pub async fn offering(world: World, providers: Vec<ProviderSettings>) -> World {
    let auth = node_offering(&world, providers).await;
    World { auth, ..world }
}

/// Another node on the same database, which offers these providers.
pub async fn node_offering(world: &World, providers: Vec<ProviderSettings>) -> Auth {
    let federation = FederationSettings { providers, private_addresses: true, ..FederationSettings::default() };
    let clock = Arc::clone(&world.clock);
    world.another_node_with(&clock, |settings| settings.federation = federation).await.unwrap()
}

/// Somebody, as the provider tells it.
pub fn identity(subject: &str) -> Identity {
    Identity {
        provider: ProviderId::parse(PROVIDER).unwrap(),
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        email: ProviderEmail::Verified(email("alice@op.example.com")),
        name: Some("Alice".to_owned()),
        proved_second_factor: false,
        proved_at: None,
        tokens: None,
    }
}

/// Connects without a word to anybody.
pub async fn link(auth: &Auth, user: &UserId, subject: &str) -> Option<ConnectionId> {
    let now = auth.now();
    let random: &dyn Random = &SystemRandom;
    let id = ConnectionId(random.id(now));
    let mut tx = auth.store().begin().await.unwrap();
    let is_new = tx.insert_connection(&id, user, &identity(subject), now).await.unwrap();
    tx.commit().await.unwrap();
    is_new.then_some(id)
}

pub async fn connections(world: &World, user: &UserId) -> Vec<ConnectionRow> {
    world.auth.store().connections_of(user).await.unwrap()
}

pub async fn subjects(world: &World, user: &UserId) -> Vec<String> {
    connections(world, user).await.into_iter().map(|row| row.subject).collect()
}

/// Runs a statement whose only argument is a text.
pub async fn run(world: &World, statement: &'static str, argument: &str) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    sqlx::query(statement).bind(argument.to_owned()).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// How many rows each table of connections has: connections, flows, pending ones, codes, tokens.
pub async fn rows(world: &World) -> [i64; 5] {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let found = sqlx::query(
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM connections) AS a, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM federation_flows) AS b, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM pending_connections) AS c, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM federation_codes) AS d, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM provider_tokens) AS e",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    ["a", "b", "c", "d", "e"].map(|column| found.get(column))
}
