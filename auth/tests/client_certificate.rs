//! The story of a PostgreSQL that asks for a client certificate instead of a password, as `docs/database.md` says (ASVS 5.0,
//! 13.2.1).

use crate::support::World;
use crate::support::database::{Database, postgres};
use crate::support::database_roles::role_with_certificate;
use crate::support::skipped::{NO_POSTGRES, skipped};
use auth::store::{DatabaseSettings, Store};
use sqlx::{AnyConnection, Connection, Row};
use url::Url;

const ALICE: &str = "alice@example.com";
/// The account that the certificate names.
const CERTIFIED: &str = "keywright_certified";
const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates");
const FILES: [(&str, &str); 3] =
    [("sslrootcert", "authority.pem"), ("sslcert", "client.pem"), ("sslkey", "client.key.pem")];

/// Where the server of a database listens; none when it knows no authority of clients.
async fn port_for_certificates(url: &str) -> Option<String> {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let statement = "SELECT setting FROM pg_settings WHERE name = 'port' \
                     AND EXISTS (SELECT name FROM pg_settings WHERE name = 'ssl_ca_file' AND setting <> '')";
    let row = sqlx::query(statement).fetch_optional(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.map(|row| row.try_get("setting").unwrap())
}

/// How somebody comes to a database over the network with these files.
fn over_tls(database: &Database, port: &str, who: &str, files: &[(&str, &str)]) -> DatabaseSettings {
    let name = Url::parse(&database.url).unwrap().path().to_owned();
    let mut url = Url::parse(&format!("postgres://{who}@127.0.0.1:{port}{name}?sslmode=verify-full")).unwrap();
    url.query_pairs_mut().extend_pairs(files.iter().map(|(key, file)| (*key, format!("{CERTIFICATES}/{file}"))));
    DatabaseSettings { migrates: false, ..DatabaseSettings::at(url.as_str()) }
}

/// Why the program does not get in.
async fn refused(settings: &DatabaseSettings) -> String {
    format!("{:#}", Store::open(settings).await.err().expect("it is refused"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_program_comes_with_a_certificate_and_without_one_nobody_does() {
    let Some(database) = postgres().await else { return skipped(NO_POSTGRES) };
    let Some(port) = port_for_certificates(&database.url).await else {
        return skipped("this PostgreSQL asks nobody for a certificate; the one that bin/test starts does");
    };
    let _role = role_with_certificate(&database, CERTIFIED).await;
    let coming = |who: &str, files: &[(&str, &str)]| over_tls(&database, &port, who, files);

    let without = refused(&coming(CERTIFIED, &FILES[..1])).await;
    assert!(without.contains("requires a valid client certificate"), "{without}");
    let as_another = refused(&coming("postgres", &FILES)).await;
    assert!(as_another.contains("certificate authentication failed"), "{as_another}");
    let of_strangers = refused(&coming(CERTIFIED, &FILES[1..])).await;
    assert!(of_strangers.contains("UnknownIssuer"), "a server that nobody vouches for is none: {of_strangers}");

    let settings = coming(CERTIFIED, &FILES);
    let world = World::coming_by(database, &settings).await;
    world.create_account(ALICE).await;
    world.sign_in(ALICE).await;
    drop(world);
}
