//! Who acts on an account: a person in a session, or a program with a token that was made for this act.
//!
//! A flow that takes a [`Caller`] is for persons alone. One that takes an [`Actor`] is for programs, too,
//! and nobody makes an actor of a token without naming the scope of the act.

use super::token_caller::TokenCaller;
use super::{Caller, Impersonation};
use crate::id::{SessionId, UserId};
use crate::{Auth, ErrorCode, Result, Scope};

/// Somebody who may do what is asked.
#[derive(Clone)]
pub struct Actor {
    /// Whose account it is.
    pub user_id: UserId,
    session_id: Option<SessionId>,
    impersonation: Option<Impersonation>,
}

impl Actor {
    /// The session, when it is a person.
    pub fn session_id(&self) -> Option<&SessionId> {
        self.session_id.as_ref()
    }

    /// The person, when it is one.
    pub(crate) fn caller(&self) -> Option<Caller> {
        let session_id = self.session_id.clone()?;
        let (user_id, impersonation) = (self.user_id.clone(), self.impersonation.clone());
        // Whether it is limited was asked before it became an actor.
        Some(Caller { user_id, session_id, is_limited: false, impersonation })
    }

    /// Who acts in the place of the person.
    pub(crate) fn impersonator(&self) -> Option<&UserId> {
        self.impersonation.as_ref().map(|by| &by.impersonator)
    }

    /// For a line of the audit log.
    pub(crate) fn subject(&self) -> (Option<&UserId>, Option<&SessionId>) {
        (Some(&self.user_id), self.session_id())
    }
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        Self {
            user_id: caller.user_id.clone(),
            session_id: Some(caller.session_id.clone()),
            impersonation: caller.impersonation.clone(),
        }
    }
}

impl From<&Actor> for Actor {
    fn from(actor: &Actor) -> Self {
        actor.clone()
    }
}

impl TokenCaller {
    /// The actor of an act that is of the kind `scope` (ASVS 5.0, 10.3.2).
    ///
    /// # Errors
    /// [`ErrorCode::InsufficientScope`] when the token was not made for it.
    pub fn with(&self, scope: Scope) -> std::result::Result<Actor, ErrorCode> {
        if !self.scopes.contains(scope) {
            return Err(ErrorCode::InsufficientScope);
        }
        Ok(Actor { user_id: self.user_id.clone(), session_id: None, impersonation: None })
    }
}

impl Auth {
    /// Refuses a person whose session ended meanwhile. A token was asked of the database with this very
    /// request.
    ///
    /// # Errors
    /// [`ErrorCode::SignedOut`].
    pub(crate) async fn require_live(&self, actor: &Actor) -> Result<()> {
        match actor.caller() {
            Some(caller) => self.session_of(&caller).await.map(|_| ()),
            None => Ok(()),
        }
    }
}
