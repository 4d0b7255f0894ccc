//! `/api/v1/admin/audit` and `/api/v1/organizations/{organization}/audit`: the audit log for programs. It is read, verified
//! and handed out; nobody writes it here.

use auth::form::{AuditFilter, AuditForm, AuditFormat};
use auth::id::OrganizationId;
use auth::organization::OrganizationPermission;
use auth::session::Caller;
use auth::{Auth, Context, Cursor, Locale, Permission, TimeZone, flow};
use serde::Deserialize;
use utoipa::ToSchema;

use super::query::QueryOf;
use crate::problem::Refused;

pub mod export;
pub mod export_organization;
pub mod search;
pub mod search_organization;
pub mod state;

/// The query of an export: what is looked for, and as what it is handed out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExportQuery {
    format: String,
    kind: String,
    person: String,
    organization: String,
    outcome: String,
    address: String,
    request_id: String,
    from: String,
    to: String,
}

impl ExportQuery {
    /// Parses both. Days begin in this zone, in UTC without one.
    ///
    /// # Errors
    /// [`Refused`] names a format that there is not, else the fields of the filter at fault.
    pub fn parse(self, zone: Option<&TimeZone>, locale: Locale) -> Result<(AuditFilter, AuditFormat), Refused> {
        let format = AuditFormat::parse(&self.format).map_err(|refusal| Refused::new(refusal, locale))?;
        let form = AuditForm {
            kind: self.kind,
            person: self.person,
            organization: self.organization,
            outcome: self.outcome,
            address: self.address,
            request_id: self.request_id,
            from: self.from,
            to: self.to,
            after: None,
        };
        let filter = form.parse(zone).map_err(|refusal| Refused::new(refusal, locale))?;
        Ok((filter, format))
    }
}

/// What is looked for, and where the list goes on. Days are those of UTC.
fn filter_of(form: AuditForm, locale: Locale) -> Result<(AuditFilter, Option<Cursor>), Refused> {
    let filter = form.parse(None).map_err(|refusal| Refused::new(refusal, locale))?;
    Ok((filter, form.after))
}

/// The query, once it is sure that the caller may see the whole log. To others nothing is there, however they ask.
async fn query_of_platform<T>(
    auth: &Auth,
    caller: &Caller,
    query: Result<QueryOf<T>, Refused>,
    locale: Locale,
) -> Result<T, Refused> {
    let permitted = flow::require_permission(auth, caller, Permission::ReadAudit).await;
    permitted.map_err(|error| Refused::from_error(&error, locale))?;
    query.map(|QueryOf(query)| query)
}

/// The query, once it is sure that the caller may see the log of the organization.
async fn query_of_organization<T>(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    query: Result<QueryOf<T>, Refused>,
    context: &Context,
) -> Result<T, Refused> {
    let permission = OrganizationPermission::ReadAudit;
    let permitted = flow::require_in_organization(auth, caller, organization, permission, context).await;
    permitted.map_err(|error| Refused::from_error(&error, context.locale))?;
    query.map(|QueryOf(query)| query)
}

/// One page of lines, the newest first.
#[derive(ToSchema)]
#[schema(as = AuditPage)]
#[expect(dead_code, reason = "the shape of `auth::Page` for the document")]
struct AuditPageShape {
    /// At most 50 lines. A filter that fits few may give fewer, even none, while `next` goes on.
    items: Vec<AuditItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
}

/// A line of the audit log.
#[derive(ToSchema)]
#[schema(as = AuditItem)]
#[expect(dead_code, reason = "the shape of `auth::view::AuditItem` for the document")]
pub struct AuditItemShape {
    /// The line; not a secret.
    id: String,
    /// Its place in the chain; null for a moment, until it is sealed.
    sequence: Option<i64>,
    /// When, in milliseconds since 1970.
    at: i64,
    /// What. More kinds will come.
    #[schema(example = "session.started")]
    kind: String,
    /// `done` or `refused`.
    #[schema(example = "done")]
    outcome: String,
    /// Whose account it is about; null when there is none, or the person left.
    subject: Option<AuditPersonShape>,
    /// Who did it, where that was written down.
    actor: Option<AuditPersonShape>,
    /// Who acted in the actor's place.
    impersonator: Option<AuditPersonShape>,
    /// Where it was done.
    organization: Option<AuditOrganizationShape>,
    /// What it was done with.
    target: Option<String>,
    /// What changed.
    changes: Vec<ChangeShape>,
    /// The client's address; empty when unknown.
    #[schema(example = "192.0.2.1")]
    address: String,
    /// Browser and system in words; empty when unknown.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// The request; lines of one act have the same.
    request_id: String,
    /// The session it was done in, or done to.
    session_id: Option<String>,
    /// How often the same happened again within the minute: refusals of one person share a line.
    repeats: i64,
}

/// Somebody a line names.
#[derive(ToSchema)]
#[schema(as = AuditPerson)]
#[expect(dead_code, reason = "the shape of `auth::view::AuditPerson` for the document")]
struct AuditPersonShape {
    /// The account.
    id: String,
    /// Its address of today; null once it is gone.
    email: Option<String>,
}

/// An organization a line names.
#[derive(ToSchema)]
#[schema(as = AuditOrganization)]
#[expect(dead_code, reason = "the shape of `auth::view::AuditOrganization` for the document")]
struct AuditOrganizationShape {
    /// The organization.
    id: String,
    /// What it is called today; null once it is gone.
    name: Option<String>,
}

/// A field that an act changed.
#[derive(ToSchema)]
#[schema(as = AuditChange)]
#[expect(dead_code, reason = "the shape of `auth::audit::Change` for the document")]
struct ChangeShape {
    /// The field.
    #[schema(example = "role")]
    field: String,
    /// What it was; null when there was nothing.
    old: Option<String>,
    /// What it is; null when there is nothing.
    new: Option<String>,
}
