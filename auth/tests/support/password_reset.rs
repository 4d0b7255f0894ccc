//! What people do who forgot their password.

use super::{World, context, email};
use auth::VerificationCode;
use auth::flow::{self, ResetProof, ResetTicket};
use auth::store::DevMail;
use auth::view::ResetStatus;
use secrecy::SecretString;

pub const NEW: &str = "trombone lamp yes please";

/// Asks for a new password, a second after what came before.
pub async fn ask(world: &World, address: &str) -> ResetTicket {
    world.clock.advance_seconds(1);
    flow::forgot_password(&world.auth, &email(address), &context()).await.unwrap()
}

/// Token and code of the newest mail.
pub async fn mailed(world: &World, address: &str) -> (SecretString, VerificationCode) {
    (world.mailed_token(address).await, world.mailed_code(address).await)
}

pub async fn mails_of_kind(world: &World, address: &str, kind: &str) -> Vec<DevMail> {
    world.inbox_of(address).await.into_iter().filter(|mail| mail.kind == kind).collect()
}

pub async fn reset_to(world: &World, proof: ResetProof, password: &str) -> auth::Result<()> {
    flow::reset_password(&world.auth, proof, &SecretString::from(password), &context()).await
}

pub async fn reset(world: &World, proof: ResetProof) -> auth::Result<()> {
    reset_to(world, proof, NEW).await
}

pub async fn status(world: &World, ticket: &ResetTicket) -> ResetStatus {
    flow::reset_ticket_status(&world.auth, ticket).await.unwrap()
}

pub fn waiting(address: &str, tries_left: u32) -> ResetStatus {
    ResetStatus::Waiting { email: email(address), tries_left }
}

pub async fn is_live(world: &World, token: &SecretString) -> bool {
    flow::reset_is_live(&world.auth, token).await.unwrap().is_some()
}
