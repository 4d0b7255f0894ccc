//! Who is calling: the person and session behind a request.

use secrecy::{ExposeSecret, SecretString};

use crate::avatar;
use crate::id::{SessionId, UserId};
use crate::store::SessionRow;
use crate::view::{Me, SessionView};
use crate::{Auth, ErrorCode, Result};

/// A request that was proved to come from a live session.
#[derive(Clone)]
pub struct Caller {
    /// Whose session it is.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
}

impl Auth {
    /// The caller behind a bearer token. Reads no database.
    ///
    /// # Errors
    /// [`ErrorCode::TokenExpired`] or [`ErrorCode::SignedOut`].
    pub fn caller_of_access_token(&self, token: &SecretString) -> Result<Caller> {
        let claims = self.access_tokens.verify(token.expose_secret(), self.now())?;
        let caller = Caller { user_id: UserId(claims.sub), session_id: SessionId(claims.sid) };
        if self.revocations.contains(&caller.session_id) {
            return Err(ErrorCode::SignedOut.into());
        }
        Ok(caller)
    }

    /// What the caller may see of their account and session.
    ///
    /// # Errors
    /// [`ErrorCode::SignedOut`] when the session ended meanwhile.
    pub async fn me(&self, caller: &Caller) -> Result<Me> {
        let session = self.session_of(caller).await?;
        let avatar = self.store.avatar_id(&session.user_id).await?;
        Ok(me(session, avatar.as_deref()))
    }

    /// The caller's session as the database knows it: one that another node ended a moment ago is
    /// over here as well.
    ///
    /// # Errors
    /// [`ErrorCode::SignedOut`] when it ended meanwhile.
    pub(crate) async fn session_of(&self, caller: &Caller) -> Result<SessionRow> {
        let now = self.now();
        let idle_since = now.minus_seconds(self.lifetimes.session_idle);
        let session = self.store.live_session(&caller.session_id, now, idle_since).await?;
        session.ok_or_else(|| ErrorCode::SignedOut.into())
    }

    /// The public keys that verify access tokens, as a JWK set.
    pub fn jwks(&self) -> serde_json::Value {
        self.access_tokens.jwks()
    }
}

fn me(session: SessionRow, avatar: Option<&str>) -> Me {
    Me {
        id: session.user_id,
        email: session.email,
        name: session.name,
        role: session.role,
        locale: session.locale,
        time_zone: session.time_zone,
        avatar: avatar.map(|id| format!("{}{id}", avatar::PATH)),
        created_at: session.user_created_at,
        has_password: session.has_password,
        delete_at: session.delete_at,
        session: SessionView {
            id: session.id,
            signed_in_at: session.created_at,
            expires_at: session.expires_at,
            device: session.device,
        },
    }
}
