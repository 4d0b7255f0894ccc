//! Signed-in devices.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::memberships::role_of;
use super::news::Topic;
use super::users::{factors, locale, parsed, role, time_zone};
use super::{Result, Statement, Store, Transaction};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::organization::OrganizationPermissions;
use crate::{Email, FactorMethod, Factors, Locale, PersonName, Role, TimeZone, Timestamp};

/// A session to be stored.
pub struct NewSession<'a> {
    /// Its id.
    pub id: &'a SessionId,
    /// Whose it is.
    pub user_id: &'a UserId,
    /// How it was proved (`amr`, RFC 8176), such as `pwd`.
    pub method: &'a str,
    /// Browser and system in words.
    pub device: &'a str,
    /// Where it came from.
    pub address: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The account's password hash, which must still be this one; none without a password.
    pub password_hash: Option<&'a str>,
    /// The factor that was proved beside it.
    pub factor: Option<FactorMethod>,
    /// Whether a factor was proved, or the device is trusted: otherwise the account must have no factor.
    pub passes_factors: bool,
}

/// A live session with its person.
#[derive(Clone)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// What the account may do.
    pub role: Role,
    /// The language of mails.
    pub locale: Locale,
    /// The zone that times are shown in; none: UTC.
    pub time_zone: Option<TimeZone>,
    /// When the account was made.
    pub user_created_at: Timestamp,
    /// Whether the person has a password.
    pub has_password: bool,
    /// How it was proved.
    pub method: String,
    /// Browser and system in words.
    pub device: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When the person was last proved in it (`auth_time`).
    pub authenticated_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When the account goes, if that was asked for.
    pub delete_at: Option<Timestamp>,
    /// How often the rights of the person changed; access tokens carry it.
    pub token_version: i64,
    /// What proves the person beside the password.
    pub factors: Factors,
    /// When the rule that they must have one first met the account; none: they need not.
    pub factor_required_from: Option<Timestamp>,
    /// Since when an organization of theirs demands one; none: none does.
    pub organization_factor_from: Option<Timestamp>,
    /// The factor that was proved in this session last.
    pub factor: Option<FactorMethod>,
    /// When; the beginning of time when none was.
    pub factor_at: Timestamp,
    /// The organization it works in at the moment, while its person is in it.
    pub working_in: Option<WorkingIn>,
    /// Who acts in it in its person's place.
    pub impersonation: Option<ImpersonationRow>,
}

/// What the person of a session is in the organization it works in.
#[derive(Clone)]
pub struct WorkingIn {
    /// Which.
    pub organization: OrganizationId,
    /// The name of a built-in role, else what the organization calls it.
    pub role_name: String,
    /// What the role allows.
    pub permissions: OrganizationPermissions,
    /// When its members must have a second factor from; none: they need not.
    pub factor_required_from: Option<Timestamp>,
}

/// Who acts in a session in the place of its person.
#[derive(Clone)]
pub struct ImpersonationRow {
    /// The administrator.
    pub impersonator: UserId,
    /// The administrator's own session: with it this one ends.
    pub own_session: SessionId,
    /// Whether what belongs to organizations may be changed.
    pub writes: bool,
}

/// Columns and tables of a session with its person and the newest token of its family, which says
/// when it was last seen. What it takes to be live stands in the `WHERE` of each statement.
macro_rules! live_session {
    () => {
        concat!(
            "s.id, s.user_id, u.email, u.name, u.role, u.locale, u.time_zone, u.created_at AS user_created_at, \
             CAST(CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_password, \
             s.method, s.device, s.created_at, s.authenticated_at, s.expires_at, u.delete_at, u.token_version, \
             u.factors, u.factor_required_from, s.factor, s.factor_at, s.impersonator_id, \
             s.impersonator_session, s.impersonation_writes, wo.id AS working_in, wm.role AS working_role, \
             wr.name AS working_role_name, wr.permissions AS working_permissions, \
             wo.factor_required_from AS working_factor_from, ",
            $crate::store::factor_policy::organization_factor_from!("u"),
            " FROM sessions s JOIN users u ON u.id = s.user_id \
             JOIN refresh_tokens newest ON newest.session_id = s.id AND newest.generation = \
             (SELECT MAX(m.generation) FROM refresh_tokens m WHERE m.session_id = s.id) \
             LEFT JOIN memberships wm ON wm.organization_id = s.organization_id AND wm.user_id = s.user_id \
             LEFT JOIN organizations wo ON wo.id = wm.organization_id AND wo.closed_at IS NULL \
             LEFT JOIN organization_roles wr ON wr.id = wm.role AND wr.organization_id = wm.organization_id"
        )
    };
}
pub(super) use live_session;

/// What it takes for a session to be live, at `$2` and seen since `$3`: it has neither ended nor come to its end, its
/// account is neither gone nor suspended, and the session of whoever acts in it in another's place goes on.
macro_rules! is_live {
    () => {
        "s.ended_at IS NULL AND s.expires_at > $2 AND (u.delete_at IS NULL OR u.delete_at > $2) \
         AND u.suspended_until <= $2 AND newest.issued_at > $3 AND (s.impersonator_session IS NULL \
         OR EXISTS (SELECT own.id FROM sessions own WHERE own.id = s.impersonator_session AND own.ended_at IS NULL \
         AND own.expires_at > $2))"
    };
}
pub(super) use is_live;

impl FromRow<'_, AnyRow> for SessionRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: SessionId(row.try_get("id")?),
            user_id: UserId(row.try_get("user_id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            role: role(row)?,
            locale: locale(row)?,
            time_zone: time_zone(row)?,
            user_created_at: Timestamp(row.try_get("user_created_at")?),
            has_password: row.try_get::<i64, _>("has_password")? == 1,
            method: row.try_get("method")?,
            device: row.try_get("device")?,
            created_at: Timestamp(row.try_get("created_at")?),
            authenticated_at: Timestamp(row.try_get("authenticated_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
            delete_at: row.try_get::<Option<i64>, _>("delete_at")?.map(Timestamp),
            token_version: row.try_get("token_version")?,
            factors: factors(row)?,
            factor_required_from: row.try_get::<Option<i64>, _>("factor_required_from")?.map(Timestamp),
            organization_factor_from: row.try_get::<Option<i64>, _>("organization_factor_from")?.map(Timestamp),
            factor: FactorMethod::parse(row.try_get("factor")?),
            factor_at: Timestamp(row.try_get("factor_at")?),
            working_in: working_in(row)?,
            impersonation: impersonation(row)?,
        })
    }
}

fn working_in(row: &AnyRow) -> Result<Option<WorkingIn>> {
    let Some(id) = row.try_get::<Option<String>, _>("working_in")? else { return Ok(None) };
    let custom = (row.try_get("working_role_name")?, row.try_get("working_permissions")?);
    let (_, role_name, permissions) = role_of(row.try_get("working_role")?, custom);
    Ok(Some(WorkingIn {
        organization: OrganizationId(id),
        role_name,
        permissions,
        factor_required_from: row.try_get::<Option<i64>, _>("working_factor_from")?.map(Timestamp),
    }))
}

fn impersonation(row: &AnyRow) -> Result<Option<ImpersonationRow>> {
    let Some(impersonator) = row.try_get::<Option<String>, _>("impersonator_id")? else { return Ok(None) };
    let own_session = row.try_get::<Option<String>, _>("impersonator_session")?.unwrap_or_default();
    Ok(Some(ImpersonationRow {
        impersonator: UserId(impersonator),
        own_session: SessionId(own_session),
        writes: row.try_get::<i64, _>("impersonation_writes")? == 1,
    }))
}

impl Store {
    /// A session that has not ended, seen since `idle_since`.
    pub async fn live_session(
        &self,
        id: &SessionId,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Option<SessionRow>> {
        sqlx::query_as(concat!("SELECT ", live_session!(), " WHERE s.id = $1 AND ", is_live!()))
            .bind(id.as_str())
            .bind(now.0)
            .bind(idle_since.0)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

/// Nobody's session, and so refused, when the account's password hash is another one by now, it has a factor that nobody
/// asked for, or it was suspended.
pub(super) const INSERT_SESSION: &str = "INSERT INTO sessions (id, user_id, method, device, address, created_at, \
     authenticated_at, expires_at, factor, factor_at) VALUES ($1, (SELECT id FROM users WHERE id = $2 AND \
     COALESCE(password_hash, '') = $8 AND (factors = '' OR CAST($10 AS BIGINT) = 1) AND suspended_until <= $6), \
     $3, $4, $5, $6, $6, $7, $9, \
     CASE WHEN $9 = '' THEN 0 ELSE $6 END)";

impl NewSession<'_> {
    /// Binds what [`INSERT_SESSION`] needs.
    pub(super) fn bind<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        statement
            .bind(self.id.as_str())
            .bind(self.user_id.as_str())
            .bind(self.method)
            .bind(self.device)
            .bind(self.address)
            .bind(self.created_at.0)
            .bind(self.expires_at.0)
            .bind(self.password_hash.unwrap_or_default())
            .bind(self.factor.map_or("", FactorMethod::as_str))
            .bind(i64::from(self.passes_factors))
    }
}

impl Transaction {
    /// Lets a session that has not ended work in an organization, or in none.
    pub async fn set_session_organization(
        &mut self,
        id: &SessionId,
        organization: Option<&OrganizationId>,
    ) -> Result<()> {
        sqlx::query("UPDATE sessions SET organization_id = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(id.as_str())
            .bind(organization.map(OrganizationId::as_str))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Ends a session; `false` when it had ended before.
    pub async fn end_session(&mut self, id: &SessionId, reason: &str, now: Timestamp) -> Result<bool> {
        self.1.tell_others(Topic::Revocations);
        let done = sqlx::query("UPDATE sessions SET ended_at = $3, end_reason = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(id.as_str())
            .bind(reason)
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends the sessions of an account that began in one of two ways, all but `except`, and what waits for its second
    /// factor after one; gives the ended ones. For whoever holds the account.
    pub async fn end_sessions_begun_by(
        &mut self,
        user_id: &UserId,
        methods: (&str, &str),
        except: &SessionId,
        now: Timestamp,
    ) -> Result<Vec<SessionId>> {
        sqlx::query("DELETE FROM pending_sign_ins WHERE user_id = $1 AND method IN ($2, $3)")
            .bind(user_id.as_str())
            .bind(methods.0)
            .bind(methods.1)
            .execute(&mut *self.0)
            .await?;
        self.1.tell_others(Topic::Revocations);
        sqlx::query(
            "UPDATE sessions SET ended_at = $5, end_reason = 'disconnected' WHERE user_id = $1 AND id <> $4 \
             AND method IN ($2, $3) AND ended_at IS NULL RETURNING id",
        )
        .bind(user_id.as_str())
        .bind(methods.0)
        .bind(methods.1)
        .bind(except.as_str())
        .bind(now.0)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| row.try_get("id").map(SessionId))
        .collect()
    }

    /// Ends the sessions of an account, all but `except`; gives the ended ones. Change the account's
    /// row first: whoever holds it is alone with its sessions, and starts none meanwhile.
    pub async fn end_user_sessions(
        &mut self,
        user_id: &UserId,
        except: Option<&SessionId>,
        reason: &str,
        now: Timestamp,
    ) -> Result<Vec<SessionId>> {
        self.1.tell_others(Topic::Revocations);
        sqlx::query(
            "UPDATE sessions SET ended_at = $4, end_reason = $3 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL \
             RETURNING id",
        )
        .bind(user_id.as_str())
        .bind(except.map_or("", SessionId::as_str))
        .bind(reason)
        .bind(now.0)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| row.try_get("id").map(SessionId))
        .collect()
    }
}
