//! What becomes of an invitation: guessed at, accepted, declined; and the mails that were sent for some.

use sqlx::Row;

use super::invitations::waits;
use super::sign_ups::MAX_WRONG_CODES;
use super::{Result, Store, Transaction};
use crate::id::{InvitationId, OrganizationId, UserId};
use crate::organization::OrganizationRole;
use crate::{Email, Timestamp};

/// An invitation whose code may be compared: a try of it is spent.
pub struct InvitationTry {
    /// Its id.
    pub id: InvitationId,
    /// Keyed digest of its code.
    pub code_mac: String,
}

/// What an invitation gave to whoever accepted it.
pub struct AcceptedInvitation {
    /// The role.
    pub role: OrganizationRole,
    /// Where in the organization.
    pub department: Option<String>,
}

/// How many invitations there are, and how many mails they caused.
pub struct InvitationCounts {
    /// Those into the organization that can be accepted.
    pub open: i64,
    /// Mails that the organization caused lately.
    pub mails: i64,
    /// Invitations that whoever invites sent lately, into any organization.
    pub of_inviter: i64,
    /// Mails that the address got lately because of any organization.
    pub mails_to_address: i64,
    /// The same since longer.
    pub mails_to_address_in_day: i64,
    /// When the organization last wrote to the address.
    pub last_mail_at: Option<Timestamp>,
}

impl Store {
    /// How often the codes of invitations to an address were tried, the one with the fewest tries first: into this
    /// organization, or into any when it is empty. None when nothing waits there.
    pub async fn tries_of_invitations(&self, email: &Email, organization: &str, now: Timestamp) -> Result<Option<i64>> {
        sqlx::query(concat!(
            "SELECT wrong_codes FROM invitations WHERE email = $1 AND (organization_id = $2 OR $2 = '') \
             AND expires_at > $3 AND ",
            waits!(),
            " ORDER BY wrong_codes LIMIT 1"
        ))
        .bind(email.as_str())
        .bind(organization)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| row.try_get("wrong_codes"))
        .transpose()
    }
}

impl Transaction {
    /// Spends one try of the code of the invitation of an address into this organization, or of each of its invitations
    /// when it is empty. Spending comes before comparing.
    pub async fn try_invitation_codes(
        &mut self,
        email: &Email,
        organization: &str,
        now: Timestamp,
    ) -> Result<Vec<InvitationTry>> {
        sqlx::query(concat!(
            "UPDATE invitations SET wrong_codes = wrong_codes + 1 WHERE email = $1 \
             AND (organization_id = $2 OR $2 = '') AND expires_at > $3 AND wrong_codes < $4 AND ",
            waits!(),
            " RETURNING id, code_mac"
        ))
        .bind(email.as_str())
        .bind(organization)
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| Ok(InvitationTry { id: InvitationId(row.try_get("id")?), code_mac: row.try_get("code_mac")? }))
        .collect()
    }

    /// Consumes an invitation for whoever has its address; none when that was done before, or its time is over.
    pub async fn use_invitation(
        &mut self,
        id: &InvitationId,
        email: &Email,
        now: Timestamp,
    ) -> Result<Option<AcceptedInvitation>> {
        let row = sqlx::query(concat!(
            "UPDATE invitations SET used_at = $3 WHERE id = $1 AND email = $2 AND expires_at > $3 AND ",
            waits!(),
            " RETURNING role, department"
        ))
        .bind(id.as_str())
        .bind(email.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.map(|row| {
            let role = OrganizationRole::parse(row.try_get("role")?);
            Ok(AcceptedInvitation { role, department: row.try_get("department")? })
        })
        .transpose()
    }

    /// Declines the invitation of a link, once; says into which organization it was.
    pub async fn decline_invitation(
        &mut self,
        link_digest: &str,
        now: Timestamp,
    ) -> Result<Option<(InvitationId, OrganizationId)>> {
        let row = sqlx::query(concat!(
            "UPDATE invitations SET declined_at = $2 WHERE link_digest = $1 AND expires_at > $2 AND ",
            waits!(),
            " RETURNING id, organization_id"
        ))
        .bind(link_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.map(|row| Ok((InvitationId(row.try_get("id")?), OrganizationId(row.try_get("organization_id")?))))
            .transpose()
    }

    /// Counts what the limits are about: what was sent since a moment, and to the address also since an earlier one. For
    /// whoever holds the organization.
    pub async fn count_invitations(
        &mut self,
        (organization, inviter): (&OrganizationId, &UserId),
        recipient_mac: &str,
        (since, earlier): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<InvitationCounts> {
        let row = sqlx::query(concat!(
            "SELECT CAST((SELECT COUNT(*) FROM invitations WHERE organization_id = $1 AND expires_at > $4 AND ",
            waits!(),
            ") AS BIGINT) AS open, \
             CAST((SELECT COUNT(*) FROM invitation_mails WHERE organization_id = $1 AND sent_at > $3) AS BIGINT) \
             AS mails, \
             CAST((SELECT COUNT(*) FROM invitation_mails WHERE recipient_mac = $2 AND sent_at > $3) AS BIGINT) \
             AS mails_to_address, \
             CAST((SELECT COUNT(*) FROM invitation_mails WHERE recipient_mac = $2 AND sent_at > $5) AS BIGINT) \
             AS mails_to_address_in_day, \
             CAST((SELECT COUNT(*) FROM invitations WHERE inviter_id = $6 AND sent_at > $3) AS BIGINT) AS of_inviter, \
             (SELECT CAST(MAX(sent_at) AS BIGINT) FROM invitation_mails WHERE recipient_mac = $2 \
             AND organization_id = $1) AS last_mail_at"
        ))
        .bind(organization.as_str())
        .bind(recipient_mac)
        .bind(since.0)
        .bind(now.0)
        .bind(earlier.0)
        .bind(inviter.as_str())
        .fetch_one(&mut *self.0)
        .await?;
        Ok(InvitationCounts {
            open: row.try_get("open")?,
            mails: row.try_get("mails")?,
            of_inviter: row.try_get("of_inviter")?,
            mails_to_address: row.try_get("mails_to_address")?,
            mails_to_address_in_day: row.try_get("mails_to_address_in_day")?,
            last_mail_at: row.try_get::<Option<i64>, _>("last_mail_at")?.map(Timestamp),
        })
    }

    /// Notes that a mail was promised.
    pub async fn note_invitation_mail(
        &mut self,
        id: &str,
        organization: &OrganizationId,
        recipient_mac: &str,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO invitation_mails (id, organization_id, recipient_mac, sent_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(organization.as_str())
        .bind(recipient_mac)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
