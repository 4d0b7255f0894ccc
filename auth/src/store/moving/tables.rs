//! Every table with its columns, in an order in which they can be filled: what is referred to comes first. A story compares
//! the list with the tables, and whoever adds a migration adds to it what it adds.

/// A table.
pub struct Table {
    /// What it is called.
    pub name: &'static str,
    /// What a row of it says.
    pub columns: &'static [Column],
    pub(super) count: &'static str,
    pub(super) select: &'static str,
    pub(super) clear: &'static str,
    /// Rows come as one text, a list of objects in JSON: so the statement is the same for any number of them. What reads it
    /// is of each database.
    pub(super) insert_into_sqlite: &'static str,
    pub(super) insert_into_postgres: &'static str,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it is called.
    pub name: &'static str,
    /// BIGINT; else TEXT. There is nothing else.
    pub is_number: bool,
}

impl Column {
    const fn of(name: &'static str, kind: &'static str) -> Self {
        Self { name, is_number: matches!(kind.as_bytes(), b"BIGINT") }
    }
}

macro_rules! tables {
    ($($table:ident { $first:ident: $first_kind:ident $(, $column:ident: $kind:ident)* })+) => {
        /// Every one of them but the list of migrations.
        pub const MOVED_TABLES: &[Table] = &[$(Table {
            name: stringify!($table),
            columns: &[
                Column::of(stringify!($first), stringify!($first_kind))
                $(, Column::of(stringify!($column), stringify!($kind)))*
            ],
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM ", stringify!($table)),
            select: concat!("SELECT ", stringify!($first) $(, ", ", stringify!($column))*, " FROM ", stringify!($table)),
            clear: concat!("DELETE FROM ", stringify!($table)),
            insert_into_sqlite: concat!(
                "INSERT INTO ", stringify!($table), " (", stringify!($first) $(, ", ", stringify!($column))*,
                ") SELECT json_extract(r.value, '$.", stringify!($first), "')"
                $(, ", json_extract(r.value, '$.", stringify!($column), "')")*,
                " FROM json_each($1) r"
            ),
            insert_into_postgres: concat!(
                "INSERT INTO ", stringify!($table), " (", stringify!($first) $(, ", ", stringify!($column))*,
                ") SELECT r.", stringify!($first) $(, ", r.", stringify!($column))*,
                " FROM json_to_recordset(CAST($1 AS JSON)) AS r (", stringify!($first), " ", stringify!($first_kind)
                $(, ", ", stringify!($column), " ", stringify!($kind))*,
                ")"
            ),
        }),+];
    };
}

tables! {
    audit_anchor {
        adopted: BIGINT, adopts_until: BIGINT, began_at: BIGINT, hash: TEXT, id: BIGINT, mac: TEXT, sealed_at: BIGINT,
        sequence: BIGINT
    }
    audit_checkpoint { cut_at: BIGINT, hash: TEXT, id: BIGINT, mac: TEXT, sequence: BIGINT }
    audit_days { day: BIGINT, lines: BIGINT, organization_id: TEXT, refused: BIGINT }
    audit_events {
        actor_id: TEXT, address: TEXT, at: BIGINT, changes: TEXT, device: TEXT, hash: TEXT, id: TEXT,
        impersonator_id: TEXT, kind: TEXT, mac: TEXT, organization_id: TEXT, origin_salt: TEXT, outcome: TEXT,
        previous_hash: TEXT, repeated_by: TEXT, repeats: BIGINT, request_id: TEXT, sealed_at: BIGINT, sequence: BIGINT,
        session_id: TEXT, subject_salt: TEXT, target: TEXT, topic: TEXT, user_id: TEXT
    }
    backup_marks { at: BIGINT, bytes: BIGINT, claimed_until: BIGINT, file: TEXT, name: TEXT }
    browser_reports {
        blocked: TEXT, day: BIGINT, directive: TEXT, first_at: BIGINT, last_at: BIGINT, path: TEXT, reports: BIGINT
    }
    data_keys { id: TEXT, key_sealed: TEXT }
    dev_inbox {
        body_html: TEXT, body_text: TEXT, code: TEXT, id: TEXT, kind: TEXT, link: TEXT, recipient: TEXT,
        sent_at: BIGINT, subject: TEXT
    }
    federation_codes { code_challenge: TEXT, digest: TEXT, expires_at: BIGINT, identity_sealed: TEXT, provider: TEXT }
    federation_flows {
        browser_digest: TEXT, created_at: BIGINT, digest: TEXT, expires_at: BIGINT, payload_sealed: TEXT,
        provider: TEXT, purpose: TEXT, session_id: TEXT
    }
    jobs {
        attempts: BIGINT, claimed_until: BIGINT, created_at: BIGINT, dead_at: BIGINT, done_at: BIGINT, id: TEXT,
        kind: TEXT, last_error: TEXT, payload_sealed: TEXT, priority: BIGINT, recipient_mac: TEXT, request_id: TEXT,
        run_at: BIGINT
    }
    limits { blocked_until: BIGINT, bucket: TEXT, delay: BIGINT, recovered_at: BIGINT }
    master_keys { first_used_at: BIGINT, id: TEXT, last_used_at: BIGINT, retired_at: BIGINT }
    organizations {
        closed_at: BIGINT, closed_reason: TEXT, created_at: BIGINT, delete_at: BIGINT, factor_required_from: BIGINT,
        id: TEXT, name: TEXT, slug: TEXT, version: BIGINT
    }
    invitation_mails { id: TEXT, organization_id: TEXT, recipient_mac: TEXT, sent_at: BIGINT }
    organization_domains {
        checked_at: BIGINT, created_at: BIGINT, domain: TEXT, id: TEXT, join_role: TEXT, lost_at: BIGINT,
        missing_since: BIGINT, organization_id: TEXT, seen_at: BIGINT, token: TEXT, verified_at: BIGINT
    }
    organization_logos { created_at: BIGINT, id: TEXT, image: TEXT, media_type: TEXT, organization_id: TEXT }
    organization_roles { created_at: BIGINT, id: TEXT, name: TEXT, organization_id: TEXT, permissions: TEXT }
    passkey_ceremonies { bound_to: TEXT, digest: TEXT, expires_at: BIGINT, kind: TEXT, user_id: TEXT }
    pending_connections {
        created_at: BIGINT, digest: TEXT, expires_at: BIGINT, identity_sealed: TEXT, provider: TEXT, used_at: BIGINT,
        user_id: TEXT
    }
    platform_locks { name: TEXT, version: BIGINT }
    policy_cases { allowed: BIGINT, created_at: BIGINT, id: TEXT, name: TEXT, question: TEXT }
    proxy_findings { address: TEXT, fault: TEXT, found: BIGINT, seen_at: BIGINT }
    schema_floor { id: BIGINT, version: BIGINT }
    setup_links { created_at: BIGINT, digest: TEXT, expires_at: BIGINT, id: BIGINT }
    signing_keys {
        algorithm: TEXT, created_at: BIGINT, id: TEXT, private_sealed: TEXT, revoked_at: BIGINT, sequence: BIGINT,
        signs_from: BIGINT
    }
    sms_minutes { minute: BIGINT, promised: BIGINT }
    spent_challenges { digest: TEXT, expires_at: BIGINT }
    statistics_days { day: BIGINT, name: TEXT, value: BIGINT }
    turns { name: TEXT, taken_at: BIGINT }
    used_federation_codes { code_challenge: TEXT, digest: TEXT, token_digest: TEXT, used_at: BIGINT }
    user_search { fragment: BIGINT, user_id: TEXT }
    users {
        created_at: BIGINT, delete_at: BIGINT, email: TEXT, email_verified_at: BIGINT, explains_sign_in_at: BIGINT,
        factor_required_from: BIGINT, factors: TEXT, factors_locked_until: BIGINT, factors_warned_at: BIGINT, id: TEXT,
        keep_digest: TEXT, locale: TEXT, name: TEXT, passkey_declined_at: BIGINT, password_hash: TEXT,
        recovery_codes_saved_at: BIGINT, role: TEXT, search_text: TEXT, strong_since: BIGINT, suspended_at: BIGINT,
        suspended_note: TEXT, suspended_reason: TEXT, suspended_until: BIGINT, time_zone: TEXT, token_version: BIGINT,
        token_version_at: BIGINT, wrong_factors: BIGINT
    }
    account_recoveries {
        address: TEXT, cancel_digest: TEXT, cancel_sealed: TEXT, complete_digest: TEXT, completed_at: BIGINT,
        created_at: BIGINT, device: TEXT, email: TEXT, end_reason: TEXT, ended_at: BIGINT, expires_at: BIGINT, id: TEXT,
        next_mail_at: BIGINT, ready_at: BIGINT, user_id: TEXT, wrong_passwords: BIGINT
    }
    anomalies {
        accounts: BIGINT, address: TEXT, at: BIGINT, device: TEXT, from_place: TEXT, id: TEXT,
        impossible_travel: BIGINT, kilometres: BIGINT, many_accounts: BIGINT, new_device: BIGINT, outcome: TEXT,
        points: BIGINT, seconds: BIGINT, to_place: TEXT, token_reuse: BIGINT, told_at: BIGINT, user_id: TEXT
    }
    avatars { created_at: BIGINT, id: TEXT, image: TEXT, media_type: TEXT, user_id: TEXT }
    client_arrivals { client_mac: TEXT, first_at: BIGINT, last_at: BIGINT, user_id: TEXT }
    connections {
        created_at: BIGINT, email: TEXT, email_verified_at: BIGINT, id: TEXT, issuer: TEXT, last_used_at: BIGINT,
        provider: TEXT, subject: TEXT, user_id: TEXT
    }
    documents {
        archived_at: BIGINT, body: TEXT, changed_at: BIGINT, created_at: BIGINT, department: TEXT, id: TEXT,
        organization_id: TEXT, owner_id: TEXT, published_at: BIGINT, sensitivity: TEXT, state: TEXT, title: TEXT,
        title_folded: TEXT, version: BIGINT
    }
    domain_joins { domain: TEXT, joined_at: BIGINT, organization_id: TEXT, user_id: TEXT }
    email_changes {
        code_mac: TEXT, confirmed_at: BIGINT, created_at: BIGINT, expires_at: BIGINT, id: TEXT, killed_at: BIGINT,
        link_digest: TEXT, new_email: TEXT, old_email: TEXT, undo_digest: TEXT, undo_expires_at: BIGINT,
        undone_at: BIGINT, user_id: TEXT, wrong_codes: BIGINT
    }
    invitations {
        code_mac: TEXT, created_at: BIGINT, declined_at: BIGINT, department: TEXT, email: TEXT, expires_at: BIGINT,
        id: TEXT, inviter_id: TEXT, link_digest: TEXT, organization_id: TEXT, revoked_at: BIGINT, role: TEXT,
        sent_at: BIGINT, used_at: BIGINT, wrong_codes: BIGINT
    }
    memberships { department: TEXT, joined_at: BIGINT, organization_id: TEXT, role: TEXT, user_id: TEXT }
    notice_links { digest: TEXT, email: TEXT, expires_at: BIGINT, noticed_at: BIGINT, used_at: BIGINT, user_id: TEXT }
    passkeys {
        aaguid: TEXT, binding: TEXT, counter_regressed_at: BIGINT, created_at: BIGINT, credential: TEXT,
        credential_id: TEXT, id: TEXT, last_used_at: BIGINT, name: TEXT, transports: TEXT, user_id: TEXT
    }
    password_resets {
        code_mac: TEXT, created_at: BIGINT, email: TEXT, expires_at: BIGINT, id: TEXT, killed_at: BIGINT,
        link_digest: TEXT, mailed_at: BIGINT, ticket_digest: TEXT, used_at: BIGINT, user_id: TEXT, wrong_codes: BIGINT,
        wrong_email_codes: BIGINT
    }
    pending_sign_ins {
        address: TEXT, announced: TEXT, anomaly_id: TEXT, created_at: BIGINT, device: TEXT, digest: TEXT,
        expires_at: BIGINT, method: TEXT, password_digest: TEXT, used_at: BIGINT, user_id: TEXT
    }
    personal_tokens {
        created_at: BIGINT, digest: TEXT, expires_at: BIGINT, id: TEXT, last_used_address: TEXT, last_used_at: BIGINT,
        name: TEXT, revoked_at: BIGINT, scopes: TEXT, user_id: TEXT
    }
    phone_numbers { number: TEXT, proved_at: BIGINT, user_id: TEXT, wanted: TEXT, wanted_at: BIGINT }
    policy_drafts { kept_at: BIGINT, note: TEXT, text: TEXT, user_id: TEXT }
    policy_versions {
        activated_at: BIGINT, author_id: TEXT, created_at: BIGINT, id: TEXT, note: TEXT, number: BIGINT, text: TEXT
    }
    policy_state { active_number: BIGINT, cases_version: BIGINT, generation: BIGINT, id: TEXT, last_number: BIGINT }
    provider_tokens {
        access_sealed: TEXT, connection_id: TEXT, expires_at: BIGINT, failures: BIGINT, refresh_at: BIGINT,
        refresh_sealed: TEXT, scope: TEXT
    }
    recovery_codes { created_at: BIGINT, mac: TEXT, used_at: BIGINT, user_id: TEXT }
    sent_codes {
        bound_to: TEXT, code_mac: TEXT, created_at: BIGINT, expires_at: BIGINT, id: TEXT, killed_at: BIGINT,
        method: TEXT, recipient_mac: TEXT, used_at: BIGINT, user_id: TEXT, wrong_codes: BIGINT
    }
    sessions {
        address: TEXT, authenticated_at: BIGINT, created_at: BIGINT, device: TEXT, end_reason: TEXT, ended_at: BIGINT,
        expires_at: BIGINT, factor: TEXT, factor_at: BIGINT, id: TEXT, impersonation_writes: BIGINT,
        impersonator_id: TEXT, impersonator_session: TEXT, method: TEXT, organization_id: TEXT, password_tries: BIGINT,
        reused_generation: BIGINT, user_id: TEXT
    }
    refresh_tokens {
        address: TEXT, device: TEXT, digest: TEXT, generation: BIGINT, issued_at: BIGINT, session_id: TEXT
    }
    sign_ups {
        code_mac: TEXT, created_at: BIGINT, email: TEXT, expires_at: BIGINT, id: TEXT, identity_sealed: TEXT,
        known_user_id: TEXT, link_digest: TEXT, locale: TEXT, mails_sent: BIGINT, name: TEXT, passkey: TEXT,
        passkey_credential_id: TEXT, password_hash: TEXT, sent_at: BIGINT, ticket_digest: TEXT, used_at: BIGINT,
        wrong_codes: BIGINT, wrong_email_codes: BIGINT
    }
    totp_enrolments { expires_at: BIGINT, secret_sealed: TEXT, session_id: TEXT, user_id: TEXT, wrong_codes: BIGINT }
    totp_secrets { confirmed_at: BIGINT, last_step: BIGINT, secret_sealed: TEXT, user_id: TEXT }
    trusted_devices {
        address: TEXT, created_at: BIGINT, device: TEXT, digest: TEXT, expires_at: BIGINT, id: TEXT,
        last_used_at: BIGINT, revoked_at: BIGINT, token_version: BIGINT, user_id: TEXT
    }
    unsaved_documents {
        body: TEXT, department: TEXT, kept_at: BIGINT, place: TEXT, sensitivity: TEXT, title: TEXT, user_id: TEXT
    }
    waiting_acts { digest: TEXT, expires_at: BIGINT, payload_sealed: TEXT, session_id: TEXT, used_at: BIGINT }
    webhook_feed { name: TEXT, sequence: BIGINT }
    webhooks {
        created_at: BIGINT, disabled_at: BIGINT, disabled_reason: TEXT, failing_since: BIGINT, id: TEXT, kinds: TEXT,
        listens_from: BIGINT, old_secret_sealed: TEXT, old_secret_until: BIGINT, organization_id: TEXT, owner: TEXT,
        secret_sealed: TEXT, url: TEXT
    }
    webhook_deliveries {
        attempts: BIGINT, claimed_until: BIGINT, created_at: BIGINT, delivered_at: BIGINT, event_id: TEXT, id: TEXT,
        kind: TEXT, last_duration_ms: BIGINT, last_error: TEXT, last_status: BIGINT, next_at: BIGINT, payload: TEXT,
        request_id: TEXT, state: TEXT, tries: TEXT, webhook_id: TEXT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_each_column_in_its_place() {
        let table = MOVED_TABLES.iter().find(|table| table.name == "data_keys").unwrap();
        assert_eq!(table.columns, [Column::of("id", "TEXT"), Column::of("key_sealed", "TEXT")]);
        assert_eq!(table.select, "SELECT id, key_sealed FROM data_keys");
        assert_eq!(
            table.insert_into_sqlite,
            "INSERT INTO data_keys (id, key_sealed) SELECT json_extract(r.value, '$.id'), \
             json_extract(r.value, '$.key_sealed') FROM json_each($1) r"
        );
        assert_eq!(
            table.insert_into_postgres,
            "INSERT INTO data_keys (id, key_sealed) SELECT r.id, r.key_sealed \
             FROM json_to_recordset(CAST($1 AS JSON)) AS r (id TEXT, key_sealed TEXT)"
        );
    }
}
