//! Who works with documents, and what the policies say of it: each flow of documents begins here.
//!
//! Nothing about owners, departments, states or hours stands in this code. It asks [`crate::Auth::decide`], with
//! everything that a policy may want to know, and turns the answer into what the caller hears: a document that somebody
//! may not read is none for them; one that they may read and nothing else is `forbidden`; and where a fresh proof of the
//! person would change the answer, they are asked for it.

use super::organization_permission::{InOrganization, look_in_organization, require_in_organization};
use super::permission::{RefusedAct, note_refused_act};
use super::reauthenticate::reauthentication_required;
use crate::document::{DocumentAct, DocumentState, Sensitivity};
use crate::id::{DocumentId, OrganizationId, UserId};
use crate::organization::OrganizationPermission;
use crate::policy::{Act, ActContext, Principal, Resource};
use crate::session::{Actor, Caller};
use crate::store::{DocumentRow, OwnOrganizationRow, SessionRow, StoredDocument};
use crate::{Auth, Context, ErrorCode, PersonName, Result};

/// Seconds since a program proved its person: it never does. No rule counts so far, and none overflows.
const NEVER_PROVED: i64 = 100 * 365 * 24 * 60 * 60;

/// Who works with documents, and how they came in.
#[derive(Clone)]
pub struct DocumentCaller {
    actor: Actor,
    method: &'static str,
}

impl DocumentCaller {
    /// Somebody on a page.
    pub fn on_page(caller: &Caller) -> Self {
        Self { actor: caller.into(), method: "page" }
    }

    /// A person or a program over REST.
    pub fn over_api(actor: Actor) -> Self {
        let method = if actor.session_id().is_some() { "api" } else { "token" };
        Self { actor, method }
    }

    /// What policies know of the request.
    fn acts(&self, auth: &Auth, context: &Context) -> ActContext {
        ActContext { at: auth.now(), address: context.address.clone(), method: self.method }
    }
}

/// The caller among the documents of an organization they are in.
pub(super) struct AtDocuments {
    pub(super) actor: Actor,
    pub(super) organization: OrganizationId,
    pub(super) name: PersonName,
    principal: Principal,
    /// None for a program.
    session: Option<SessionRow>,
    context: ActContext,
    /// The request, for the line of what is refused.
    request: Context,
}

/// What the policies say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may be done.
    Allowed,
    /// It may be done once the person was proved.
    NeedsProof,
    /// It may be done by somebody who proves a second factor, which this account lacks.
    NeedsFactor,
    /// It may not be done.
    Denied,
}

/// The caller among the documents, when they may do this there at all.
///
/// # Errors
/// Those of [`super::require_in_organization`].
pub(super) async fn at_documents(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    permission: OrganizationPermission,
    context: &Context,
) -> Result<AtDocuments> {
    let Some(caller) = who.actor.caller() else {
        return program_at_documents(auth, who, organization, permission, context).await;
    };
    let within = require_in_organization(auth, &caller, organization, permission, context).await?;
    Ok(AtDocuments::of_member(auth, who, within, context))
}

/// The same of a program. It has no session: nobody is proved, and no second factor ever was.
async fn program_at_documents(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    permission: OrganizationPermission,
    context: &Context,
) -> Result<AtDocuments> {
    let (actor, acts) = (&who.actor, who.acts(auth, context));
    let user = auth.store.user(&actor.user_id).await?.ok_or(ErrorCode::InvalidToken)?;
    let id = OrganizationId::parse(organization.as_str()).ok_or(ErrorCode::NotFound)?;
    let found = auth.store.own_organization(&id, &user.id).await?;
    let OwnOrganizationRow { organization, membership, .. } = found.ok_or(ErrorCode::NotFound)?;
    if organization.factor_required_from.is_some_and(|from| from <= acts.at) && !user.factors.has_strong() {
        return Err(ErrorCode::SecondFactorRequired.into());
    }
    let principal = Principal {
        user_id: user.id,
        platform_role: user.role,
        role: Some(membership.role_name),
        department: membership.department,
        permissions: membership.permissions,
        mfa: false,
        mfa_age: None,
        session_age: NEVER_PROVED,
    };
    let resource = Resource::Organization(organization.id.clone());
    if !auth.decide(&Act::in_organization(principal.clone(), permission, resource, acts.clone())).is_allowed {
        note_refused_act(auth, refused(actor, &organization.id, permission, context)).await?;
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(AtDocuments {
        actor: actor.clone(),
        organization: organization.id,
        name: user.name,
        principal,
        session: None,
        context: acts,
        request: context.clone(),
    })
}

/// What somebody or a program may not do in an organization of theirs.
fn refused<'a>(
    actor: &'a Actor,
    organization: &'a OrganizationId,
    permission: OrganizationPermission,
    context: &'a Context,
) -> RefusedAct<'a> {
    RefusedAct {
        actor: &actor.user_id,
        session: actor.session_id(),
        impersonator: actor.impersonator(),
        permission: permission.as_str(),
        organization: Some(organization),
        context: Some(context),
    }
}

/// A document as policies see it.
pub(super) fn resource_of(row: &DocumentRow) -> Resource {
    Resource::Document {
        id: Some(row.id.clone()),
        organization: row.organization_id.clone(),
        owner: row.owner_id.clone(),
        department: row.department.clone(),
        sensitivity: row.sensitivity.as_str(),
        state: row.state.as_str(),
    }
}

impl AtDocuments {
    fn of_member(auth: &Auth, who: &DocumentCaller, within: InOrganization, context: &Context) -> Self {
        let acts = who.acts(auth, context);
        Self {
            actor: who.actor.clone(),
            principal: within.principal(acts.at),
            organization: within.organization.id,
            name: within.session.name.clone(),
            session: Some(within.session),
            context: acts,
            request: context.clone(),
        }
    }

    /// Somebody on a page where nothing was asked for, such as for a part of it: a refusal leaves no line.
    ///
    /// # Errors
    /// Those of [`super::require_in_organization`].
    pub(super) async fn look(
        auth: &Auth,
        caller: &Caller,
        organization: &OrganizationId,
        permission: OrganizationPermission,
        context: &Context,
    ) -> Result<Self> {
        let within = look_in_organization(auth, caller, organization, permission, context).await?;
        Ok(Self::of_member(auth, &DocumentCaller::on_page(caller), within, context))
    }

    /// Who does it, for a line of the audit log.
    pub(super) fn user_id(&self) -> &UserId {
        &self.actor.user_id
    }

    /// What the policies say.
    pub(super) fn verdict(&self, auth: &Auth, permission: OrganizationPermission, resource: &Resource) -> Verdict {
        let allows = |principal: &Principal| {
            let act = Act::in_organization(principal.clone(), permission, resource.clone(), self.context.clone());
            auth.decide(&act).is_allowed
        };
        if allows(&self.principal) {
            return Verdict::Allowed;
        }
        let Some(session) = &self.session else { return Verdict::Denied };
        let proved = Principal { session_age: 0, ..self.principal.clone() };
        let with_factor = Principal { mfa: true, mfa_age: Some(0), ..proved.clone() };
        if session.factors.has_strong() {
            return if allows(&with_factor) { Verdict::NeedsProof } else { Verdict::Denied };
        }
        if allows(&proved) {
            Verdict::NeedsProof
        } else if allows(&with_factor) {
            Verdict::NeedsFactor
        } else {
            Verdict::Denied
        }
    }

    /// Refuses what the policies do not allow. Nobody is told that a document is there which they may not read.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationRequired`], [`ErrorCode::SecondFactorRequired`]; [`ErrorCode::NotFound`] of reading,
    /// else [`ErrorCode::Forbidden`].
    pub(super) async fn require(
        &self,
        auth: &Auth,
        permission: OrganizationPermission,
        resource: &Resource,
    ) -> Result<()> {
        match (self.verdict(auth, permission, resource), &self.session) {
            (Verdict::Allowed, _) => Ok(()),
            (Verdict::NeedsProof, Some(session)) => Err(reauthentication_required(auth, session).await?.into()),
            (Verdict::NeedsFactor, _) => Err(ErrorCode::SecondFactorRequired.into()),
            _ => {
                self.note_refused(auth, permission).await?;
                let is_read = permission == OrganizationPermission::ReadDocuments;
                Err(if is_read { ErrorCode::NotFound } else { ErrorCode::Forbidden }.into())
            }
        }
    }

    async fn note_refused(&self, auth: &Auth, permission: OrganizationPermission) -> Result<()> {
        note_refused_act(auth, refused(&self.actor, &self.organization, permission, &self.request)).await
    }

    /// A document, for who may read it. One that is not there leaves what one leaves that may not be read: neither the
    /// answer nor its time tells them apart.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when there is none in this organization, and just so for who may not read it.
    pub(super) async fn readable(&self, auth: &Auth, id: &DocumentId) -> Result<StoredDocument> {
        let id = DocumentId::parse(id.as_str()).ok_or(ErrorCode::NotFound)?;
        let Some(found) = auth.store.document(&self.organization, &id).await? else {
            self.note_refused(auth, OrganizationPermission::ReadDocuments).await?;
            return Err(ErrorCode::NotFound.into());
        };
        self.require(auth, OrganizationPermission::ReadDocuments, &resource_of(&found.row)).await?;
        Ok(found)
    }

    /// A document, for who may read it and do this with it.
    ///
    /// # Errors
    /// As [`AtDocuments::readable`], and [`ErrorCode::Forbidden`].
    pub(super) async fn document_for(&self, auth: &Auth, id: &DocumentId, act: DocumentAct) -> Result<StoredDocument> {
        let found = self.readable(auth, id).await?;
        self.require(auth, act.permission(), &resource_of(&found.row)).await?;
        Ok(found)
    }

    /// Whether the caller may make a document as most are, now or once they were proved.
    pub(super) fn may_create(&self, auth: &Auth) -> bool {
        let resource = Resource::Document {
            id: None,
            organization: self.organization.clone(),
            owner: self.user_id().clone(),
            department: None,
            sensitivity: Sensitivity::default().as_str(),
            state: DocumentState::default().as_str(),
        };
        let verdict = self.verdict(auth, OrganizationPermission::CreateDocuments, &resource);
        matches!(verdict, Verdict::Allowed | Verdict::NeedsProof)
    }

    /// What the caller may do with a document, now or once they were proved.
    pub(super) fn acts_with(&self, auth: &Auth, row: &DocumentRow) -> Vec<DocumentAct> {
        let resource = resource_of(row);
        let may = |act: &DocumentAct| {
            matches!(self.verdict(auth, act.permission(), &resource), Verdict::Allowed | Verdict::NeedsProof)
        };
        DocumentAct::ALL.into_iter().filter(may).collect()
    }
}
