//! The end of an account whose grace is over: everything that belongs to the person goes, in one
//! transaction. Lines of the audit log stay and tell nothing of them (GDPR, article 17).

use crate::audit::{AuditLine, erase_person};
use crate::id::{OrganizationId, UserId};
use crate::mail::{Mail, Message, OrganizationMessage};
use crate::organization::{BuiltInRole, OrganizationRole};
use crate::store::Transaction;
use crate::{Auth, Context, EventKind, Locale, Result};

/// Seconds in which every node has learned of ended sessions, beside the life of an access token.
const SLACK: i64 = 60;

/// Deletes an account if its day has come; `false` when it was kept meanwhile, another node was faster,
/// or access tokens may still be in use: then its sessions end now, and the next call deletes it. Other
/// nodes learn of ended sessions from their rows, so these must not go at once.
///
/// # Errors
/// Only when the database fails; then nothing happened.
pub async fn delete_account(auth: &Auth, id: &UserId) -> Result<bool> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    // Whoever changes members holds the organization first and the account then.
    let owned = tx.hold_solely_owned(id).await?;
    let Some(user) = tx.hold_account_to_delete(id, now).await? else { return Ok(false) };
    let mut ended = tx.end_user_sessions(&user.id, None, "deleted", now).await?;
    ended.extend(tx.end_impersonations_by(&user.id, now).await?.into_iter().map(|(session, _)| session));
    tx.revoke_tokens_of(&user.id, now).await?;
    if tx.has_session_ended_since(&user.id, now.minus_seconds(auth.lifetimes.access + SLACK)).await? {
        tx.commit().await?;
        for session in ended {
            auth.revocations.insert(session, now);
        }
        return Ok(false);
    }
    for email in tx.addresses_of(&user.id).await? {
        tx.delete_waiting_mails(&auth.mac_of_recipient(&email)).await?;
    }
    let numbers = tx.phone_numbers(&user.id).await?;
    for (number, _) in numbers.proved.into_iter().chain(numbers.wanted) {
        tx.delete_waiting_mails(&auth.mac_of_number(&number)).await?;
    }
    for (organization, _) in owned {
        pass_on(auth, &mut tx, &organization, &user.id).await?;
    }
    erase_person(auth, &mut tx, &user.id).await?;
    tx.delete_every_trace(&user.id).await?;
    let message = Message::AccountDeleted { link: format!("{}/sign-up", auth.public_url) };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    auth.audit(&mut tx, EventKind::UserDeleted, (None, None), &nobody()).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(true)
}

/// Nobody could ask for the end of the account while others were in an organization that it owned alone. Who joined
/// since, or stayed when another owner left, keeps it: the first administrator owns it then, else the first member. One
/// in which nobody is goes.
async fn pass_on(auth: &Auth, tx: &mut Transaction, id: &OrganizationId, owner: &UserId) -> Result<()> {
    let (Some(organization), Some(heir)) = (tx.organization(id).await?, tx.heir(id, owner).await?) else {
        tx.bump_token_versions(id, None, auth.now()).await?;
        tx.delete_organization(id).await?;
        let line = AuditLine::of(EventKind::OrganizationDeleted).within(id);
        return auth.record(tx, line, &nobody()).await;
    };
    let Some(member) = tx.membership(id, &heir.user_id).await? else { return Ok(()) };
    let role = OrganizationRole::BuiltIn(BuiltInRole::Owner);
    tx.set_membership(id, &heir.user_id, &role, member.department.as_deref()).await?;
    tx.bump_token_version(&heir.user_id, auth.now()).await?;
    let message = OrganizationMessage::OwnershipReceived {
        name: heir.name,
        organization: organization.name,
        link: format!("{}/orgs/{}", auth.public_url, id.as_str()),
    }
    .into();
    auth.promise_mail(tx, &Mail { to: heir.email, locale: heir.locale, message }).await?;
    let line = AuditLine::of(EventKind::OwnershipPassed).about(&heir.user_id).within(id).changed(
        "role",
        Some(&member.role_name),
        Some(role.as_str()),
    );
    auth.record(tx, line, &nobody()).await
}

/// The program itself does this: no request asked for it.
pub(crate) fn nobody() -> Context {
    Context { address: String::new(), device: String::new(), locale: Locale::default(), request_id: String::new() }
}
