//! A question in the words of the policy language: made of values, never of text, so that nothing of it is ever parsed.

use anyhow::anyhow;
use cedar_policy::{Context, Entities, Entity, EntityUid, Request, RestrictedExpression};

use super::built_in::{Names, named};
use super::{Act, ActContext, Principal, Resource};
use crate::Permission;

/// A question that can be judged.
pub(super) struct Asked {
    /// Who, what, with what, and how things stand.
    pub request: Request,
    /// What is known of them.
    pub entities: Entities,
    /// Who.
    pub principal: EntityUid,
    /// With what.
    pub resource: EntityUid,
    /// The organization that a document is in.
    pub organization: Option<EntityUid>,
}

type Attribute = (String, RestrictedExpression);

impl Asked {
    /// # Errors
    /// Never for what the engine knows: each attribute is one of the schema.
    pub(super) fn of(act: &Act, action: &EntityUid, names: &Names) -> anyhow::Result<Self> {
        let principal = named(&names.user, act.principal.user_id.as_str());
        let (resource, organization, attributes) = thing(&act.resource, names);
        let user = entity(principal.clone(), person(&act.principal), None)?;
        let thing = entity(resource.clone(), attributes, organization.clone())?;
        let entities = Entities::from_entities([user, thing], None).map_err(|error| anyhow!("{error}"))?;
        let context =
            Context::from_pairs(circumstances(act.action, &act.context)).map_err(|error| anyhow!("{error}"))?;
        let request = Request::new(principal.clone(), action.clone(), resource.clone(), context, None)
            .map_err(|error| anyhow!("{error}"))?;
        Ok(Self { request, entities, principal, resource, organization })
    }
}

fn entity(uid: EntityUid, attributes: Vec<Attribute>, parent: Option<EntityUid>) -> anyhow::Result<Entity> {
    Entity::new_with_tags(uid, attributes, parent, []).map_err(|error| anyhow!("{error}"))
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn number(value: i64) -> RestrictedExpression {
    RestrictedExpression::new_long(value)
}

fn attribute(name: &str, value: RestrictedExpression) -> Attribute {
    (name.to_owned(), value)
}

fn person(principal: &Principal) -> Vec<Attribute> {
    let role = principal.platform_role;
    let platform = Permission::ALL.iter().filter(|permission| role.grants(**permission));
    let mut attributes = vec![
        attribute("platform_role", text(role.as_str())),
        attribute("platform_permissions", RestrictedExpression::new_set(platform.map(|p| text(p.as_str())))),
        attribute("permissions", RestrictedExpression::new_set(principal.permissions.iter().map(|p| text(p.as_str())))),
        attribute("mfa", RestrictedExpression::new_bool(principal.mfa)),
        attribute("session_age", number(principal.session_age)),
    ];
    attributes.extend(principal.role.as_deref().map(|role| attribute("role", text(role))));
    attributes.extend(principal.department.as_deref().map(|department| attribute("department", text(department))));
    attributes.extend(principal.mfa_age.map(|age| attribute("mfa_age", number(age))));
    attributes
}

/// A thing, the organization it is in when it is not one itself, and its attributes.
fn thing(resource: &Resource, names: &Names) -> (EntityUid, Option<EntityUid>, Vec<Attribute>) {
    match resource {
        Resource::Platform => (named(&names.platform, "keywright"), None, Vec::new()),
        Resource::Organization(id) => (named(&names.organization, id.as_str()), None, Vec::new()),
        Resource::Document { id, organization, owner, department, sensitivity, state } => {
            // One that is about to be made has no id, and no policy names it.
            let id = id.as_ref().map_or("", |id| id.as_str());
            let organization = named(&names.organization, organization.as_str());
            let owner = named(&names.user, owner.as_str());
            let mut attributes = vec![
                attribute("owner", RestrictedExpression::new_entity_uid(owner)),
                attribute("organization", RestrictedExpression::new_entity_uid(organization.clone())),
                attribute("sensitivity", text(sensitivity)),
                attribute("state", text(state)),
            ];
            attributes.extend(department.as_deref().map(|department| attribute("department", text(department))));
            (named(&names.document, id), Some(organization), attributes)
        }
    }
}

fn circumstances(act: &str, context: &ActContext) -> Vec<Attribute> {
    let mut attributes = vec![
        attribute("permission", text(act)),
        attribute("hour", number(context.hour())),
        attribute("weekday", number(context.weekday())),
        attribute("time", number(context.at.0)),
        attribute("method", text(context.method)),
    ];
    let address = context.ip().map(|address| RestrictedExpression::new_ip(address.to_string()));
    attributes.extend(address.map(|address| attribute("address", address)));
    attributes
}
