//! What people and their programs do with personal access tokens.

use super::{PASSWORD, World, context};
use auth::flow::{self, CreatedToken, FreshProof};
use auth::form::NewToken;
use auth::session::{Caller, TokenCaller};
use auth::view::TokenItem;
use auth::{Auth, ErrorCode, Result, Scope, Scopes, TokenName};
use secrecy::SecretString;

pub const EMAIL: &str = "alice@example.com";
/// Where programs call from.
pub const ADDRESS: &str = "198.51.100.7";
pub const DAY: i64 = 24 * 60 * 60;

pub async fn signed_in(world: &World, email: &str) -> Caller {
    world.create_account(email).await;
    world.caller(&world.sign_in(email).await)
}

/// A token that is wanted.
pub fn wanted(name: &str, scopes: &[Scope], days: Option<i64>) -> NewToken {
    let scopes: Vec<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    NewToken { name: TokenName::parse(name).unwrap(), scopes: Scopes::parse(&scopes).unwrap(), days }
}

/// Makes a token that reads the profile for a week.
pub async fn make(auth: &Auth, caller: &Caller, name: &str) -> Result<CreatedToken> {
    flow::create_token(auth, caller, wanted(name, &[Scope::ProfileRead], Some(7)), &context()).await
}

/// Who calls with a token.
pub async fn call(auth: &Auth, secret: &SecretString) -> Result<TokenCaller> {
    auth.caller_of_personal_token(secret, ADDRESS).await
}

pub async fn works(auth: &Auth, secret: &SecretString) -> bool {
    match call(auth, secret).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.refusal().code, ErrorCode::InvalidToken);
            false
        }
    }
}

/// The person gives their password once more.
pub async fn prove(world: &World, caller: &Caller) {
    flow::reauthenticate(&world.auth, caller, &FreshProof::Password(PASSWORD.into()), &context()).await.unwrap();
}

/// Every token of the list, page by page, and how many were on each page.
pub async fn every_token(auth: &Auth, caller: &Caller) -> (Vec<TokenItem>, Vec<usize>) {
    let (mut items, mut sizes, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = flow::list_tokens(auth, caller, after).await.unwrap();
        sizes.push(page.items.len());
        items.extend(page.items);
        after = page.next;
        if after.is_none() {
            return (items, sizes);
        }
    }
}
