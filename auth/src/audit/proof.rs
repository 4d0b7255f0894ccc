//! What proves a line: a keyed digest of everything it says.
//!
//! What is personal goes in by a salted digest of its own. Once the person leaves, value and salt are erased and the
//! digest stays, so the line still proves itself and tells nothing any more. That the program erased it, and nobody
//! else, is proved as well.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::Timestamp;
use crate::crypto::{AuditMac, AuditProof};
use crate::random::Random;

/// Before what stands in the place of a salt once its part is erased. No salt has a dot.
const ERASED: &str = "erased.";

/// What a line says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said<'a> {
    pub(crate) id: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) kind: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) organization: Option<&'a str>,
    pub(crate) user: Option<&'a str>,
    pub(crate) target: Option<&'a str>,
    pub(crate) changes: Option<&'a str>,
    pub(crate) actor: Option<&'a str>,
    pub(crate) impersonator: Option<&'a str>,
    pub(crate) session: Option<&'a str>,
    pub(crate) address: &'a str,
    pub(crate) device: &'a str,
    pub(crate) request: &'a str,
}

/// What proves a line, as it is stored.
#[derive(Clone, Debug, Default)]
pub struct LineProof {
    /// The salt of the subject; none for a line that proves nothing.
    pub subject_salt: Option<String>,
    /// The salt of the origin.
    pub origin_salt: Option<String>,
    /// The keyed digest of the line.
    pub mac: Option<String>,
}

/// A personal part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Who or what it was done to, and what changed.
    Subject,
    /// Who did it, and from where.
    Origin,
}

impl Part {
    const fn label(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Origin => "origin",
        }
    }
}

impl Said<'_> {
    fn digest(&self, mac: &AuditMac, part: Part, salt: &str) -> String {
        let (label, salt) = (Some(part.label()), Some(salt));
        match part {
            Part::Subject => mac.of(AuditProof::Personal, &[label, salt, self.user, self.target, self.changes]),
            Part::Origin => {
                let (address, device, request) = (Some(self.address), Some(self.device), Some(self.request));
                let who = [label, salt, self.actor, self.impersonator, self.session, address, device, request];
                mac.of(AuditProof::Personal, &who)
            }
        }
    }

    fn is_erased(&self, part: Part) -> bool {
        match part {
            Part::Subject => self.user.is_none() && self.target.is_none() && self.changes.is_none(),
            Part::Origin => {
                let nobody = self.actor.is_none() && self.impersonator.is_none() && self.session.is_none();
                nobody && self.address.is_empty() && self.device.is_empty() && self.request.is_empty()
            }
        }
    }

    /// The digest of a part, from its salt or from what its erasure left; none when that is not of our making.
    fn digest_of(&self, mac: &AuditMac, part: Part, stored: Option<&str>) -> Option<String> {
        let stored = stored?;
        let Some(left) = stored.strip_prefix(ERASED) else { return Some(self.digest(mac, part, stored)) };
        let (digest, proof) = left.split_once('.')?;
        (self.is_erased(part) && erasure(mac, self.id, part, digest) == proof).then(|| digest.to_owned())
    }

    fn line(&self, mac: &AuditMac, subject: &str, origin: &str) -> String {
        let at = self.at.0.to_string();
        let fields = [
            Some(self.id),
            Some(at.as_str()),
            Some(self.kind),
            Some(self.outcome),
            self.organization,
            Some(subject),
            Some(origin),
        ];
        mac.of(AuditProof::Line, &fields)
    }

    /// Whether the line is as the program wrote it.
    pub(crate) fn is_proved(&self, mac: &AuditMac, proof: &LineProof) -> bool {
        let subject = self.digest_of(mac, Part::Subject, proof.subject_salt.as_deref());
        let origin = self.digest_of(mac, Part::Origin, proof.origin_salt.as_deref());
        match (subject, origin, proof.mac.as_deref()) {
            (Some(subject), Some(origin), Some(stored)) => self.line(mac, &subject, &origin) == stored,
            _ => false,
        }
    }

    /// What stands in the place of a part's salt when it is erased now; none when it is erased already, or the line
    /// proves nothing.
    pub(crate) fn erased(&self, mac: &AuditMac, part: Part, salt: Option<&str>) -> Option<String> {
        let salt = salt.filter(|salt| !salt.starts_with(ERASED))?;
        let digest = self.digest(mac, part, salt);
        Some(format!("{ERASED}{digest}.{}", erasure(mac, self.id, part, &digest)))
    }
}

fn erasure(mac: &AuditMac, id: &str, part: Part, digest: &str) -> String {
    mac.of(AuditProof::Erasure, &[Some(id), Some(part.label()), Some(digest)])
}

/// Proves a line, with salts of its own.
pub(crate) fn prove(mac: &AuditMac, random: &dyn Random, said: &Said<'_>) -> LineProof {
    let salt = || {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    };
    let (subject_salt, origin_salt) = (salt(), salt());
    let subject = said.digest(mac, Part::Subject, &subject_salt);
    let origin = said.digest(mac, Part::Origin, &origin_salt);
    let line = said.line(mac, &subject, &origin);
    LineProof { subject_salt: Some(subject_salt), origin_salt: Some(origin_salt), mac: Some(line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::DataKey;
    use crate::random::SeededRandom;

    fn line() -> Said<'static> {
        Said {
            id: "01890a5d-ac96-774b-bcce-b302099a8057",
            at: Timestamp(1_800_000_000_000),
            kind: "session.started",
            outcome: "done",
            organization: None,
            user: Some("alice"),
            target: None,
            changes: None,
            actor: None,
            impersonator: None,
            session: Some("session"),
            address: "192.0.2.1",
            device: "Firefox on Linux",
            request: "request",
        }
    }

    #[test]
    fn whatever_is_changed_is_not_proved_any_more() {
        let (mac, random) = (AuditMac::new(DataKey::from_bytes([1; 32])), SeededRandom::new(1));
        let (said, proof) = (line(), prove(&mac, &random, &line()));
        assert!(said.is_proved(&mac, &proof));
        for changed in [
            Said { id: "other", ..said },
            Said { at: Timestamp(1), ..said },
            Said { kind: "session.refused", ..said },
            Said { outcome: "refused", ..said },
            Said { organization: Some("acme"), ..said },
            Said { user: Some("bob"), ..said },
            Said { user: None, ..said },
            Said { target: Some("bob"), ..said },
            Said { changes: Some("[]"), ..said },
            Said { actor: Some("bob"), ..said },
            Said { impersonator: Some("bob"), ..said },
            Said { session: None, ..said },
            Said { address: "", ..said },
            Said { device: "", ..said },
            Said { request: "", ..said },
        ] {
            assert!(!changed.is_proved(&mac, &proof));
        }
        assert!(!said.is_proved(&AuditMac::new(DataKey::from_bytes([2; 32])), &proof));
        assert!(!said.is_proved(&mac, &LineProof::default()));
    }

    #[test]
    fn an_erased_part_is_proved_and_only_the_program_erases() {
        let (mac, random) = (AuditMac::new(DataKey::from_bytes([1; 32])), SeededRandom::new(1));
        let (said, mut proof) = (line(), prove(&mac, &random, &line()));
        let gone = Said { user: None, ..said };
        let by_hand = LineProof { subject_salt: None, ..proof.clone() };
        assert!(!gone.is_proved(&mac, &by_hand), "a salt that was taken away proves nothing");
        proof.subject_salt = said.erased(&mac, Part::Subject, proof.subject_salt.as_deref());
        assert!(gone.is_proved(&mac, &proof) && !said.is_proved(&mac, &proof));
        assert_eq!(gone.erased(&mac, Part::Subject, proof.subject_salt.as_deref()), None, "once");
        let origin = said.erased(&mac, Part::Origin, proof.origin_salt.as_deref());
        let other = LineProof { subject_salt: origin, ..proof.clone() };
        assert!(!gone.is_proved(&mac, &other), "the proof of one part is none of the other");
    }
}
