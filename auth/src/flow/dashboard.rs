//! The first page behind the sign-in. What somebody sees there is not a matter of the name of their role: each part asks
//! the policies for itself, as the pages do that it leads to.

use super::document_access::{AtDocuments, Verdict, resource_of};
use super::organization_permission::{InOrganization, look_in_organization};
use super::permission::look_for_permission;
use super::show_document::item_of;
use crate::document::DocumentState;
use crate::organization::OrganizationPermission;
use crate::paging::Place;
use crate::policy::{Act, ActContext, Resource};
use crate::session::Caller;
use crate::store::{DocumentFilter, DocumentRow, OwnOrganizationRow};
use crate::view::{DashboardView, DocumentItem, OfficeView, PlatformNumbers, WorkView};
use crate::{Auth, Context, Error, ErrorCode, Permission, Result};

/// Rows of a part.
const FEW: usize = 5;
/// Documents that are looked at for those.
const LOOKED_AT: i64 = 50;
/// Lines of a log.
const LINES: i64 = 6;

/// What concerns the caller's work and office, as far as the policies let them see it.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn dashboard(auth: &Auth, caller: &Caller, context: &Context) -> Result<DashboardView> {
    let session = auth.session_of(caller).await?;
    // A refused permission costs a read; whoever has no office need not pay for it.
    let office = if session.role.administers() { Some(office(auth, caller).await?) } else { None };
    let place = match session.working_in {
        Some(working) => Some(working.organization),
        None => auth.store.first_organization_of(&caller.user_id).await?,
    };
    let work = match place {
        Some(id) => auth.store.own_organization(&id, &caller.user_id).await?,
        None => None,
    };
    let work = match work {
        Some(row) => Some(work_in(auth, caller, row, context).await?),
        None => None,
    };
    Ok(DashboardView { work, office })
}

async fn work_in(auth: &Auth, caller: &Caller, row: OwnOrganizationRow, context: &Context) -> Result<WorkView> {
    let OwnOrganizationRow { organization, membership, .. } = row;
    let id = organization.id.clone();
    let mut view = WorkView {
        slug: organization.slug,
        name: organization.name,
        role_name: membership.role_name,
        asks: None,
        recent: None,
        drafts: None,
        invitations: None,
        members: None,
        lines: None,
        ownership: None,
    };
    let within = match look_in_organization(auth, caller, &id, OrganizationPermission::ReadOrganization, context).await
    {
        Ok(within) => within,
        Err(error) => {
            view.asks = Some(refusal_of(error)?);
            return Ok(view);
        }
    };
    let may = |permission| may_in(auth, &within, permission, context);
    if may(OrganizationPermission::ReadInvitations) {
        view.invitations = Some(auth.store.open_invitations(&id, auth.now()).await?);
    }
    if may(OrganizationPermission::UpdateMembers) {
        view.members = Some(auth.store.member_counts(&id).await?);
    }
    if may(OrganizationPermission::ReadAudit) {
        view.lines = Some(auth.store.happened_in(&id, LINES).await?);
    }
    if may(OrganizationPermission::TransferOrganization) {
        view.ownership = auth.store.ownership(&id).await?;
    }
    match AtDocuments::look(auth, caller, &id, OrganizationPermission::ReadDocuments, context).await {
        Ok(at) => {
            let rows = auth.store.documents_changed_last(&id, LOOKED_AT).await?;
            view.recent = Some(readable(auth, &at, rows));
            if at.may_create(auth) {
                view.drafts = Some(own_drafts(auth, &at).await?);
            }
        }
        Err(error) => {
            refusal_of(error)?;
        }
    }
    Ok(view)
}

/// What the policies say of an act in an organization, on a page.
fn may_in(auth: &Auth, within: &InOrganization, permission: OrganizationPermission, context: &Context) -> bool {
    let now = auth.now();
    let resource = Resource::Organization(within.organization.id.clone());
    let acts = ActContext { at: now, address: context.address.clone(), method: "page" };
    auth.decide(&Act::in_organization(within.principal(now), permission, resource, acts)).is_allowed
}

/// The first of these that the caller may read; those that wait for a proof are told of on their own page.
fn readable(auth: &Auth, at: &AtDocuments, rows: Vec<DocumentRow>) -> Vec<DocumentItem> {
    let may = |row: &DocumentRow| {
        at.verdict(auth, OrganizationPermission::ReadDocuments, &resource_of(row)) == Verdict::Allowed
    };
    rows.into_iter().filter(may).take(FEW).map(item_of).collect()
}

async fn own_drafts(auth: &Auth, at: &AtDocuments) -> Result<Vec<DocumentItem>> {
    let filter = DocumentFilter {
        state: Some(DocumentState::Draft),
        owner: Some(at.user_id().clone()),
        beginning: String::new(),
    };
    let rows = auth.store.documents(&at.organization, &filter, &Place::of(None)?).await?;
    Ok(readable(auth, at, rows))
}

async fn office(auth: &Auth, caller: &Caller) -> Result<OfficeView> {
    let mut view = OfficeView::default();
    if may(auth, caller, Permission::ReadUsers).await? {
        view.sign_ups = Some(auth.store.latest_accounts(LINES).await?);
    }
    if may(auth, caller, Permission::ReadMails).await? {
        view.failed_mails = Some(auth.store.failed_mails().await?);
    }
    if may(auth, caller, Permission::ReadAudit).await? {
        view.audit = Some(auth.store.audit_state(LINES).await?);
    }
    if may(auth, caller, Permission::ManageRoles).await? {
        view.numbers = Some(auth.store.platform_numbers(PlatformNumbers::MOST_COUNTED).await?);
    }
    Ok(view)
}

async fn may(auth: &Auth, caller: &Caller, permission: Permission) -> Result<bool> {
    match look_for_permission(auth, caller, permission).await {
        Ok(_) => Ok(true),
        Err(error) => refusal_of(error).map(|_| false),
    }
}

/// Why a part is not shown.
///
/// # Errors
/// What concerns the whole page: the session is over, or the database failed.
fn refusal_of(error: Error) -> Result<ErrorCode> {
    match error {
        Error::Refused(refusal) => match refusal.code {
            ErrorCode::SignedOut | ErrorCode::Busy | ErrorCode::Unavailable => Err(refusal.into()),
            code => Ok(code),
        },
        error @ Error::Internal(_) => Err(error),
    }
}
