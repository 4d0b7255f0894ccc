//! What not every member may do within an organization: the first line of each flow there asks here.
//!
//! Who is not in it learns nothing of it: an organization of others is as good as none. Members know that it is there,
//! and are told that they may not.

use super::permission::{RefusedAct, note_refused_act};
use super::reauthenticate::reauthentication_required;
use crate::factor::policy::lacks_factor;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::policy::{Act, ActContext, Principal, Resource};
use crate::session::{Around, Caller};
use crate::store::{MembershipRow, OrganizationRow, OwnOrganizationRow, SessionRow, Transaction};
use crate::{Auth, Context, Error, ErrorCode, Result, Timestamp};

/// The caller within an organization, once they may do this.
pub struct InOrganization {
    /// The session.
    pub session: SessionRow,
    /// The organization.
    pub organization: OrganizationRow,
    /// What the caller is there.
    pub membership: MembershipRow,
}

impl InOrganization {
    /// The caller, as policies see them.
    pub fn principal(&self, now: Timestamp) -> Principal {
        Principal::of_session(&self.session, now).within(&self.membership)
    }

    /// The same once the organization is held to the end of the transaction: what the caller may is asked again, and
    /// stays so. The first statement of whatever changes who is in it and what they may.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] and [`ErrorCode::Forbidden`], when that changed meanwhile.
    pub(crate) async fn held(
        self,
        auth: &Auth,
        tx: &mut Transaction,
        permission: OrganizationPermission,
        context: &Context,
    ) -> Result<Self> {
        let id = &self.organization.id;
        if !tx.lock_organization(id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        let organization = tx.organization(id).await?.ok_or(ErrorCode::NotFound)?;
        let membership = tx.membership(id, &self.session.user_id).await?.ok_or(ErrorCode::NotFound)?;
        let held = Self { session: self.session, organization, membership };
        held.require(auth, permission, context)?;
        Ok(held)
    }

    fn require(&self, auth: &Auth, permission: OrganizationPermission, context: &Context) -> Result<()> {
        let now = auth.now();
        // A page is made beside its request, where nothing tells how it came in; calls of programs are not.
        let method = Some(Around::here().method).filter(|method| !method.is_empty()).unwrap_or("page");
        let act_context = ActContext::of(context, now, method);
        let resource = Resource::Organization(self.organization.id.clone());
        let act = Act::in_organization(self.principal(now), permission, resource, act_context);
        if auth.decide(&act).is_allowed { Ok(()) } else { Err(ErrorCode::Forbidden.into()) }
    }
}

/// The caller within an organization, when they may do this there.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who is not in it, when it is closed, and when there is none;
/// [`ErrorCode::Forbidden`] for members who may not; [`ErrorCode::SecondFactorRequired`] when it demands a second
/// factor that the account lacks, and [`ErrorCode::ReauthenticationRequired`] while the one it has is not proved in
/// this session.
pub async fn require_in_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    permission: OrganizationPermission,
    context: &Context,
) -> Result<InOrganization> {
    Ok(admit_member(auth, caller, organization, permission, context).await?.0)
}

/// The same, with the id of the organization's logo.
pub(super) async fn admit_member(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    permission: OrganizationPermission,
    context: &Context,
) -> Result<(InOrganization, Option<String>)> {
    let refused = RefusedAct { context: Some(context), ..RefusedAct::of(caller, permission.as_str()) };
    let (within, logo) = match enter_organization(auth, caller, organization).await {
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::NotFound => {
            note_refused_act(auth, refused).await?;
            return Err(refusal.into());
        }
        entered => entered?,
    };
    if let Err(error) = within.require(auth, permission, context) {
        let id = Some(&within.organization.id);
        note_refused_act(auth, RefusedAct { organization: id, ..refused }).await?;
        return Err(error);
    }
    Ok((within, logo))
}

/// The same where nothing was asked for, such as for a part of a page: a refusal leaves no line.
pub(super) async fn look_in_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    permission: OrganizationPermission,
    context: &Context,
) -> Result<InOrganization> {
    let (within, _) = enter_organization(auth, caller, organization).await?;
    within.require(auth, permission, context)?;
    Ok(within)
}

/// The caller within an organization they are in, whatever they may do there, and the id of its logo.
///
/// # Errors
/// Those of [`require_in_organization`], without [`ErrorCode::Forbidden`].
pub(super) async fn enter_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
) -> Result<(InOrganization, Option<String>)> {
    let session = auth.session_of(caller).await?;
    let id = OrganizationId::parse(organization.as_str()).ok_or(ErrorCode::NotFound)?;
    let found = auth.store.own_organization(&id, &caller.user_id).await?;
    let OwnOrganizationRow { organization, membership, logo } = found.ok_or(ErrorCode::NotFound)?;
    // Whoever has none yet has days for it; how their account stands says when those are over.
    if auth.factor_policy.of_session(&session, auth.now()).is_overdue() {
        return Err(ErrorCode::SecondFactorRequired.into());
    }
    if organization.factor_required_from.is_some() && lacks_factor(&session) {
        return Err(reauthentication_required(auth, &session).await?.into());
    }
    Ok((InOrganization { session, organization, membership }, logo))
}
