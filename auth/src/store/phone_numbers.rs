//! Phone numbers: the one an account has proved, and another that must prove itself first.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{PhoneNumber, Timestamp};

/// The numbers of an account.
#[derive(Default)]
pub struct PhoneNumberRow {
    /// The proved one, and since when.
    pub proved: Option<(PhoneNumber, Timestamp)>,
    /// The one that must prove itself, and when it was asked for.
    pub wanted: Option<(PhoneNumber, Timestamp)>,
}

const NUMBERS_OF: &str = "SELECT number, proved_at, wanted, wanted_at FROM phone_numbers WHERE user_id = $1";

fn numbers(row: Option<&AnyRow>) -> Result<PhoneNumberRow> {
    let Some(row) = row else { return Ok(PhoneNumberRow::default()) };
    let pair = |number: &str, at: &str| -> Result<Option<(PhoneNumber, Timestamp)>> {
        let Some(text) = row.try_get::<Option<String>, _>(number)? else { return Ok(None) };
        let parsed = PhoneNumber::parse(&text).map_err(|issue| sqlx::Error::Decode(issue.as_str().into()))?;
        Ok(row.try_get::<Option<i64>, _>(at)?.map(|at| (parsed, Timestamp(at))))
    };
    Ok(PhoneNumberRow { proved: pair("number", "proved_at")?, wanted: pair("wanted", "wanted_at")? })
}

impl Store {
    /// The numbers of an account.
    pub async fn phone_numbers(&self, user: &UserId) -> Result<PhoneNumberRow> {
        let row = sqlx::query(NUMBERS_OF).bind(user.as_str()).fetch_optional(&mut *self.read.get().await?).await?;
        numbers(row.as_ref())
    }

    /// Forgets numbers that were asked for before `before` and never proved themselves.
    pub async fn forget_wanted_numbers(&self, before: Timestamp) -> Result<()> {
        for statement in [
            "UPDATE phone_numbers SET wanted = NULL, wanted_at = NULL WHERE wanted_at < $1 AND number IS NOT NULL",
            "DELETE FROM phone_numbers WHERE wanted_at < $1 AND number IS NULL",
        ] {
            sqlx::query(statement).bind(before.0).execute(&mut *self.write.get().await?).await?;
        }
        Ok(())
    }
}

impl Transaction {
    /// The numbers of an account. They stay as they are while the account is held.
    pub async fn phone_numbers(&mut self, user: &UserId) -> Result<PhoneNumberRow> {
        let row = sqlx::query(NUMBERS_OF).bind(user.as_str()).fetch_optional(&mut *self.0).await?;
        numbers(row.as_ref())
    }

    /// Notes the number that must prove itself, in place of another one.
    pub async fn want_phone_number(&mut self, user: &UserId, number: &PhoneNumber, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO phone_numbers (user_id, wanted, wanted_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET wanted = excluded.wanted, wanted_at = excluded.wanted_at",
        )
        .bind(user.as_str())
        .bind(number.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Makes the wanted number the account's; `false` when another one is wanted by now, or none.
    pub async fn prove_phone_number(&mut self, user: &UserId, number: &PhoneNumber, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE phone_numbers SET number = wanted, proved_at = $3, wanted = NULL, wanted_at = NULL \
             WHERE user_id = $1 AND wanted = $2",
        )
        .bind(user.as_str())
        .bind(number.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets the number that must prove itself; the proved one stays.
    pub async fn forget_wanted_number(&mut self, user: &UserId) -> Result<()> {
        for statement in [
            "UPDATE phone_numbers SET wanted = NULL, wanted_at = NULL WHERE user_id = $1",
            "DELETE FROM phone_numbers WHERE user_id = $1 AND number IS NULL",
        ] {
            sqlx::query(statement).bind(user.as_str()).execute(&mut *self.0).await?;
        }
        Ok(())
    }

    /// Forgets every number of an account.
    pub async fn delete_phone_numbers(&mut self, user: &UserId) -> Result<()> {
        sqlx::query("DELETE FROM phone_numbers WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        Ok(())
    }
}
