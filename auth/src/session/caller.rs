//! Who is calling: the person and session behind a request.

use secrecy::{ExposeSecret, SecretString};

use crate::avatar;
use crate::flow::{organization_view, running_recovery};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::paging::Place;
use crate::session::Actor;
use crate::store::{SessionRow, UserRow};
use crate::token::Verified;
use crate::view::{Me, OrganizationView, SessionView};
use crate::{Auth, ErrorCode, Result, Timestamp};

/// Seconds beyond the life of an access token at which one is too old, whatever it says of its end: another
/// node may give longer ones, and what is over is remembered no longer than ours can live.
const LEEWAY: i64 = 60;

/// A request that was proved to come from a live session.
#[derive(Clone)]
pub struct Caller {
    /// Whose session it is.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// Whether its account owes a second factor, as far as the credential knows: an access token is as old as it is,
    /// so [`crate::flow::owes_factor`] is asked before somebody is refused.
    pub is_limited: bool,
    /// Who acts in the place of the person; none: they do themselves.
    pub impersonation: Option<Impersonation>,
}

/// An administrator who acts in the place of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonation {
    /// The administrator.
    pub impersonator: UserId,
    /// Whether what belongs to organizations may be changed; otherwise nothing is.
    pub writes: bool,
}

impl Impersonation {
    /// That of a session as the database knows it.
    pub(crate) fn of(session: &SessionRow) -> Option<Self> {
        let by = session.impersonation.as_ref()?;
        Some(Self { impersonator: by.impersonator.clone(), writes: by.writes })
    }
}

impl Auth {
    /// The caller behind a bearer token. Reads no database, and verifies a token that it saw a moment ago
    /// from memory; what was revoked is asked each time.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidToken`], whatever is wrong with it.
    pub fn caller_of_access_token(&self, token: &SecretString) -> Result<Caller> {
        let (token, now) = (token.expose_secret(), self.now());
        let generation = self.access_tokens.keys().current().generation();
        let verify = || self.access_tokens.verify(token, now).map(Verified::from);
        let says = self.verified_tokens.read(token, generation, now, verify)?;
        let Verified { caller, version, issued_at, own_session, .. } = &*says;
        if is_too_old(*issued_at, now, self.lifetimes.access)
            || self.revocations.contains(&caller.session_id)
            || own_session.as_ref().is_some_and(|own| self.revocations.contains(own))
            || self.revocations.is_outdated(&caller.user_id, *version)
        {
            return Err(ErrorCode::InvalidToken.into());
        }
        Ok(caller.clone())
    }

    /// What somebody may see of their account and session. A program with a token has no session.
    ///
    /// # Errors
    /// [`ErrorCode::SignedOut`] when the session ended meanwhile, [`ErrorCode::InvalidToken`] when the
    /// account of a token did.
    pub async fn me(&self, actor: impl Into<Actor>) -> Result<Me> {
        let actor = actor.into();
        let Some(caller) = actor.caller() else {
            let user = self.store.user(&actor.user_id).await?.ok_or(ErrorCode::InvalidToken)?;
            let avatar = self.store.avatar_id(&user.id).await?;
            let due = self.factor_policy.of_user(&user, self.now()).due();
            return Ok(me_without_session(user, avatar.as_deref(), due));
        };
        let session = self.session_of(&caller).await?;
        let avatar = self.store.avatar_id(&session.user_id).await?;
        let due = self.factor_policy.of_session(&session, self.now()).due();
        // Without a factor there is none to be lost.
        let recovery = if session.factors.is_empty() { None } else { running_recovery(self, &caller).await? };
        let chosen = session.working_in.as_ref().map(|working_in| &working_in.organization);
        let organizations = self.organizations_of(&session.user_id, chosen).await?;
        Ok(Me { account_recovery: recovery, organizations, ..me(session, avatar.as_deref(), due) })
    }

    async fn organizations_of(&self, user: &UserId, chosen: Option<&OrganizationId>) -> Result<Vec<OrganizationView>> {
        let most = i64::try_from(Me::MOST_ORGANIZATIONS).unwrap_or(i64::MAX);
        let rows = self.store.own_organizations(user, &Place::of(None)?, most).await?;
        Ok(rows.into_iter().map(|row| organization_view(row, chosen)).collect())
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
        self.access_tokens.keys().current().jwks(self.now())
    }
}

/// Whether a token was issued so long ago that this node may have forgotten what ended since.
fn is_too_old(issued_at: i64, now: Timestamp, lifetime: i64) -> bool {
    issued_at.saturating_add(lifetime + LEEWAY) <= now.seconds()
}

fn me(session: SessionRow, avatar: Option<&str>, second_factor_due: Option<Timestamp>) -> Me {
    Me {
        id: session.user_id,
        email: session.email,
        name: session.name,
        role: session.role,
        locale: session.locale,
        time_zone: session.time_zone,
        avatar: avatar.map(path_of),
        created_at: session.user_created_at,
        has_password: session.has_password,
        delete_at: session.delete_at,
        second_factor_due,
        account_recovery: None,
        organizations: Vec::new(),
        session: Some(SessionView {
            id: session.id,
            signed_in_at: session.created_at,
            expires_at: session.expires_at,
            is_impersonation: session.impersonation.is_some(),
            device: session.device,
        }),
    }
}

fn me_without_session(user: UserRow, avatar: Option<&str>, second_factor_due: Option<Timestamp>) -> Me {
    Me {
        id: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
        locale: user.locale,
        time_zone: user.time_zone,
        avatar: avatar.map(path_of),
        created_at: user.created_at,
        has_password: user.password_hash.is_some(),
        delete_at: user.delete_at,
        second_factor_due,
        account_recovery: None,
        organizations: Vec::new(),
        session: None,
    }
}

fn path_of(id: &str) -> String {
    format!("{}{id}", avatar::PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_a_node_that_gives_longer_ones_is_too_old_here() {
        let now = Timestamp(1_800_000_000_000);
        for (age, too_old) in [(-30, false), (0, false), (359, false), (360, true), (3600, true), (i64::MAX, true)] {
            assert_eq!(is_too_old(now.seconds().saturating_sub(age), now, 300), too_old, "{age}");
        }
    }
}
