//! What is needed to look unusual: a world with places, and people who move about in it.

use super::mmdb::{Spot, database};
use super::{PASSWORD, World, context};
use auth::Context;
use auth::anomaly::{AnomalySettings, GeoDatabase};
use auth::flow::{self, SignIn, SignedIn};
use auth::form::SignInForm;
use auth::paging::Place;
use auth::view::AnomalyItem;
use secrecy::SecretString;
use std::sync::Arc;

pub const EMAIL: &str = "alice@example.com";
pub const BOB: &str = "bob@example.com";
pub const LINUX: &str = "Firefox on Linux";
/// Where everybody is who says nothing else.
pub const PARIS: &str = "192.0.2.1";
pub const TOKYO: &str = "203.0.113.9";

fn spot(network: [u8; 4], country: &'static str, city: &'static str, (latitude, longitude): (f64, f64)) -> Spot {
    Spot { network, prefix: 24, country, city, latitude, longitude }
}

/// Settings with a file of places: two networks in Paris, one in Tokyo.
pub fn settings() -> AnomalySettings {
    let places = database(&[
        spot([192, 0, 2, 0], "FR", "Paris", (48.8566, 2.3522)),
        spot([198, 51, 100, 0], "FR", "Paris", (48.8566, 2.3522)),
        spot([203, 0, 113, 0], "JP", "Tokyo", (35.6762, 139.6503)),
    ]);
    let places = GeoDatabase::from_bytes(places).unwrap();
    AnomalySettings { places: Some(Arc::new(places)), ..AnomalySettings::default() }
}

/// The same world; its node knows where addresses are.
pub async fn worldwide(world: World) -> World {
    let auth = world.another_node_with(&world.clock, |all| all.anomalies = settings()).await.unwrap();
    World { auth, ..world }
}

/// A request from somewhere with some device.
pub fn at(address: &str, device: &str) -> Context {
    Context { address: address.to_owned(), device: device.to_owned(), ..context() }
}

/// Signs in with the right password.
pub async fn sign_in(world: &World, email: &str, trusted: Option<&SecretString>, context: &Context) -> SignIn {
    let form = SignInForm { email: email.into(), password: PASSWORD.into() };
    flow::sign_in(&world.auth, form.parse().ok().unwrap(), trusted, context).await.unwrap()
}

/// Whether a right password is enough.
pub async fn is_let_in(world: &World, email: &str, context: &Context) -> bool {
    match sign_in(world, email, None, context).await {
        SignIn::SignedIn(_) => true,
        SignIn::NeedsSecondFactor(_) => false,
        SignIn::NeedsVerification(_) => panic!("{email} is not verified"),
    }
}

/// The session of somebody who is let in.
pub async fn enter(world: &World, email: &str, context: &Context) -> SignedIn {
    match sign_in(world, email, None, context).await {
        SignIn::SignedIn(signed_in) => signed_in,
        _ => panic!("{email} was asked for more"),
    }
}

/// Everything that was noted, newest first.
pub async fn listed(world: &World) -> Vec<AnomalyItem> {
    world.auth.store().anomalies(None, &Place::of(None).unwrap()).await.unwrap()
}
