//! Recognizing a session at a document navigation, where only the cookie is sent.
//!
//! A token as old as an access token is rotated on the way, so that people without JavaScript
//! rotate as well. A younger one is left alone: reading a page need not write. One from before the last
//! proof of the person is rotated whatever its age (ASVS 5.0, 7.2.4): what was proved is granted to its
//! successor, and whoever copied the token before has an old one. A proof itself rotates nothing: its answer cannot be
//! asked for again when it is lost, and a navigation and a refresh can.

use secrecy::SecretString;

use super::factor_policy::meet_requirement;
use super::refresh::{end_reused_family, is_within_grace, newest_of_family, refresh};
use crate::session::{Caller, Impersonation};
use crate::store::{Presented, SessionRow};
use crate::{Auth, Context, Error, ErrorCode, Result};

/// A recognized session.
pub struct Resumed {
    /// Who is calling.
    pub caller: Caller,
    /// The cookie to set, when the one sent is no longer the newest.
    pub refresh_token: Option<SecretString>,
}

/// Finds the live session of a refresh token; none when there is no such session.
///
/// # Errors
/// Only when the database fails.
pub async fn resume(auth: &Auth, token: &SecretString, context: &Context) -> Result<Option<Resumed>> {
    match try_resume(auth, token, context).await {
        Ok(resumed) => Ok(Some(resumed)),
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SignedOut => Ok(None),
        Err(error) => Err(error),
    }
}

async fn try_resume(auth: &Auth, token: &SecretString, context: &Context) -> Result<Resumed> {
    let mut presented = auth.presented(token).await?;
    meet_requirement(auth, &mut presented.session).await?;
    let refresh_token = match presented.rotated_at {
        Some(rotated_at) if is_within_grace(auth, &presented, rotated_at) => {
            Some(newest_of_family(auth, token, &presented)?)
        }
        Some(_) => {
            end_reused_family(auth, &presented, context).await?;
            return Err(ErrorCode::SignedOut.into());
        }
        None if is_due(auth, &presented) => {
            let refreshed = refresh(auth, token, context).await?;
            return Ok(Resumed {
                caller: caller(auth, refreshed.session),
                refresh_token: Some(refreshed.refresh_token),
            });
        }
        None => None,
    };
    Ok(Resumed { caller: caller(auth, presented.session), refresh_token })
}

/// Whether the newest token of a family is as old as an access token, or older than the last proof. A proof that another
/// node noted by a clock that is ahead waits for ours: until then each navigation would rotate anew, and of answers that
/// cross the older one might stay.
fn is_due(auth: &Auth, presented: &Presented) -> bool {
    let (issued_at, session, now) = (presented.issued_at, &presented.session, auth.now());
    let proved_at = session.authenticated_at.max(session.factor_at);
    issued_at.plus_seconds(auth.lifetimes.access) <= now || (issued_at < proved_at && proved_at <= now)
}

fn caller(auth: &Auth, session: SessionRow) -> Caller {
    let impersonation = Impersonation::of(&session);
    // What the person owes is not for whoever acts in their place, and may do less anyway.
    let is_limited = impersonation.is_none() && auth.factor_policy.of_session(&session, auth.now()).is_overdue();
    Caller { user_id: session.user_id, session_id: session.id, is_limited, impersonation }
}
