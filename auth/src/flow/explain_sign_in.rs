//! "What just happened?": the sign-in that made the caller's session, for the caller.
//!
//! In development for everybody, elsewhere for administrators who switched it on. It is found by the
//! session at hand, so nobody can ask for somebody else's.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::explain::Exchange;
use crate::session::Caller;
use crate::token_text::Unsigned;
use crate::{Auth, ErrorCode, Result, Role};

/// What there is to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Explanation {
    /// The switch alone: an administrator who has not turned it.
    SwitchedOff,
    /// The sign-in.
    On(Box<SignInExplained>),
}

/// A sign-in, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInExplained {
    /// The exchange; none when it was too long ago, or another node answered it.
    pub exchange: Option<Exchange>,
    /// What an access token of the session says: the one of the sign-in, or one made for this and thrown
    /// away.
    pub token: Unsigned,
    /// Whether the caller may switch it off.
    pub has_switch: bool,
}

/// Explains the sign-in of the caller's session.
///
/// # Errors
/// [`ErrorCode::NotFound`] for who may not see it, [`ErrorCode::SignedOut`].
pub async fn explain_sign_in(auth: &Auth, caller: &Caller) -> Result<Explanation> {
    let session = auth.session_of(caller).await?;
    let is_for_everybody = auth.explains_to_everybody();
    if !is_for_everybody {
        if session.role != Role::PlatformAdmin {
            return Err(ErrorCode::NotFound.into());
        }
        if !auth.store.explains_sign_in(&caller.user_id).await? {
            return Ok(Explanation::SwitchedOff);
        }
    }
    let exchange = auth.exchanges.of(&caller.session_id, auth.now());
    let token = match exchange.as_ref().and_then(Exchange::token) {
        Some(token) => token.clone(),
        None => Unsigned::of(&auth.grant_access(&session)?.access_token).context("an access token has three parts")?,
    };
    Ok(Explanation::On(Box::new(SignInExplained { exchange, token, has_switch: !is_for_everybody })))
}
