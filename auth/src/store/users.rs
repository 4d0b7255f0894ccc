//! Accounts.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::user_search::search_text;
use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{Email, FactorMethod, Factors, Locale, PersonName, Role, TimeZone, Timestamp};

/// A stored account.
#[derive(Clone)]
pub struct UserRow {
    /// The account.
    pub id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
    /// The language of mails.
    pub locale: Locale,
    /// The zone that times are shown in; none: UTC.
    pub time_zone: Option<TimeZone>,
    /// PHC string, or the hash of another system; none when the account has no password.
    pub password_hash: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it goes, if that was asked for.
    pub delete_at: Option<Timestamp>,
    /// How often its rights changed; access tokens carry it.
    pub token_version: i64,
    /// What proves the person beside the password.
    pub factors: Factors,
    /// When the rule that it must have one first met it; none: it need not.
    pub factor_required_from: Option<Timestamp>,
    /// Since when an organization of it demands one; none: none does.
    pub organization_factor_from: Option<Timestamp>,
    /// Until when nobody gets in; what is over suspends nobody.
    pub suspended_until: Timestamp,
}

impl UserRow {
    /// Whether an administrator closed the account for now.
    pub fn is_suspended(&self, now: Timestamp) -> bool {
        self.suspended_until > now
    }
}

/// An account to be made.
pub struct NewUser<'a> {
    /// Its id.
    pub id: &'a UserId,
    /// The proved address.
    pub email: &'a Email,
    /// What the person wants to be called.
    pub name: &'a PersonName,
    /// The language of mails.
    pub locale: Locale,
    /// PHC string, or the hash of another system; none for an account without a password.
    pub password_hash: Option<&'a str>,
    /// Now, or when it was made elsewhere.
    pub created_at: Timestamp,
}

/// The columns of an account.
macro_rules! user_columns {
    () => {
        concat!(
            "id, email, name, role, locale, time_zone, password_hash, created_at, delete_at, token_version, factors, \
             factor_required_from, suspended_until, ",
            $crate::store::factor_policy::organization_factor_from!("users")
        )
    };
}
pub(super) use user_columns;

impl FromRow<'_, AnyRow> for UserRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: UserId(row.try_get("id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            role: role(row)?,
            locale: locale(row)?,
            time_zone: time_zone(row)?,
            password_hash: row.try_get("password_hash")?,
            created_at: Timestamp(row.try_get("created_at")?),
            delete_at: row.try_get::<Option<i64>, _>("delete_at")?.map(Timestamp),
            token_version: row.try_get("token_version")?,
            factors: factors(row)?,
            factor_required_from: row.try_get::<Option<i64>, _>("factor_required_from")?.map(Timestamp),
            organization_factor_from: row.try_get::<Option<i64>, _>("organization_factor_from")?.map(Timestamp),
            suspended_until: Timestamp(row.try_get("suspended_until")?),
        })
    }
}

/// Reads a text column into a type that parses.
pub(super) fn parsed<T: TryFrom<String, Error = String>>(row: &AnyRow, column: &str) -> Result<T> {
    T::try_from(row.try_get::<String, _>(column)?)
        .map_err(|issue| sqlx::Error::ColumnDecode { index: column.to_owned(), source: issue.into() })
}

/// Reads the column `locale`.
pub(super) fn locale(row: &AnyRow) -> Result<Locale> {
    Ok(Locale::from_tag(row.try_get("locale")?).unwrap_or_default())
}

/// Reads the column `role`. One that a newer version wrote allows nothing here.
pub(super) fn role(row: &AnyRow) -> Result<Role> {
    Ok(Role::parse(row.try_get("role")?).unwrap_or_default())
}

/// Reads the column `factors`.
pub(super) fn factors(row: &AnyRow) -> Result<Factors> {
    Ok(Factors::from_names(row.try_get("factors")?))
}

/// Reads the column `time_zone`.
pub(super) fn time_zone(row: &AnyRow) -> Result<Option<TimeZone>> {
    Ok(row.try_get::<Option<String>, _>("time_zone")?.map(TimeZone::from))
}

impl Store {
    /// The account with this proved address.
    pub async fn user_by_email(&self, email: &Email) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!("SELECT ", user_columns!(), " FROM users WHERE email = $1"))
            .bind(email.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The account with this id.
    pub async fn user(&self, id: &UserId) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1"))
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// The id of the account with this proved address.
    pub async fn user_id_by_email(&mut self, email: &Email) -> Result<Option<UserId>> {
        sqlx::query("SELECT id FROM users WHERE email = $1")
            .bind(email.as_str())
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| row.try_get("id").map(UserId))
            .transpose()
    }

    /// Makes an account; `false` when the address has one already.
    pub async fn insert_user(&mut self, user: NewUser<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO users (id, email, name, locale, password_hash, email_verified_at, created_at, search_text) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7) ON CONFLICT (email) DO NOTHING",
        )
        .bind(user.id.as_str())
        .bind(user.email.as_str())
        .bind(user.name.as_str())
        .bind(user.locale.tag())
        .bind(user.password_hash)
        .bind(user.created_at.0)
        .bind(search_text(user.name, user.email))
        .execute(&mut *self.0)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        self.insert_fragments(user.id, user.name, user.email).await?;
        Ok(true)
    }

    /// Replaces the hash of a password; `false` when it is no longer the `old` one (none: the account
    /// has no password). Holds the account's row to the end of the transaction, also when both hashes
    /// are the same.
    pub async fn replace_password_hash(&mut self, id: &UserId, old: Option<&str>, new: &str) -> Result<bool> {
        let done =
            sqlx::query("UPDATE users SET password_hash = $3 WHERE id = $1 AND COALESCE(password_hash, '') = $2")
                .bind(id.as_str())
                .bind(old.unwrap_or_default())
                .bind(new)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Sets the password of an account, whatever it was before; none when its address is another one
    /// by now.
    pub async fn set_password_hash(&mut self, id: &UserId, email: &Email, hash: &str) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET password_hash = $3 WHERE id = $1 AND email = $2 RETURNING ",
            user_columns!()
        ))
        .bind(id.as_str())
        .bind(email.as_str())
        .bind(hash)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Holds the account to the end of the transaction and says which factors it has; none when there is no such account.
    pub async fn hold_factors(&mut self, id: &UserId) -> Result<Option<Factors>> {
        sqlx::query("UPDATE users SET factors = factors WHERE id = $1 RETURNING factors")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| factors(&row))
            .transpose()
    }

    /// Notes that an account has a kind of factor from now on. Returns which it had before; none when there is no such
    /// account.
    pub async fn add_factor(&mut self, id: &UserId, method: FactorMethod, now: Timestamp) -> Result<Option<Factors>> {
        let Some(before) = self.hold_factors(id).await? else { return Ok(None) };
        let mut factors = before.clone();
        factors.insert(method);
        self.set_factors(id, &factors, now).await?;
        Ok(Some(before))
    }

    /// Notes that an account has no factor of this kind any more. Returns which it has now; none when there is no such
    /// account.
    pub async fn remove_factor(&mut self, id: &UserId, method: FactorMethod) -> Result<Option<Factors>> {
        let Some(mut factors) = self.hold_factors(id).await? else { return Ok(None) };
        factors.remove(method);
        // One that is left was there before, and so was its moment.
        self.set_factors(id, &factors, Timestamp(0)).await?;
        Ok(Some(factors))
    }

    async fn set_factors(&mut self, id: &UserId, factors: &Factors, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE users SET factors = $2, \
             strong_since = CASE WHEN $3 = 1 THEN COALESCE(strong_since, $4) ELSE NULL END WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(factors.names())
        .bind(i64::from(factors.has_strong()))
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Changes what a person is called; `false` when it is the same.
    pub async fn set_user_name(&mut self, id: &UserId, name: &PersonName) -> Result<bool> {
        let renamed = sqlx::query("UPDATE users SET name = $2 WHERE id = $1 AND name <> $2 RETURNING email")
            .bind(id.as_str())
            .bind(name.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        let Some(row) = renamed else { return Ok(false) };
        self.find_user_by(id, name, &parsed(&row, "email")?).await?;
        Ok(true)
    }

    /// Changes the zone that a person reads times in; `false` when it is the same.
    pub async fn set_user_time_zone(&mut self, id: &UserId, zone: &TimeZone) -> Result<bool> {
        let done = sqlx::query("UPDATE users SET time_zone = $2 WHERE id = $1 AND COALESCE(time_zone, '') <> $2")
            .bind(id.as_str())
            .bind(zone.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Changes the language of an account's mails.
    pub async fn set_user_locale(&mut self, id: &UserId, locale: Locale) -> Result<()> {
        sqlx::query("UPDATE users SET locale = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(locale.tag())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Gives an account whose address is `old` another one; `false` when either is not so any more, or
    /// the new one has an account.
    pub async fn set_user_email(&mut self, id: &UserId, old: &Email, new: &Email) -> Result<bool> {
        let moved = sqlx::query(
            "UPDATE users SET email = $3 WHERE id = $1 AND email = $2 \
             AND NOT EXISTS (SELECT o.id FROM users o WHERE o.email = $3) RETURNING name",
        )
        .bind(id.as_str())
        .bind(old.as_str())
        .bind(new.as_str())
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = moved else { return Ok(false) };
        self.find_user_by(id, &PersonName::from(row.try_get::<String, _>("name")?), new).await?;
        Ok(true)
    }

    /// Gives an account an address back, whatever it has now; `false` when another account has it.
    pub async fn restore_user_email(&mut self, id: &UserId, email: &Email) -> Result<bool> {
        let moved = sqlx::query(
            "UPDATE users SET email = $2 WHERE id = $1 \
             AND NOT EXISTS (SELECT o.id FROM users o WHERE o.email = $2 AND o.id <> $1) RETURNING name",
        )
        .bind(id.as_str())
        .bind(email.as_str())
        .fetch_optional(&mut *self.0)
        .await?;
        let Some(row) = moved else { return Ok(false) };
        self.find_user_by(id, &PersonName::from(row.try_get::<String, _>("name")?), email).await?;
        Ok(true)
    }

    /// Makes the password of an account void: nobody signs in with it any more.
    pub async fn clear_password(&mut self, id: &UserId) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!("UPDATE users SET password_hash = NULL WHERE id = $1 RETURNING ", user_columns!()))
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await
    }

    /// Holds an account to the end of the transaction without changing it.
    pub async fn hold_user(&mut self, id: &UserId) -> Result<()> {
        sqlx::query("UPDATE users SET locale = locale WHERE id = $1").bind(id.as_str()).execute(&mut *self.0).await?;
        Ok(())
    }
}
