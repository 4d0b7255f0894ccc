//! From a question about an account that exists to the act that is judged.

use uuid::Uuid;

use crate::factor::policy::lacks_factor;
use crate::id::{DocumentId, OrganizationId};
use crate::policy::{Act, ActContext, Principal, Resource, act_named};
use crate::store::{OrganizationRow, SessionRow, UserRow};
use crate::{Auth, ErrorCode, Field, FieldIssue, Refusal, Result, Timestamp};

/// Who is asked about.
pub(super) enum Subject<'a> {
    /// Somebody in their own session.
    Session(&'a SessionRow),
    /// Somebody as if they had just signed in.
    User {
        /// The account.
        user: &'a UserRow,
        /// How long ago with a second factor, if with one.
        mfa_age: Option<i64>,
    },
}

/// What they would do something with.
pub(super) struct Object {
    /// Where; none: on the platform.
    pub organization: Option<OrganizationId>,
    /// With which document.
    pub document: Option<DocumentId>,
}

impl Subject<'_> {
    fn principal(&self, now: Timestamp) -> Principal {
        match self {
            Self::Session(session) => Principal::of_session(session, now),
            Self::User { user, mfa_age } => Principal::of_user(user, *mfa_age),
        }
    }

    /// Whether the session may nothing of this, whatever its account may: it owes the second factor that is demanded
    /// there, or is somebody else's. What this program refuses, no other one is told to allow.
    fn is_held_back(&self, auth: &Auth, action: &str, organization: Option<&OrganizationRow>, now: Timestamp) -> bool {
        let Self::Session(session) = self else { return false };
        if auth.factor_policy.of_session(session, now).is_overdue() {
            return true;
        }
        match (organization, &session.impersonation) {
            (None, by) => by.is_some() || lacks_factor(session),
            (Some(_), Some(by)) if !by.writes && !action.ends_with(":read") => true,
            (Some(organization), _) => organization.factor_required_from.is_some() && lacks_factor(session),
        }
    }
}

impl Object {
    /// Of ids as they were sent.
    ///
    /// # Errors
    /// [`ErrorCode::MalformedRequest`] for what is no id.
    pub(super) fn of(organization: Option<&str>, document: Option<&str>) -> Result<Self> {
        let organization = organization.map(id).transpose()?.map(OrganizationId);
        Ok(Self { organization, document: document.map(id).transpose()?.map(DocumentId) })
    }
}

/// The act of a question. An organization that the account is not in, and one that is not there, are the same: the
/// account has no role there, and nothing of it is looked at. None when a member names a document that is not there, and
/// when the session itself is held back.
///
/// # Errors
/// [`FieldIssue::Unknown`] of the act.
pub(super) async fn act_on(
    auth: &Auth,
    subject: &Subject<'_>,
    action: &str,
    object: Object,
    context: ActContext,
) -> Result<Option<Act>> {
    let action = act_named(action).ok_or_else(|| Refusal::invalid(vec![(Field::Action, FieldIssue::Unknown)]))?;
    let principal = subject.principal(context.at);
    let Some(organization) = object.organization else {
        if subject.is_held_back(auth, action, None, context.at) {
            return Ok(None);
        }
        let context = ActContext::on_platform(context.at);
        return Ok(Some(Act { principal, action, resource: Resource::Platform, context }));
    };
    let Some(own) = auth.store.own_organization(&organization, &principal.user_id).await? else {
        return Ok(Some(Act { principal, action, resource: Resource::Organization(organization), context }));
    };
    if subject.is_held_back(auth, action, Some(&own.organization), context.at) {
        return Ok(None);
    }
    let resource = match object.document {
        None => Some(Resource::Organization(organization)),
        Some(document) => auth.store.document_facts(&organization, &document).await?,
    };
    let principal = principal.within(&own.membership);
    Ok(resource.map(|resource| Act { principal, action, resource, context }))
}

/// An id as the store writes it.
///
/// # Errors
/// [`ErrorCode::MalformedRequest`] for what is none.
pub(super) fn id(text: &str) -> Result<String> {
    // A database need not take every text: PostgreSQL refuses a zero byte.
    Ok(Uuid::try_parse(text).map_err(|_| ErrorCode::MalformedRequest)?.to_string())
}
