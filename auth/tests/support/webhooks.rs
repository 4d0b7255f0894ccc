//! Webhooks, who listens to them, and organizations that have some.

use super::sms_service::{Heard, SmsService, answer};
use super::{World, context};
use auth::flow::{self, CreatedWebhook, WebhookOwner};
use auth::form::NewWebhookForm;
use auth::id::{OrganizationId, WebhookId};
use auth::outward::AllowedHosts;
use auth::session::Caller;
use auth::settings::Settings;
use auth::view::{DeliveryItem, WebhookItem};
use auth::{Auth, Result};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AnyConnection, Connection};
use std::sync::Arc;

pub const ADMIN: &str = "ada@example.com";

impl World {
    /// The same world; its node tells webhooks at private addresses, too.
    pub async fn telling(self) -> Self {
        let clock = Arc::clone(&self.clock);
        let auth = self.another_node_with(&clock, |settings| settings.webhooks.private_addresses = true).await.unwrap();
        Self { auth, ..self }
    }

    /// The same world; its node tells webhooks at these hosts alone, also at private addresses.
    pub async fn allowing(self, hosts: &str) -> Self {
        let (clock, hosts) = (Arc::clone(&self.clock), AllowedHosts::parse(hosts).unwrap());
        let set = |settings: &mut Settings| {
            settings.webhooks.private_addresses = true;
            settings.webhooks.hosts = hosts;
        };
        let auth = self.another_node_with(&clock, set).await.unwrap();
        Self { auth, ..self }
    }

    /// Reads the audit log to its end.
    pub async fn feed_webhooks(&self) {
        self.auth.seal_audit_log().await.unwrap();
        while self.auth.feed_webhooks().await.unwrap() > 0 {}
    }

    /// Reads the audit log to its end, and tells everything that is due.
    pub async fn tell_webhooks(&self) {
        self.feed_webhooks().await;
        while self.auth.deliver_webhooks().await.unwrap() > 0 {}
    }

    /// An organization with these members, by their roles.
    pub async fn organization_with(&self, slug: &str, members: &[(&Caller, &str)]) -> OrganizationId {
        let id = uuid::Uuid::from_u64_pair(1, slug.bytes().map(u64::from).sum()).to_string();
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let made = "INSERT INTO organizations (id, slug, name, created_at) VALUES ($1, $2, $2, $3)";
        let made = sqlx::query(made).bind(id.clone()).bind(slug.to_owned()).bind(self.auth.now().0);
        made.execute(&mut connection).await.unwrap();
        for (member, role) in members {
            let joined = "INSERT INTO memberships (organization_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)";
            let joined = sqlx::query(joined).bind(id.clone()).bind(member.user_id.0.clone()).bind((*role).to_owned());
            joined.bind(self.auth.now().0).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        OrganizationId(id)
    }

    /// Somebody who is signed in.
    pub async fn signed_in_person(&self, address: &str) -> Caller {
        self.create_account(address).await;
        self.caller(&self.sign_in(address).await)
    }

    /// Runs a statement of the story's own.
    pub async fn run_statement(&self, statement: &'static str) {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// A webhook of the platform at this service, a second after everything that was before.
    pub async fn platform_webhook(&self, admin: &Caller, service: &SmsService, kinds: &[&str]) -> CreatedWebhook {
        self.clock.advance_seconds(1);
        create(&self.auth, admin, &WebhookOwner::Platform, &in_at(service), kinds).await.unwrap()
    }

    pub async fn show_webhook(&self, admin: &Caller, id: &WebhookId) -> WebhookItem {
        flow::show_webhook(&self.auth, admin, &WebhookOwner::Platform, id.as_str(), &context()).await.unwrap()
    }

    /// What a webhook of the platform was told, the newest first.
    pub async fn deliveries(&self, admin: &Caller, id: &WebhookId) -> Vec<DeliveryItem> {
        let owner = WebhookOwner::Platform;
        let page = flow::list_deliveries(&self.auth, admin, &owner, id.as_str(), None, None, &context()).await;
        page.unwrap().items
    }

    /// Promises a test to a webhook of the platform.
    pub async fn test_webhook(&self, admin: &Caller, id: &WebhookId) {
        flow::test_webhook(&self.auth, admin, &WebhookOwner::Platform, id.as_str(), &context()).await.unwrap();
    }
}

/// Makes a webhook.
pub async fn create(
    auth: &Auth,
    caller: &Caller,
    owner: &WebhookOwner,
    url: &str,
    kinds: &[&str],
) -> Result<CreatedWebhook> {
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    flow::create_webhook(auth, caller, owner, &NewWebhookForm { url: url.to_owned(), kinds }, &context()).await
}

/// A service that accepts everything.
pub async fn listener() -> SmsService {
    SmsService::saying(answer("204 No Content", "", "")).await
}

/// The address of a webhook at a service.
pub fn in_at(service: &SmsService) -> String {
    format!("{}/in?key=hidden", service.base)
}

/// Whether one of the signatures of a request was made with this secret: what whoever listens computes.
pub fn is_signed_with(heard: &Heard, secret: &SecretString) -> bool {
    let key = BASE64_STANDARD.decode(secret.expose_secret().strip_prefix("whsec_").unwrap()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = format!("{}.{}.{}", heard.header("webhook-id"), heard.header("webhook-timestamp"), heard.body);
    heard.header("webhook-signature").split(' ').any(|signature| {
        let tag = BASE64_STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, signed.as_bytes(), &tag).is_ok()
    })
}
