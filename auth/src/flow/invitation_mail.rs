//! What an invitation is made of: its link and code, its mail, and the limits that keep it from being a way to write to
//! people who do not want that.

use secrecy::{ExposeSecret, SecretString};

use super::organization_permission::InOrganization;
use super::reauthenticate::require_fresh;
use crate::crypto::{Purpose, token_digest};
use crate::id::InvitationId;
use crate::mail::{Mail, OrganizationMessage};
use crate::organization::OrganizationRole;
use crate::store::{InvitationRow, RoleGrant, Transaction};
use crate::view::InvitationItem;
use crate::{Auth, Context, Email, ErrorCode, Field, FieldIssue, Locale, Refusal, Result, Timestamp, VerificationCode};

/// Invitations of an organization that can be accepted at the same time.
const MOST_OPEN: i64 = 200;
/// Mails that an organization may cause in an hour.
const MOST_MAILS: i64 = 50;
/// Mails that an address may get in an hour, from all organizations together.
const MOST_TO_ADDRESS: i64 = 5;
/// Mails that an address may get in a day, from all organizations together.
const MOST_TO_ADDRESS_A_DAY: i64 = 10;
/// Invitations that somebody may send in an hour, into all organizations together.
const MOST_OF_INVITER: i64 = 100;
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// Seconds between two mails of an organization to one address.
const BETWEEN_MAILS: i64 = 60;

/// Link and code of one mail.
pub(super) struct Secrets {
    token: SecretString,
    code: VerificationCode,
}

impl Secrets {
    pub(super) fn draw(auth: &Auth) -> Self {
        Self { token: auth.random.token(), code: auth.random.code() }
    }

    pub(super) fn link_digest(&self) -> String {
        token_digest(Purpose::InvitationLink, &self.token)
    }

    pub(super) fn code_mac(&self, auth: &Auth, id: &InvitationId) -> String {
        code_mac(auth, id, &self.code)
    }
}

/// The keyed digest of a code, bound to its invitation.
pub(super) fn code_mac(auth: &Auth, id: &InvitationId, code: &VerificationCode) -> String {
    auth.codes.of(&format!("invitation:{}", id.as_str()), code)
}

/// The language of whoever is invited, as far as it is known: else that of whoever invites.
pub(super) async fn language_of(auth: &Auth, email: &Email, context: &Context) -> Result<Locale> {
    Ok(auth.store.user_by_email(email).await?.map_or(context.locale, |user| user.locale))
}

/// Refuses beyond the limits, and notes the mail that is about to be promised. For whoever holds the organization.
///
/// # Errors
/// [`ErrorCode::TooMany`] for one more than 200 that are open; [`ErrorCode::TooSoon`] within 60 seconds of a mail to the
/// same address, beyond 50 mails of the organization, 100 invitations of whoever invites or 5 mails to the address in an
/// hour, and beyond 10 to the address in a day.
pub(super) async fn note_mail(
    auth: &Auth,
    tx: &mut Transaction,
    within: &InOrganization,
    email: &Email,
    is_new: bool,
) -> Result<()> {
    let (now, recipient) = (auth.now(), auth.mac_of_recipient(email));
    let (organization, inviter) = (&within.organization.id, &within.session.user_id);
    let since = (now.minus_seconds(HOUR), now.minus_seconds(DAY));
    let counts = tx.count_invitations((organization, inviter), &recipient, since, now).await?;
    if is_new && counts.open >= MOST_OPEN {
        return Err(ErrorCode::TooMany.into());
    }
    let next = counts.last_mail_at.map_or(now, |at| at.plus_seconds(BETWEEN_MAILS));
    if next > now {
        return Err(Refusal::retry_after(ErrorCode::TooSoon, seconds_until(next, now)).into());
    }
    let is_too_much = counts.mails >= MOST_MAILS || counts.of_inviter >= MOST_OF_INVITER;
    let is_bothered =
        counts.mails_to_address >= MOST_TO_ADDRESS || counts.mails_to_address_in_day >= MOST_TO_ADDRESS_A_DAY;
    if is_too_much || is_bothered {
        return Err(Refusal::retry_after(ErrorCode::TooSoon, 3600).into());
    }
    tx.note_invitation_mail(&auth.random.id(now), organization, &recipient, now).await?;
    Ok(())
}

fn seconds_until(next: Timestamp, now: Timestamp) -> u32 {
    u32::try_from((next.0 - now.0).unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX)
}

/// What a role of the organization allows, when the caller may give it: nobody gives what they do not have.
///
/// # Errors
/// [`FieldIssue::Unknown`] and [`FieldIssue::BeyondOwn`] of [`Field::Role`].
pub(super) async fn role_to_give(
    tx: &mut Transaction,
    within: &InOrganization,
    role: &OrganizationRole,
) -> Result<RoleGrant> {
    let issue = |issue| Refusal::invalid(vec![(Field::Role, issue)]);
    let grant = match role {
        OrganizationRole::BuiltIn(built_in) => {
            RoleGrant { name: built_in.as_str().to_owned(), permissions: built_in.permissions() }
        }
        OrganizationRole::Custom(id) => {
            let found = tx.organization_role(&within.organization.id, id).await?;
            let found = found.ok_or_else(|| issue(FieldIssue::Unknown))?;
            RoleGrant { name: found.name, permissions: found.permissions }
        }
    };
    if !within.membership.permissions.covers(&grant.permissions) {
        return Err(issue(FieldIssue::BeyondOwn).into());
    }
    Ok(grant)
}

/// A stolen session makes no owner, not by mail either. Judged before the transaction: what the refusal says is read from
/// elsewhere. Who may not make one is told so by [`role_to_give`], and not asked for a proof first.
///
/// # Errors
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::ReadOnly`] in the place of somebody else.
pub(super) async fn require_proof_for_owner(
    auth: &Auth,
    within: &InOrganization,
    role: &OrganizationRole,
) -> Result<()> {
    if role.is_owner() && within.membership.role.is_owner() {
        require_fresh(auth, within.session.clone()).await?;
    }
    Ok(())
}

/// Promises the mail.
pub(super) async fn promise_invitation(
    auth: &Auth,
    tx: &mut Transaction,
    within: &InOrganization,
    secrets: &Secrets,
    (to, locale): (&Email, Locale),
) -> Result<()> {
    let message = OrganizationMessage::Invitation {
        inviter: within.session.name.clone(),
        organization: within.organization.name.clone(),
        link: format!("{}/invitation?token={}", auth.public_url, secrets.token.expose_secret()),
        code: secrets.code.digits().to_owned(),
    }
    .into();
    auth.promise_mail(tx, &Mail { to: to.clone(), locale, message }).await
}

/// An invitation as the list of its organization shows it.
pub(super) fn item(row: InvitationRow, now: Timestamp) -> InvitationItem {
    InvitationItem {
        state: row.state(now),
        role: row.role.as_str().to_owned(),
        role_name: row.grant.map(|grant| grant.name),
        id: row.id,
        email: row.email,
        department: row.department,
        inviter: row.inviter,
        created_at: row.created_at,
        sent_at: row.sent_at,
        expires_at: row.expires_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds() {
        let now = Timestamp(1_800_000_000_000);
        for (millis, seconds) in [(1, 1), (1000, 1), (1001, 2), (60_000, 60)] {
            assert_eq!(seconds_until(Timestamp(now.0 + millis), now), seconds);
        }
    }
}
