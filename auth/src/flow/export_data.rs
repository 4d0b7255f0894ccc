//! Everything that is known of a person, for the person (GDPR, articles 15 and 20).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::list_organizations::list_organizations;
use super::list_passkeys::list_passkeys;
use super::profile::avatar;
use super::reauthenticate::require_fresh_proof;
use crate::event::EventFilter;
use crate::paging::{Page, Place};
use crate::session::Caller;
use crate::store::{AuditRow, ConnectionRow, PhoneNumberRow};
use crate::view::{
    ActivityItem, CivilDay, ConnectionRecord, Me, OrganizationView, PersonalData, PhoneRecord, TokenRecord,
};
use crate::{Auth, Context, EventKind, Result, Timestamp};

/// Most lines of the activity in one file; older ones are counted in years.
const MOST_EVENTS: usize = 100_000;
/// Most unusual sign-ins in one file; they are kept for ninety days.
const MOST_UNUSUAL: i64 = 10_000;

/// Gathers it. Asks for a fresh proof, and leaves a line in the activity.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`], [`crate::ErrorCode::ReauthenticationRequired`].
pub async fn export_data(auth: &Auth, caller: &Caller, context: &Context) -> Result<PersonalData> {
    require_fresh_proof(auth, caller).await?;
    let mut tx = auth.store.begin().await?;
    let subject = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::UserExported, subject, context).await?;
    tx.commit().await?;

    let me = auth.me(caller).await?;
    let changes = auth.store.email_changes_of(&caller.user_id).await?;
    let sessions = auth.store.sessions_of(&caller.user_id).await?;
    let tokens = auth.store.token_records_of(&caller.user_id).await?;
    let trusted_devices = auth.store.trusted_device_records_of(&caller.user_id).await?;
    let trusted_devices = trusted_devices.into_iter().map(super::trusted_device::record).collect();
    let totp_since = auth.store.totp_confirmed_at(&caller.user_id).await?;
    let recovery_codes = auth.store.recovery_codes_status(&caller.user_id).await?;
    let passkeys = list_passkeys(auth, caller).await?.passkeys;
    let connections = connections(auth, caller).await?;
    let phone_numbers = phone_numbers(auth, caller).await?;
    let picture = picture(auth, &me).await?;
    let activity = activity(auth, caller).await?;
    let unusual_sign_ins = auth.store.anomalies_of(&caller.user_id, MOST_UNUSUAL).await?;
    Ok(PersonalData {
        at: auth.now(),
        me,
        picture,
        sessions,
        tokens,
        passkeys,
        totp_since,
        recovery_codes,
        connections,
        phone_numbers,
        organizations: organizations(auth, caller).await?,
        trusted_devices,
        email_changes: changes,
        activity,
        unusual_sign_ins,
    })
}

async fn connections(auth: &Auth, caller: &Caller) -> Result<Vec<ConnectionRecord>> {
    let rows = auth.store.connections_of(&caller.user_id).await?.into_iter();
    let record = |row: ConnectionRow| ConnectionRecord {
        provider: row.provider,
        subject: row.subject,
        email: row.email,
        connected_at: row.created_at,
        last_used_at: row.last_used_at,
    };
    Ok(rows.map(record).collect())
}

async fn phone_numbers(auth: &Auth, caller: &Caller) -> Result<Vec<PhoneRecord>> {
    let PhoneNumberRow { proved, wanted } = auth.store.phone_numbers(&caller.user_id).await?;
    let proved = proved.map(|(number, at)| PhoneRecord { number, asked_at: None, proved_at: Some(at) });
    let wanted = wanted.map(|(number, at)| PhoneRecord { number, asked_at: Some(at), proved_at: None });
    Ok(proved.into_iter().chain(wanted).collect())
}

async fn organizations(auth: &Auth, caller: &Caller) -> Result<Vec<OrganizationView>> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = list_organizations(auth, caller, after).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

async fn picture(auth: &Auth, me: &Me) -> Result<Option<String>> {
    let Some(id) = me.avatar.as_deref().and_then(|path| path.rsplit('/').next()) else { return Ok(None) };
    let found = avatar(auth, id).await?;
    Ok(found.map(|avatar| format!("data:{};base64,{}", avatar.media_type(), BASE64_STANDARD.encode(avatar.bytes()))))
}

async fn activity(auth: &Auth, caller: &Caller) -> Result<Vec<ActivityItem>> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let place = Place::of(after)?;
        let rows = auth.store.audit_events_of(&caller.user_id, EventFilter::All, &place).await?;
        let page =
            Page::of(rows, |row: &AuditRow| Place { at: row.at, id: row.id.clone() }, super::list_activity::item);
        all.extend(page.items);
        after = page.next;
        if after.is_none() || all.len() >= MOST_EVENTS {
            return Ok(all);
        }
    }
}

impl PersonalData {
    /// The data for programs. Times are RFC 3339.
    pub fn to_json(&self) -> Value {
        let time = |at: Timestamp| CivilDay::of(at).iso;
        json!({
            "exported_at": time(self.at),
            "account": {
                "id": self.me.id,
                "email": self.me.email,
                "name": self.me.name,
                "role": self.me.role,
                "locale": self.me.locale,
                "time_zone": self.me.time_zone,
                "picture": self.picture,
                "created_at": time(self.me.created_at),
                "has_password": self.me.has_password,
                "delete_at": self.me.delete_at.map(time),
            },
            "sessions": self.sessions.iter().map(|session| json!({
                "id": session.id,
                "device": session.device,
                "address": session.address,
                "elsewhere": session.elsewhere,
                "method": session.method,
                "factor": session.factor,
                "signed_in_at": time(session.signed_in_at),
                "ended_at": session.ended_at.map(time),
            })).collect::<Vec<_>>(),
            "personal_access_tokens": self.tokens.iter().map(|TokenRecord { token, revoked_at }| json!({
                "id": token.id,
                "name": token.name,
                "scopes": token.scopes,
                "created_at": time(token.created_at),
                "expires_at": token.expires_at.map(time),
                "last_used_at": token.last_used_at.map(time),
                "last_used_address": token.last_used_address,
                "revoked_at": revoked_at.map(time),
            })).collect::<Vec<_>>(),
            "trusted_devices": self.trusted_devices.iter().map(|record| json!({
                "id": record.device.id,
                "device": record.device.device,
                "address": record.device.address,
                "trusted_at": time(record.device.trusted_at),
                "last_used_at": time(record.device.last_used_at),
                "expires_at": time(record.device.expires_at),
                "revoked_at": record.revoked_at.map(time),
            })).collect::<Vec<_>>(),
            "authenticator_app": self.totp_since.map(|since| json!({ "since": time(since) })),
            "recovery_codes": self.recovery_codes.made_at.map(|made_at| json!({
                "made_at": time(made_at),
                "left": self.recovery_codes.left,
                "saved_at": self.recovery_codes.saved_at.map(time),
            })),
            "passkeys": self.passkeys.iter().map(|passkey| json!({
                "id": passkey.id,
                "credential_id": passkey.credential_id,
                "name": passkey.name,
                "authenticator": passkey.authenticator,
                "created_at": time(passkey.created_at),
                "last_used_at": passkey.last_used_at.map(time),
                "is_synced": passkey.is_synced,
                "counter_regressed_at": passkey.counter_regressed_at.map(time),
            })).collect::<Vec<_>>(),
            "connections": self.connections.iter().map(|connection| json!({
                "provider": connection.provider,
                "subject": connection.subject,
                "email": connection.email,
                "connected_at": time(connection.connected_at),
                "last_used_at": connection.last_used_at.map(time),
            })).collect::<Vec<_>>(),
            "phone_numbers": self.phone_numbers.iter().map(|phone| json!({
                "number": phone.number,
                "asked_at": phone.asked_at.map(time),
                "proved_at": phone.proved_at.map(time),
            })).collect::<Vec<_>>(),
            "organizations": self.organizations.iter().map(|organization| json!({
                "id": organization.id,
                "slug": organization.slug,
                "name": organization.name,
                "role": organization.role_name,
                "department": organization.department,
                "joined_at": time(organization.joined_at),
            })).collect::<Vec<_>>(),
            "email_changes": self.email_changes.iter().map(|change| json!({
                "old_email": change.old_email,
                "new_email": change.new_email,
                "requested_at": time(change.requested_at),
                "confirmed_at": change.confirmed_at.map(time),
                "undone_at": change.undone_at.map(time),
            })).collect::<Vec<_>>(),
            "activity": self.activity.iter().map(|event| json!({
                "at": time(event.at),
                "kind": event.kind,
                "device": event.device,
                "address": event.address,
                "session": event.session_id,
            })).collect::<Vec<_>>(),
            "unusual_sign_ins": self.unusual_sign_ins.iter().map(|unusual| json!({
                "at": time(unusual.at),
                "device": unusual.device,
                "address": unusual.address,
                "points": unusual.points,
                "reasons": unusual.reasons,
                "travel": unusual.travel,
                "outcome": unusual.outcome,
            })).collect::<Vec<_>>(),
        })
    }
}
