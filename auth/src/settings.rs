//! What an operator can set about the domain. The server reads it from its configuration.

use std::sync::Arc;

use crate::anomaly::AnomalySettings;
use crate::crypto::MasterKeys;
use crate::dns::DomainResolver;
use crate::factor::FactorPolicy;
use crate::federation::FederationSettings;
use crate::limit::LimitSettings;
use crate::password::hash::HashCost;
use crate::password::range_service::RangeUrl;
use crate::sms::SmsSettings;
use crate::token::{Algorithm, Hs256Secret};
use crate::webhook::WebhookSettings;

/// Settings of the engine.
pub struct Settings {
    /// Where people reach this program, without a slash at the end; also the issuer of tokens.
    pub public_url: String,
    /// Everything sealed at rest depends on them: one seals, the others only open.
    pub master_keys: MasterKeys,
    /// What a password hash costs.
    pub hash_cost: HashCost,
    /// How many hashes are computed at once; each keeps its block of memory.
    pub hash_threads: usize,
    /// How many may wait for a thread; the next one is told to come back.
    pub hash_queue: usize,
    /// A service that is asked whether new passwords are leaked.
    pub breached_passwords: Option<RangeUrl>,
    /// How long sessions and tokens live.
    pub lifetimes: Lifetimes,
    /// The keys that sign access tokens.
    pub keys: KeySettings,
    /// Codes by mail, by SMS and of apps.
    pub codes: CodeSettings,
    /// Who must have a second factor.
    pub factor_policy: FactorPolicy,
    /// Providers to sign in with.
    pub federation: FederationSettings,
    /// Who looks up the records of mail domains; none: no organization may claim one.
    pub domains: Option<Arc<dyn DomainResolver>>,
    /// Addresses that are told of what happens.
    pub webhooks: WebhookSettings,
    /// Days that lines of the audit log are kept; 0: for ever.
    pub audit_retention_days: i64,
    /// What strangers may try, and how often.
    pub limits: LimitSettings,
    /// Sign-ins that look unusual.
    pub anomalies: AnomalySettings,
}

/// Codes as second factors: what may be switched on by mail and SMS, how SMS leave, and how wrong the clock of an app may
/// be.
#[derive(Clone)]
pub struct CodeSettings {
    /// Whether people may switch on codes by mail.
    pub email: bool,
    /// How SMS leave; none: nobody may add a number, and none is sent.
    pub sms: Option<SmsSettings>,
    /// SMS of all nodes together in a minute: 30. Each costs money.
    pub sms_per_minute: i64,
    /// Steps of an authenticator app before and after the present whose codes are accepted: 1. With 0 a code lives for the
    /// 30 seconds that ASVS 5.0, 6.5.5, allows, and no clock may be wrong.
    pub authenticator_drift: u16,
}

impl Default for CodeSettings {
    fn default() -> Self {
        Self { email: false, sms: None, sms_per_minute: 30, authenticator_drift: 1 }
    }
}

/// The keys that sign access tokens.
#[derive(Clone)]
pub struct KeySettings {
    /// What new keys sign with.
    pub algorithm: Algorithm,
    /// The secret of HS256; must be there for that algorithm.
    pub hs256_secret: Option<Hs256Secret>,
    /// Days that a key signs before the next one does; 0: for ever. A shared secret is never replaced by itself.
    pub rotation_days: i64,
    /// Seconds that the next key is published before it signs: 10 minutes. Others may keep a copy of the
    /// public keys for half of it.
    pub publish_seconds: i64,
}

impl Default for KeySettings {
    fn default() -> Self {
        Self { algorithm: Algorithm::EdDsa, hs256_secret: None, rotation_days: 90, publish_seconds: 10 * 60 }
    }
}

/// Lifetimes in seconds.
#[derive(Clone, Copy)]
pub struct Lifetimes {
    /// Access token: 5 minutes.
    pub access: i64,
    /// Session at most: 90 days.
    pub session: i64,
    /// Session without being used: 30 days (NIST SP 800-63B-4, AAL1).
    pub session_idle: i64,
    /// How long a rotated refresh token still answers with its successor: 30 seconds.
    pub rotation_grace: i64,
    /// Verification link and code: 24 hours.
    pub verification: i64,
    /// Between two verification mails, and between two codes of a second factor: 30 seconds.
    pub resend: i64,
    /// Code by mail or SMS: 10 minutes, the most that ASVS 5.0, 6.5.5, allows.
    pub sent_code: i64,
    /// Link and code to a new password: 10 minutes (ASVS 5.0, 6.5.5).
    pub password_reset: i64,
    /// How long a proof of the person is fresh enough for a risky act: 15 minutes.
    pub fresh_proof: i64,
    /// Link and code of a new address: 1 hour.
    pub email_change: i64,
    /// How long the old address may be taken back: 7 days.
    pub email_undo: i64,
    /// The link "this was not me" of a notice: 7 days.
    pub notice_link: i64,
    /// Between asking for the deletion of an account and its end: 14 days.
    pub deletion_grace: i64,
    /// Between asking for the recovery of an account by mail and the link that completes it: 72 hours.
    pub recovery_wait: i64,
    /// How long that link then works: 7 days.
    pub recovery_link: i64,
    /// A way to a provider: 10 minutes, the most that RFC 6749, 4.1.2, allows its code.
    pub federation_flow: i64,
    /// How long somebody who came from a provider may take to prove an account or an address: 1 hour.
    pub pending_connection: i64,
    /// Link and code of an invitation into an organization: 7 days.
    pub invitation: i64,
    /// How long a verified mail domain may be without its record: 7 days.
    pub domain_without_record: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        Self {
            access: 5 * 60,
            session: 90 * DAY,
            session_idle: 30 * DAY,
            rotation_grace: 30,
            verification: DAY,
            resend: 30,
            sent_code: 10 * 60,
            password_reset: 10 * 60,
            fresh_proof: 15 * 60,
            email_change: 60 * 60,
            email_undo: 7 * DAY,
            notice_link: 7 * DAY,
            deletion_grace: 14 * DAY,
            recovery_wait: 3 * DAY,
            recovery_link: 7 * DAY,
            federation_flow: 10 * 60,
            pending_connection: 60 * 60,
            invitation: 7 * DAY,
            domain_without_record: 7 * DAY,
        }
    }
}
