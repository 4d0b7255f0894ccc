//! The records of verified mail domains, each looked at once a day. A domain whose record is gone for seven days is lost:
//! it may be somebody else's by then. The owners are told.
//!
//! An answer counts, and silence does not: a server that is down takes nobody's domain.

use crate::audit::AuditLine;
use crate::flow::{nobody, record_of};
use crate::mail::{Mail, OrganizationMessage};
use crate::store::{DomainRow, Transaction};
use crate::{Auth, EventKind, Result, Timestamp};

const DAY: i64 = 24 * 60 * 60;
/// Domains in one round. Each may take five seconds.
const BITE: i64 = 50;

impl Auth {
    /// Looks at every record that is due. One that cannot be looked at holds up no other.
    pub(super) async fn check_domains(&self) -> Result<()> {
        let Some(resolver) = &self.domains else { return Ok(()) };
        let due = self.store.domains_to_check(self.now().minus_seconds(DAY), BITE).await?;
        for domain in &due {
            // Of several nodes one looks.
            let mut tx = self.store.begin().await?;
            let is_ours = tx.begin_domain_check(&domain.id, domain.checked_at, self.now()).await?;
            tx.commit().await?;
            if !is_ours {
                continue;
            }
            match resolver.texts(domain.domain.as_str()).await {
                Ok(texts) => note(self, domain, texts.contains(&record_of(domain))).await?,
                Err(error) => {
                    let (domain, error) = (domain.domain.as_str(), format!("{error:#}"));
                    tracing::warn!(domain, error, "the record of a mail domain was not looked up");
                }
            }
        }
        Ok(())
    }
}

async fn note(auth: &Auth, domain: &DomainRow, is_there: bool) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if is_there {
        tx.verify_domain(&domain.id, now).await?;
    } else {
        tx.miss_domain(&domain.id, now).await?;
        if tx.lose_domain(&domain.id, now.minus_seconds(auth.lifetimes.domain_without_record), now).await? {
            tell_owners(auth, &mut tx, domain, now).await?;
        }
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

async fn tell_owners(auth: &Auth, tx: &mut Transaction, domain: &DomainRow, now: Timestamp) -> Result<()> {
    let id = &domain.organization_id;
    let Some(organization) = tx.organization(id).await? else { return Ok(()) };
    for owner in tx.owners(id).await? {
        let message = OrganizationMessage::DomainLost {
            name: owner.name,
            domain: domain.domain.clone(),
            organization: organization.name.clone(),
            at: now,
            link: format!("{}/orgs/{}/domains", auth.public_url, id.as_str()),
        }
        .into();
        auth.promise_mail(tx, &Mail { to: owner.email, locale: owner.locale, message }).await?;
    }
    let line = AuditLine::of(EventKind::OrganizationDomainLost).within(id).with(domain.domain.as_str());
    auth.record(tx, line, &nobody()).await
}
