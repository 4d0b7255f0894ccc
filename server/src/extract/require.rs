//! A permission as an argument of a handler: whoever lacks it never comes as far as the body.

use auth::flow::{self, InOrganization};
use auth::id::OrganizationId;
use auth::organization::OrganizationPermission;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Permission};
use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use std::marker::PhantomData;

use super::CurrentUser;
use crate::problem::Refused;

/// The name of the segment that says which organization an address is about.
const ORGANIZATION: &str = "organization";

/// What it takes to come in.
#[derive(Clone, Copy, Debug)]
pub enum Needed {
    /// A permission of the platform. To everybody else nothing is there.
    OnPlatform(Permission),
    /// A permission within the organization that the address names as `{organization}`. To who is not in it nothing is
    /// there; members without it are told that they may not.
    InOrganization(OrganizationPermission),
}

/// A type that stands for a permission.
pub trait Guard {
    /// What it takes.
    const NEEDED: Needed;
}

/// Somebody who may do what `G` asks for. Put it before the body: what nobody may do is not read.
pub struct Require<G> {
    /// The account and the session.
    pub caller: Caller,
    /// Where the request came from, and in which language it is answered.
    pub context: Context,
    /// What they are in the organization; none on the platform.
    pub within: Option<InOrganization>,
    guard: PhantomData<G>,
}

impl<S, G> FromRequestParts<S> for Require<G>
where
    S: Send + Sync,
    Auth: FromRef<S>,
    G: Guard,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let CurrentUser { caller, context } = CurrentUser::from_request_parts(parts, state).await?;
        let refuse = |error: auth::Error| Refused::from_error(&error, context.locale);
        let auth = Auth::from_ref(state);
        let within = match G::NEEDED {
            Needed::OnPlatform(permission) => {
                flow::require_permission(&auth, &caller, permission).await.map_err(refuse)?;
                None
            }
            Needed::InOrganization(permission) => {
                let id = organization(parts, state).await.map_err(|code| Refused::new(code, context.locale))?;
                let found = flow::require_in_organization(&auth, &caller, &id, permission, &context).await;
                Some(found.map_err(refuse)?)
            }
        };
        Ok(Self { caller, context, within, guard: PhantomData })
    }
}

/// The organization of the address.
async fn organization<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<OrganizationId, ErrorCode> {
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| ErrorCode::MalformedRequest)?;
    let id = params.iter().find(|(name, _)| *name == ORGANIZATION).map(|(_, id)| id.to_owned());
    let id = id.ok_or(ErrorCode::Internal)?;
    // An id of the wrong kind is said to be one; whether there is such an organization is another question.
    let is_id = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_id { Ok(OrganizationId(id)) } else { Err(ErrorCode::MalformedRequest) }
}
