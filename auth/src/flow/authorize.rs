//! Whether something may be done, for programs: other services ask here instead of deciding by themselves.

use super::asked_act::{Object, Subject, act_on, id};
use super::permission::{look_for_permission, require_permission};
use crate::form::{AuthorizeForm, DocumentLike, PolicyQuestion};
use crate::id::UserId;
use crate::organization::OrganizationPermission;
use crate::policy::{Act, ActContext, Decision, Resource};
use crate::session::Caller;
use crate::store::UserRow;
use crate::view::Authorization;
use crate::{Auth, Context, ErrorCode, Field, FieldIssue, Permission, Refusal, Result};

/// Most questions at once.
const MOST: usize = 100;

/// The answers to some questions, in their order. Everybody who is signed in may ask about themselves; whoever may read
/// policies may ask about others, too, and is told the policies that decided. An organization that the account is not
/// in and one that is not there get one answer, and so do documents. A session that owes a second factor, and one in the
/// place of somebody else, may no more than in this program.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::TooMany`] questions; [`ErrorCode::NotFound`] for who asks about somebody else
/// and may not, and when there is no such account; [`ErrorCode::InvalidFields`] of an act or a document;
/// [`ErrorCode::MalformedRequest`] for what is no id.
pub async fn authorize(
    auth: &Auth,
    caller: &Caller,
    questions: &[AuthorizeForm],
    context: &Context,
) -> Result<Vec<Authorization>> {
    let session = auth.session_of(caller).await?;
    if questions.len() > MOST {
        return Err(ErrorCode::TooMany.into());
    }
    let asks_about_others = questions.iter().any(|question| question.user.is_some());
    let sees_reasons = if asks_about_others {
        require_permission(auth, caller, Permission::ReadPolicies).await?;
        true
    } else {
        session.role.administers() && look_for_permission(auth, caller, Permission::ReadPolicies).await.is_ok()
    };
    let stands = ActContext::of(context, auth.now(), "api");
    let mut answers = Vec::with_capacity(questions.len());
    // The account that was asked about last: a batch is mostly about one.
    let mut known: Option<UserRow> = None;
    for question in questions {
        if let Some(user) = &question.user {
            let user = UserId(id(user)?);
            if known.as_ref().is_none_or(|known| known.id != user) {
                known = Some(auth.store.user(&user).await?.ok_or(ErrorCode::NotFound)?);
            }
        }
        let subject = match &known {
            Some(user) if question.user.is_some() => Subject::User { user, mfa_age: None },
            _ => Subject::Session(&session),
        };
        let act = act_of(auth, &subject, question, stands.clone()).await?;
        answers.push(answer(auth, act.as_ref(), sees_reasons));
    }
    Ok(answers)
}

fn answer(auth: &Auth, act: Option<&Act>, sees_reasons: bool) -> Authorization {
    let decision = act.map(|act| decide(auth, act));
    let allowed = decision.as_ref().is_some_and(|decision| decision.is_allowed);
    let deciding = decision.map(|decision| decision.deciding).unwrap_or_default();
    Authorization { allowed, reasons: sees_reasons.then_some(deciding) }
}

/// The decision. Whatever else may be done with a document that is there takes that it may be read, as in this program:
/// about one that is none for the account no answer differs from that about one that does not exist.
fn decide(auth: &Auth, act: &Act) -> Decision {
    let decision = auth.decide(act);
    if !decision.is_allowed || !matches!(act.resource, Resource::Document { id: Some(_), .. }) {
        return decision;
    }
    let reading = auth.decide(&Act { action: OrganizationPermission::ReadDocuments.as_str(), ..act.clone() });
    if reading.is_allowed { decision } else { reading }
}

async fn act_of(
    auth: &Auth,
    subject: &Subject<'_>,
    question: &AuthorizeForm,
    stands: ActContext,
) -> Result<Option<Act>> {
    let AuthorizeForm { action, organization, document, document_like, .. } = question;
    let names_document = document.is_some() || document_like.is_some();
    if (names_document && organization.is_none()) || (document.is_some() && document_like.is_some()) {
        return Err(ErrorCode::MalformedRequest.into());
    }
    let object = Object::of(organization.as_deref(), document.as_deref())?;
    let act = act_on(auth, subject, action, object, stands).await?;
    match (act, document_like) {
        (Some(act), Some(like)) => {
            let resource = resource(&act, like)?;
            Ok(Some(Act { resource, ..act }))
        }
        (act, _) => Ok(act),
    }
}

/// A document that need not exist, in the organization of an act.
fn resource(act: &Act, like: &DocumentLike) -> Result<Resource> {
    let Resource::Organization(organization) = &act.resource else { return Err(ErrorCode::MalformedRequest.into()) };
    let one_of = |names: &[&'static str], field: Field, name: &str| {
        let known = names.iter().copied().find(|known| *known == name);
        known.ok_or_else(|| Refusal::invalid(vec![(field, FieldIssue::Unknown)]))
    };
    Ok(Resource::Document {
        id: None,
        organization: organization.clone(),
        owner: match &like.owner {
            Some(owner) => UserId(id(owner)?),
            None => act.principal.user_id.clone(),
        },
        department: like.department.clone(),
        sensitivity: one_of(&PolicyQuestion::SENSITIVITIES, Field::Sensitivity, &like.sensitivity)?,
        state: one_of(&PolicyQuestion::STATES, Field::State, &like.state)?,
    })
}
