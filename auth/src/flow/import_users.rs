//! Bringing accounts over from another system, with their hashes.
//!
//! Whoever runs the import vouches for the addresses: they count as proved, and nobody is sent a mail.

use crate::id::UserId;
use crate::password::imported_hash::HashText;
use crate::store::{NewUser, Transaction};
use crate::{Auth, Context, Email, EventKind, Locale, PersonName, Result, Timestamp};

/// An account of another system.
pub struct ImportedUser {
    /// The address, proved there.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The language of mails.
    pub locale: Locale,
    /// The hash, as it was stored there; none for an account without a password.
    pub password_hash: Option<HashText>,
    /// When the account was made there, if that is known.
    pub created_at: Option<Timestamp>,
}

/// What became of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It is an account now; in a dry run: it would be.
    Imported,
    /// Its address has an account, which was left alone.
    AlreadyThere,
}

/// Makes verified accounts, all in one transaction, and says what became of each, in their order. A
/// dry run reads and writes nothing.
///
/// # Errors
/// When the database fails; then none of them was made.
pub async fn import_users(
    auth: &Auth,
    users: &[ImportedUser],
    is_dry_run: bool,
    context: &Context,
) -> Result<Vec<ImportOutcome>> {
    let mut outcomes = Vec::with_capacity(users.len());
    if is_dry_run {
        for user in users {
            let is_there = auth.store.user_by_email(&user.email).await?.is_some();
            outcomes.push(if is_there { ImportOutcome::AlreadyThere } else { ImportOutcome::Imported });
        }
        return Ok(outcomes);
    }
    let mut tx = auth.store.begin().await?;
    for user in users {
        outcomes.push(make_account(auth, &mut tx, user, context).await?);
    }
    tx.commit().await?;
    Ok(outcomes)
}

async fn make_account(
    auth: &Auth,
    tx: &mut Transaction,
    user: &ImportedUser,
    context: &Context,
) -> Result<ImportOutcome> {
    let now = auth.now();
    let id = UserId(auth.random.id(now));
    let account = NewUser {
        id: &id,
        email: &user.email,
        name: &user.name,
        locale: user.locale,
        password_hash: user.password_hash.as_ref().map(HashText::as_str),
        created_at: user.created_at.unwrap_or(now),
    };
    if !tx.insert_user(account).await? {
        return Ok(ImportOutcome::AlreadyThere);
    }
    auth.audit(tx, EventKind::UserImported, (Some(&id), None), context).await?;
    Ok(ImportOutcome::Imported)
}
