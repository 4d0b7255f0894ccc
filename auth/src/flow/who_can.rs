//! Who can do this, and why: the policies in force, asked about somebody.

use uuid::Uuid;

use super::asked_act::{Object, Subject, act_on};
use super::permission::require_permission;
use crate::form::{PolicyQuestion, WhoCanForm};
use crate::id::{DocumentId, UserId};
use crate::policy::{ActContext, Compiled, act_of};
use crate::session::Caller;
use crate::store::UserRow;
use crate::view::ExplainedDecision;
use crate::{Auth, Context, Email, ErrorCode, Field, FieldIssue, Permission, Refusal, Result};

/// Whether somebody may do something now, as if they had just signed in and came from where the caller does, with what
/// every policy had to say.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not ask; [`ErrorCode::InvalidFields`] of the account,
/// the act, the organization or the document.
pub async fn who_can(auth: &Auth, caller: &Caller, form: &WhoCanForm, context: &Context) -> Result<ExplainedDecision> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    let user = user_named(auth, form.user.trim()).await?.ok_or_else(|| unknown(Field::User))?;
    let object = object_named(auth, given(form.organization.as_deref()), given(form.document.as_deref())).await?;
    let subject = Subject::User { user: &user, mfa_age: form.mfa_age };
    let stands = ActContext::of(context, auth.now(), "page");
    let act = act_on(auth, &subject, &form.action, object, stands).await?;
    Ok(auth.explain(&act.ok_or_else(|| unknown(Field::Document))?))
}

/// The same about somebody who need not exist, by the policies in force or by a version that is not.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not ask, and when there is no such version;
/// [`ErrorCode::InvalidFields`] of the question.
pub async fn ask_policies(
    auth: &Auth,
    caller: &Caller,
    question: &PolicyQuestion,
    number: Option<i64>,
) -> Result<ExplainedDecision> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    let act = act_of(question)?;
    match number {
        None => Ok(auth.explain(&act)),
        Some(number) => {
            let text = auth.store.policy_text(number).await?.ok_or(ErrorCode::NotFound)?;
            Ok(Compiled::of(number, 0, text).await?.explain(&act))
        }
    }
}

fn unknown(field: Field) -> Refusal {
    Refusal::invalid(vec![(field, FieldIssue::Unknown)])
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The account with this address or this id.
async fn user_named(auth: &Auth, name: &str) -> Result<Option<UserRow>> {
    Ok(match (Email::parse(name), Uuid::try_parse(name)) {
        (Ok(email), _) => auth.store.user_by_email(&email).await?,
        (_, Ok(id)) => auth.store.user(&UserId(id.to_string())).await?,
        _ => None,
    })
}

/// The organization with this slug or this id, and the document with this id.
async fn object_named(auth: &Auth, organization: Option<&str>, document: Option<&str>) -> Result<Object> {
    let Some(name) = organization else {
        let issue = document.map(|_| (Field::Organization, FieldIssue::Required));
        return match issue {
            Some(issue) => Err(Refusal::invalid(vec![issue]).into()),
            None => Ok(Object { organization: None, document: None }),
        };
    };
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let found = if name.contains('\0') { None } else { auth.store.organization_named(&name.to_lowercase()).await? };
    let organization = Some(found.ok_or_else(|| unknown(Field::Organization))?);
    let document = document.map(|id| Uuid::try_parse(id).map_err(|_| unknown(Field::Document))).transpose()?;
    Ok(Object { organization, document: document.map(|id| DocumentId(id.to_string())) })
}
