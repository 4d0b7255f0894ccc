//! Invitations into organizations: made, read, sent again, taken back.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::memberships::role_of;
use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::{InvitationId, OrganizationId, UserId};
use crate::organization::{OrganizationName, OrganizationPermission, OrganizationPermissions, OrganizationRole, Slug};
use crate::paging::{Place, rows_to_ask};
use crate::view::InvitationState;
use crate::{Email, PersonName, Timestamp};

/// An invitation to be stored.
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: &'a InvitationId,
    /// Into which organization.
    pub organization_id: &'a OrganizationId,
    /// Who is invited.
    pub email: &'a Email,
    /// What it says, and who says it.
    pub terms: InvitationTerms<'a>,
}

/// What an invitation says: all that changes when it is made anew.
pub struct InvitationTerms<'a> {
    /// The role.
    pub role: &'a OrganizationRole,
    /// Where in the organization.
    pub department: Option<&'a str>,
    /// Who invites.
    pub inviter_id: &'a UserId,
    /// Digest of the link's token.
    pub link_digest: &'a str,
    /// Keyed digest of the code.
    pub code_mac: &'a str,
    /// Now.
    pub now: Timestamp,
    /// When link and code end.
    pub expires_at: Timestamp,
}

/// What a role of an organization is.
#[derive(Clone, Debug)]
pub struct RoleGrant {
    /// What it is called: the name of a built-in one, else that of the organization.
    pub name: String,
    /// What it allows.
    pub permissions: OrganizationPermissions,
}

impl RoleGrant {
    /// Of a role, with what the organization's table of roles says of it; none when it is gone.
    fn of(role: &OrganizationRole, stored: (Option<String>, Option<String>)) -> Option<Self> {
        if matches!(role, OrganizationRole::Custom(_)) && stored.0.is_none() {
            return None;
        }
        let (_, name, permissions) = role_of(role.as_str(), stored);
        Some(Self { name, permissions })
    }
}

/// A stored invitation, with what it depends on as that stands now.
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// Into which organization.
    pub organization_id: OrganizationId,
    /// What that is called.
    pub organization: OrganizationName,
    /// What that is called in addresses.
    pub slug: Slug,
    /// Whether it is neither closed nor about to go.
    pub is_organization_open: bool,
    /// Since when its members must have a second factor.
    pub factor_required_from: Option<Timestamp>,
    /// Who is invited.
    pub email: Email,
    /// With which role.
    pub role: OrganizationRole,
    /// What that is; none when it is gone.
    pub grant: Option<RoleGrant>,
    /// Where in the organization.
    pub department: Option<String>,
    /// Who invites.
    pub inviter_id: UserId,
    /// What they want to be called.
    pub inviter: PersonName,
    /// What they may do there; nothing when they are no member.
    pub inviter_permissions: OrganizationPermissions,
    /// Until when their account is suspended; the beginning of time: it is not.
    pub inviter_suspended_until: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its newest mail was sent.
    pub sent_at: Timestamp,
    /// When that ends.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// When whoever is invited said no.
    pub declined_at: Option<Timestamp>,
}

impl InvitationRow {
    /// How it stands. An invitation is worth what whoever invites may give at the moment.
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.used_at.is_some() {
            InvitationState::Accepted
        } else if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if self.declined_at.is_some() {
            InvitationState::Declined
        } else if !self.may_be_given(now) {
            InvitationState::Dead
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    fn may_be_given(&self, now: Timestamp) -> bool {
        let own = &self.inviter_permissions;
        self.is_organization_open
            && self.inviter_suspended_until <= now
            && own.contains(OrganizationPermission::ManageInvitations)
            && self.grant.as_ref().is_some_and(|grant| own.covers(&grant.permissions))
    }
}

/// The columns of an invitation, with the organization, the role, whoever invites and what they may there.
macro_rules! invitation {
    () => {
        "SELECT i.id, i.organization_id, i.email, i.role, i.department, i.inviter_id, i.created_at, i.sent_at, \
         i.expires_at, i.used_at, i.revoked_at, i.declined_at, o.name AS organization_name, o.slug, \
         o.factor_required_from, CAST(CASE WHEN o.closed_at IS NULL AND o.delete_at IS NULL THEN 1 ELSE 0 END \
         AS BIGINT) AS is_open, u.name AS inviter_name, \
         u.suspended_until AS inviter_suspended_until, r.name AS role_name, r.permissions AS role_permissions, \
         m.role AS inviter_role, mr.permissions AS inviter_permissions \
         FROM invitations i JOIN organizations o ON o.id = i.organization_id JOIN users u ON u.id = i.inviter_id \
         LEFT JOIN organization_roles r ON r.organization_id = i.organization_id AND r.id = i.role \
         LEFT JOIN memberships m ON m.organization_id = i.organization_id AND m.user_id = i.inviter_id \
         LEFT JOIN organization_roles mr ON mr.organization_id = m.organization_id AND mr.id = m.role"
    };
}

/// An invitation that neither its person nor anybody else answered. Its time may be over.
macro_rules! waits {
    () => {
        "used_at IS NULL AND revoked_at IS NULL AND declined_at IS NULL"
    };
}
pub(super) use waits;

impl FromRow<'_, AnyRow> for InvitationRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let moment = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp));
        let role = OrganizationRole::parse(row.try_get("role")?);
        let stored: (Option<String>, Option<String>) = (row.try_get("role_name")?, row.try_get("role_permissions")?);
        let own: Option<String> = row.try_get("inviter_role")?;
        let own = own.map(|own| Ok::<_, sqlx::Error>(role_of(&own, (None, row.try_get("inviter_permissions")?)).2));
        Ok(Self {
            id: InvitationId(row.try_get("id")?),
            organization_id: OrganizationId(row.try_get("organization_id")?),
            organization: OrganizationName::from(row.try_get::<String, _>("organization_name")?),
            slug: Slug::from(row.try_get::<String, _>("slug")?),
            is_organization_open: row.try_get::<i64, _>("is_open")? == 1,
            factor_required_from: moment("factor_required_from")?,
            email: parsed(row, "email")?,
            grant: RoleGrant::of(&role, stored),
            role,
            department: row.try_get("department")?,
            inviter_id: UserId(row.try_get("inviter_id")?),
            inviter: PersonName::from(row.try_get::<String, _>("inviter_name")?),
            inviter_permissions: own.transpose()?.unwrap_or_default(),
            inviter_suspended_until: Timestamp(row.try_get("inviter_suspended_until")?),
            created_at: Timestamp(row.try_get("created_at")?),
            sent_at: Timestamp(row.try_get("sent_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
            used_at: moment("used_at")?,
            revoked_at: moment("revoked_at")?,
            declined_at: moment("declined_at")?,
        })
    }
}

impl Store {
    /// The invitation of a link, however it stands. Changes nothing.
    pub async fn invitation_by_link(&self, link_digest: &str) -> Result<Option<InvitationRow>> {
        sqlx::query_as(concat!(invitation!(), " WHERE i.link_digest = $1"))
            .bind(link_digest)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// An invitation with this id, however it stands.
    pub async fn invitation(&self, id: &InvitationId) -> Result<Option<InvitationRow>> {
        sqlx::query_as(concat!(invitation!(), " WHERE i.id = $1"))
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// Invitations into an organization that were neither accepted nor taken back and follow `place`, the newest first.
    pub async fn invitations_into(&self, organization: &OrganizationId, place: &Place) -> Result<Vec<InvitationRow>> {
        sqlx::query_as(concat!(
            invitation!(),
            " WHERE i.organization_id = $1 AND i.used_at IS NULL AND i.revoked_at IS NULL \
             AND (i.created_at, i.id) < ($2, $3) ORDER BY i.created_at DESC, i.id DESC LIMIT $4"
        ))
        .bind(organization.as_str())
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// An invitation as it stands in this transaction.
    pub async fn invitation(&mut self, id: &InvitationId) -> Result<Option<InvitationRow>> {
        sqlx::query_as(concat!(invitation!(), " WHERE i.id = $1")).bind(id.as_str()).fetch_optional(&mut *self.0).await
    }

    /// The invitation of an address that nobody answered, whether its time is over or not. For whoever holds the
    /// organization.
    pub async fn waiting_invitation(
        &mut self,
        organization: &OrganizationId,
        email: &Email,
    ) -> Result<Option<InvitationId>> {
        sqlx::query(concat!("SELECT id FROM invitations WHERE organization_id = $1 AND email = $2 AND ", waits!()))
            .bind(organization.as_str())
            .bind(email.as_str())
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| row.try_get("id").map(InvitationId))
            .transpose()
    }

    /// Stores an invitation.
    pub async fn insert_invitation(&mut self, new: &NewInvitation<'_>) -> Result<()> {
        let terms = &new.terms;
        sqlx::query(
            "INSERT INTO invitations (id, organization_id, email, role, department, inviter_id, link_digest, code_mac, \
             created_at, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)",
        )
        .bind(new.id.as_str())
        .bind(new.organization_id.as_str())
        .bind(new.email.as_str())
        .bind(terms.role.as_str())
        .bind(terms.department)
        .bind(terms.inviter_id.as_str())
        .bind(terms.link_digest)
        .bind(terms.code_mac)
        .bind(terms.now.0)
        .bind(terms.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Gives an invitation that waits other terms: the link and code of before are dead. `false` when somebody answered
    /// it.
    pub async fn renew_invitation(&mut self, id: &InvitationId, terms: &InvitationTerms<'_>) -> Result<bool> {
        let done = sqlx::query(concat!(
            "UPDATE invitations SET role = $2, department = $3, inviter_id = $4, link_digest = $5, code_mac = $6, \
             wrong_codes = 0, sent_at = $7, expires_at = $8 WHERE id = $1 AND ",
            waits!()
        ))
        .bind(id.as_str())
        .bind(terms.role.as_str())
        .bind(terms.department)
        .bind(terms.inviter_id.as_str())
        .bind(terms.link_digest)
        .bind(terms.code_mac)
        .bind(terms.now.0)
        .bind(terms.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes an invitation back and says whose it was; none when there is none that waits.
    pub async fn revoke_invitation(
        &mut self,
        organization: &OrganizationId,
        id: &InvitationId,
        now: Timestamp,
    ) -> Result<Option<Email>> {
        sqlx::query(concat!(
            "UPDATE invitations SET revoked_at = $3 WHERE id = $2 AND organization_id = $1 AND ",
            waits!(),
            " RETURNING email"
        ))
        .bind(organization.as_str())
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| parsed(&row, "email"))
        .transpose()
    }

    /// Whether a member of an organization has this address.
    pub async fn has_member_with(&mut self, organization: &OrganizationId, email: &Email) -> Result<bool> {
        let row = sqlx::query(
            "SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND u.email = $2",
        )
        .bind(organization.as_str())
        .bind(email.as_str())
        .fetch_optional(&mut *self.0)
        .await?;
        Ok(row.is_some())
    }
}
