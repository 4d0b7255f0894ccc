//! How many rows each table has: what a backup says of itself, and what is compared when it is restored. A story compares the
//! list with the tables.

use sqlx::{AnyConnection, Row as _};
use std::collections::{BTreeMap, BTreeSet};

use super::Result;

/// A table.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    count: &'static str,
}

macro_rules! tables {
    ($($name:literal;)+) => {
        /// Every table with rows of ours, in the order they were first made: one comes after those that it refers to.
        pub const TABLES: &[Table] = &[$(Table {
            name: $name,
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM ", $name),
        }),+];
    };
}

tables! {
    "users";
    "sign_ups";
    "sessions";
    "refresh_tokens";
    "signing_keys";
    "jobs";
    "audit_events";
    "dev_inbox";
    "password_resets";
    "waiting_acts";
    "email_changes";
    "notice_links";
    "avatars";
    "personal_tokens";
    "pending_sign_ins";
    "trusted_devices";
    "totp_secrets";
    "totp_enrolments";
    "recovery_codes";
    "passkeys";
    "passkey_ceremonies";
    "sent_codes";
    "sms_minutes";
    "phone_numbers";
    "account_recoveries";
    "connections";
    "federation_flows";
    "pending_connections";
    "federation_codes";
    "provider_tokens";
    "organizations";
    "organization_roles";
    "memberships";
    "organization_logos";
    "invitations";
    "invitation_mails";
    "organization_domains";
    "domain_joins";
    "policy_versions";
    "policy_state";
    "policy_cases";
    "policy_drafts";
    "documents";
    "unsaved_documents";
    "audit_anchor";
    "audit_checkpoint";
    "audit_days";
    "webhooks";
    "webhook_deliveries";
    "webhook_feed";
    "user_search";
    "platform_locks";
    "setup_links";
    "statistics_days";
    "limits";
    "spent_challenges";
    "proxy_findings";
    "browser_reports";
    "anomalies";
    "client_arrivals";
    "used_federation_codes";
    "data_keys";
    "master_keys";
    "schema_floor";
    "turns";
    "backup_marks";
}

/// The tables that are there. This differs between the databases: neither knows the other's list.
pub(super) async fn tables_there(connection: &mut AnyConnection, is_sqlite: bool) -> Result<BTreeSet<String>> {
    let statement = if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    } else {
        "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema()"
    };
    sqlx::query(statement).fetch_all(connection).await?.iter().map(|row| row.try_get("name")).collect()
}

/// The rows of each table that is there and on the list: a database of an older version has fewer.
pub(super) async fn counts(connection: &mut AnyConnection, there: &BTreeSet<String>) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for table in TABLES.iter().filter(|table| there.contains(table.name)) {
        let row = sqlx::query(table.count).fetch_one(&mut *connection).await?;
        counts.insert(table.name.to_owned(), row.try_get("number")?);
    }
    Ok(counts)
}
