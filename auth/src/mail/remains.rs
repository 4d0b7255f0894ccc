//! What support may know of a mail or SMS: what it is for, and enough of its recipient to tell two people apart. That
//! much remains, sealed, once it was sent; while it waits, it is read from the mail itself.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Mail;
use crate::engine::{Engine, job_place};
use crate::id::JobId;
use crate::sms::Sms;
use crate::store::QueuedJob;
use crate::view::{MailItem, MailState};
use crate::{Email, Timestamp};

/// Most characters of an error that are shown.
const MAX_ERROR: usize = 300;

/// What remains of a mail that was sent.
#[derive(Serialize, Deserialize)]
pub(crate) struct Remains {
    kind: String,
    to: String,
}

impl Remains {
    /// Those of a mail.
    pub(crate) fn of_mail(mail: &Mail) -> Self {
        Self { kind: mail.message.kind().to_owned(), to: masked(&mail.to) }
    }

    /// Those of an SMS.
    pub(crate) fn of_sms(sms: &Sms) -> Self {
        Self { kind: Sms::JOB.to_owned(), to: sms.to.masked() }
    }
}

impl Engine {
    /// Seals them in the place of what was sent.
    pub(crate) fn seal_remains(&self, id: &JobId, remains: &Remains) -> anyhow::Result<String> {
        let plain = serde_json::to_vec(remains)?;
        Ok(self.sealer.seal(&*self.random, &job_place(id), &plain))
    }

    /// A job as support sees it. What does not open, or was sealed by another version, is shown without its kind.
    pub(crate) fn mail_item(&self, job: QueuedJob) -> MailItem {
        let state = match (job.done_at, job.dead_at) {
            (Some(_), _) => MailState::Sent,
            (None, Some(_)) => MailState::Dead,
            (None, None) => MailState::Waiting,
        };
        let (remains, ends_at) = self.look_into(&job);
        let (kind, recipient) = remains.map(|remains| (remains.kind, remains.to)).unzip();
        MailItem {
            kind,
            recipient,
            state,
            attempts: job.attempts,
            last_error: job.last_error.as_deref().map(without_addresses),
            created_at: job.created_at,
            next_at: (state == MailState::Waiting).then_some(job.run_at),
            ended_at: job.done_at.or(job.dead_at),
            is_outdated: ends_at.is_some_and(|at| at <= self.now()),
            id: job.id,
        }
    }

    fn look_into(&self, job: &QueuedJob) -> (Option<Remains>, Option<Timestamp>) {
        if job.done_at.is_some() {
            return (self.open_job(job), None);
        }
        if job.kind == Sms::JOB {
            let sms: Option<Sms> = self.open_job(job);
            return (sms.as_ref().map(Remains::of_sms), sms.map(|sms| sms.expires_at));
        }
        let mail: Option<Mail> = self.open_job(job);
        let ends_at = mail.as_ref().and_then(|mail| mail.message.ends_at(job.created_at, &self.lifetimes));
        (mail.as_ref().map(Remains::of_mail), ends_at)
    }

    fn open_job<T: DeserializeOwned>(&self, job: &QueuedJob) -> Option<T> {
        let plain = self.sealer.open(&job_place(&job.id), &job.payload_sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// `a•••@example.com`
fn masked(email: &Email) -> String {
    let (local, domain) = email.as_str().split_once('@').unwrap_or_default();
    format!("{}•••@{domain}", local.chars().next().unwrap_or('•'))
}

/// An error without the addresses that mail servers put into theirs.
fn without_addresses(error: &str) -> String {
    let words: Vec<&str> = error.split(' ').map(|word| if word.contains('@') { "…" } else { word }).collect();
    words.join(" ").chars().take(MAX_ERROR).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_sees_too_little_to_write_to_anybody() {
        assert_eq!(masked(&Email::parse("alice.martin@example.com").unwrap()), "a•••@example.com");
        assert_eq!(
            without_addresses("550 5.1.1 <alice@example.com>: Recipient address rejected"),
            "550 5.1.1 … Recipient address rejected"
        );
    }
}
