//! From a question about somebody who need not exist to an act that can be judged.

use super::{Act, ActContext, Principal, Resource};
use crate::form::PolicyQuestion;
use crate::id::{DocumentId, OrganizationId, UserId};
use crate::organization::{BuiltInRole, OrganizationPermission, OrganizationPermissions};
use crate::{Field, FieldIssue, Permission, Refusal, Role, Timestamp};

/// Somebody, a colleague, and what they have. Policies that name an id are about nobody of these.
const SOMEBODY: &str = "00000000-0000-7000-8000-000000000001";
const COLLEAGUE: &str = "00000000-0000-7000-8000-000000000002";
const ORGANIZATION: &str = "00000000-0000-7000-8000-000000000003";
const DOCUMENT: &str = "00000000-0000-7000-8000-000000000004";

/// Monday, 5 January 2026, 00:00 UTC: the beginning of the week that cases play in.
const MONDAY: Timestamp = Timestamp(1_767_571_200_000);
const HOUR: i64 = 60 * 60;
/// Longest name of a department, a role or an address, in bytes.
const MAX_TEXT: usize = 400;

/// The act of a question.
///
/// # Errors
/// One [`Refusal`] that names the field at fault.
pub(crate) fn act_of(question: &PolicyQuestion) -> Result<Act, Refusal> {
    let principal = principal(question)?;
    let action = act_named(&question.action).ok_or_else(|| fault(Field::Action, FieldIssue::Unknown))?;
    Ok(Act { principal, action, resource: resource(question)?, context: context(question)? })
}

/// The act of a name.
pub(crate) fn act_named(name: &str) -> Option<&'static str> {
    let of_organization = || OrganizationPermission::parse(name).map(OrganizationPermission::as_str);
    Permission::parse(name).map(Permission::as_str).or_else(of_organization)
}

fn fault(field: Field, issue: FieldIssue) -> Refusal {
    Refusal::invalid(vec![(field, issue)])
}

/// One of a list of names.
fn one_of(names: &[&'static str], field: Field, name: &str) -> Result<&'static str, Refusal> {
    names.iter().copied().find(|known| *known == name).ok_or_else(|| fault(field, FieldIssue::Unknown))
}

/// Text that may be missing; nothing is none.
fn optional(field: Field, text: Option<&str>) -> Result<Option<String>, Refusal> {
    match text {
        None | Some("") => Ok(None),
        Some(text) if text.len() > MAX_TEXT => Err(fault(field, FieldIssue::TooLong)),
        Some(text) => Ok(Some(text.to_owned())),
    }
}

fn within(field: Field, range: std::ops::RangeInclusive<i64>, value: i64) -> Result<i64, Refusal> {
    if range.contains(&value) { Ok(value) } else { Err(fault(field, FieldIssue::OutOfRange)) }
}

fn principal(question: &PolicyQuestion) -> Result<Principal, Refusal> {
    let role = optional(Field::Role, question.role.as_deref())?;
    let named = question.permissions.iter().map(|name| OrganizationPermission::parse(name));
    let named: Option<Vec<_>> = named.collect();
    let named = named.ok_or_else(|| fault(Field::Permissions, FieldIssue::Unknown))?;
    let permissions = match role.as_deref().and_then(BuiltInRole::parse) {
        Some(built_in) => built_in.permissions(),
        None => OrganizationPermissions::of(named),
    };
    let age = |field, age| within(field, 0..=i64::from(u32::MAX), age);
    Ok(Principal {
        user_id: UserId(SOMEBODY.into()),
        platform_role: Role::parse(&question.platform_role)
            .ok_or_else(|| fault(Field::PlatformRole, FieldIssue::Unknown))?,
        role,
        department: optional(Field::Department, question.department.as_deref())?,
        permissions,
        mfa: question.mfa_age.is_some(),
        mfa_age: question.mfa_age.map(|seconds| age(Field::MfaAge, seconds)).transpose()?,
        session_age: age(Field::SessionAge, question.session_age)?,
    })
}

fn resource(question: &PolicyQuestion) -> Result<Resource, Refusal> {
    let organization = OrganizationId(ORGANIZATION.into());
    Ok(match one_of(&PolicyQuestion::THINGS, Field::On, &question.on)? {
        "platform" => Resource::Platform,
        "organization" => Resource::Organization(organization),
        _ => Resource::Document {
            id: Some(DocumentId(DOCUMENT.into())),
            organization,
            owner: UserId(if question.is_owner { SOMEBODY } else { COLLEAGUE }.into()),
            department: optional(Field::Department, question.document_department.as_deref())?,
            sensitivity: one_of(&PolicyQuestion::SENSITIVITIES, Field::Sensitivity, &question.sensitivity)?,
            state: one_of(&PolicyQuestion::STATES, Field::State, &question.state)?,
        },
    })
}

fn context(question: &PolicyQuestion) -> Result<ActContext, Refusal> {
    let day = within(Field::Weekday, 1..=7, question.weekday)? - 1;
    let hour = within(Field::Hour, 0..=23, question.hour)?;
    let address = optional(Field::Address, question.address.as_deref())?.unwrap_or_default();
    let at = MONDAY.plus_seconds((day * 24 + hour) * HOUR);
    if question.on == "platform" {
        return Ok(ActContext::on_platform(at));
    }
    let context =
        ActContext { at, address, method: one_of(&PolicyQuestion::METHODS, Field::Method, &question.method)? };
    if !context.address.is_empty() && context.ip().is_none() {
        return Err(fault(Field::Address, FieldIssue::InvalidCharacter));
    }
    Ok(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(change: impl FnOnce(&mut PolicyQuestion)) -> Vec<(Field, FieldIssue)> {
        let mut question = PolicyQuestion { action: "documents:read".into(), ..PolicyQuestion::default() };
        change(&mut question);
        act_of(&question).err().map(|refusal| refusal.fields).unwrap_or_default()
    }

    #[test]
    fn a_question_is_read_to_its_last_field() {
        assert!(issue(|_| ()).is_empty());
        assert_eq!(issue(|q| q.action = "documents:burn".into()), [(Field::Action, FieldIssue::Unknown)]);
        assert_eq!(issue(|q| q.on = "moon".into()), [(Field::On, FieldIssue::Unknown)]);
        assert_eq!(issue(|q| q.platform_role = "root".into()), [(Field::PlatformRole, FieldIssue::Unknown)]);
        assert_eq!(issue(|q| q.permissions = vec!["x".into()]), [(Field::Permissions, FieldIssue::Unknown)]);
        assert_eq!(issue(|q| q.hour = 24), [(Field::Hour, FieldIssue::OutOfRange)]);
        assert_eq!(issue(|q| q.weekday = 0), [(Field::Weekday, FieldIssue::OutOfRange)]);
        assert_eq!(issue(|q| q.mfa_age = Some(-1)), [(Field::MfaAge, FieldIssue::OutOfRange)]);
        assert_eq!(issue(|q| q.address = Some("here".into())), [(Field::Address, FieldIssue::InvalidCharacter)]);
        assert_eq!(issue(|q| q.department = Some("x".repeat(401))), [(Field::Department, FieldIssue::TooLong)]);
        let of_document = |q: &mut PolicyQuestion| (q.on, q.sensitivity) = ("document".into(), "cosmic".into());
        assert_eq!(issue(of_document), [(Field::Sensitivity, FieldIssue::Unknown)]);
    }

    #[test]
    fn a_case_plays_at_its_day_and_hour() {
        for (weekday, hour) in [(1, 0), (3, 12), (7, 23)] {
            let question =
                PolicyQuestion { action: "documents:read".into(), weekday, hour, ..PolicyQuestion::default() };
            let context = act_of(&question).ok().unwrap().context;
            assert_eq!((context.weekday(), context.hour()), (weekday, hour));
        }
    }
}
