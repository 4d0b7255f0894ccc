//! Making a personal access token, by which a program acts for the person within the scopes it is given.

use secrecy::SecretString;

use super::reauthenticate::require_fresh_proof;
use super::secure_account::new_notice_link;
use crate::form::NewToken;
use crate::id::TokenId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::NewPersonalToken;
use crate::token::PersonalToken;
use crate::view::TokenItem;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Tokens of an account that work at the same time.
const MOST_LIVE: i64 = 50;
/// Tokens an account makes in a day, revoked or not: each is told by mail.
const MOST_A_DAY: i64 = 200;
const DAY: i64 = 24 * 60 * 60;

/// A token that was made just now.
pub struct CreatedToken {
    /// The token itself. Nobody sees it again: the store keeps a digest.
    pub secret: SecretString,
    /// As its owner's list shows it from now on.
    pub item: TokenItem,
}

/// Makes a token, and tells the person by mail. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::TooManyTokens`] when 50
/// of the account work, or 200 were made in a day.
pub async fn create_token(auth: &Auth, caller: &Caller, wanted: NewToken, context: &Context) -> Result<CreatedToken> {
    require_fresh_proof(auth, caller).await?;
    let now = auth.now();
    let token = PersonalToken::make(&*auth.random);
    let item = TokenItem {
        id: TokenId(auth.random.id(now)),
        name: wanted.name,
        scopes: wanted.scopes,
        created_at: now,
        expires_at: wanted.days.map(|days| now.plus_seconds(days * DAY)),
        last_used_at: None,
        last_used_address: None,
    };

    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    // Asked again now that the account is held: a session that "this was not me" ended in this very
    // moment leaves no token behind.
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    let counts = tx.count_tokens(&user.id, now, now.minus_seconds(DAY)).await?;
    if counts.live >= MOST_LIVE || counts.made >= MOST_A_DAY {
        return Err(ErrorCode::TooManyTokens.into());
    }
    tx.insert_token(NewPersonalToken { item: &item, user_id: &user.id, digest: &token.digest() }).await?;
    let message = Message::TokenCreated {
        name: user.name,
        token: item.name.clone(),
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, &mut tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let subject = (Some(&user.id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::TokenCreated, subject, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(CreatedToken { secret: token.into_secret(), item })
}
