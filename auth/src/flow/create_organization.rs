//! Making an organization.

use crate::audit::AuditLine;
use crate::form::WantedSlug;
use crate::id::OrganizationId;
use crate::organization::{BuiltInRole, OrganizationName, OrganizationRole, Slug};
use crate::session::Caller;
use crate::store::{NewMembership, NewOrganization, Transaction};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result, Timestamp};

/// Organizations that an account owns at the same time.
const MOST_OWNED: i64 = 20;
/// Endings of a suggested slug that are tried before one that nobody has.
const NUMBERS: std::ops::RangeInclusive<u32> = 2..=9;

/// Makes an organization of which the caller is the owner, and lets their session work in it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::ReadOnly`] in the place of somebody else, who would own it;
/// [`ErrorCode::TooMany`] for the owner of 20; [`FieldIssue::Taken`] of [`Field::Slug`].
pub async fn create_organization(
    auth: &Auth,
    caller: &Caller,
    (name, slug): (OrganizationName, WantedSlug),
    context: &Context,
) -> Result<OrganizationId> {
    if auth.session_of(caller).await?.impersonation.is_some() {
        return Err(ErrorCode::ReadOnly.into());
    }
    let now = auth.now();
    let id = OrganizationId(auth.random.id(now));
    let mut tx = auth.store.begin().await?;
    // Holds the account: who makes two at once is counted twice.
    tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if tx.count_owned_organizations(&caller.user_id).await? >= MOST_OWNED {
        return Err(ErrorCode::TooMany.into());
    }
    let slug = insert(auth, &mut tx, (&id, &name), slug, now).await?;
    tx.add_membership(NewMembership {
        organization_id: &id,
        user_id: &caller.user_id,
        role: &OrganizationRole::BuiltIn(BuiltInRole::Owner),
        department: None,
        joined_at: now,
    })
    .await?;
    tx.set_session_organization(&caller.session_id, Some(&id)).await?;
    let line = AuditLine::of(EventKind::OrganizationCreated)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(&id)
        .changed("name", None, Some(name.as_str()))
        .changed("slug", None, Some(slug.as_str()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(id)
}

/// Inserts it under the chosen slug, or under the first that is free close to the suggested one.
async fn insert(
    auth: &Auth,
    tx: &mut Transaction,
    (id, name): (&OrganizationId, &OrganizationName),
    slug: WantedSlug,
    created_at: Timestamp,
) -> Result<Slug> {
    let candidates = match slug {
        WantedSlug::Chosen(slug) => vec![slug],
        WantedSlug::Suggested(slug) => {
            let numbered = NUMBERS.map(|number| slug.ending_with(&number.to_string()));
            // The end of an id is random.
            let random = auth.random.id(created_at);
            let rare = slug.ending_with(random.rsplit('-').next().unwrap_or_default());
            std::iter::once(slug.clone()).chain(numbered).chain([rare]).collect()
        }
    };
    for slug in candidates {
        if tx.insert_organization(NewOrganization { id, slug: &slug, name, created_at }).await? {
            return Ok(slug);
        }
    }
    Err(Refusal::invalid(vec![(Field::Slug, FieldIssue::Taken)]).into())
}
