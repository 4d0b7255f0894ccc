//! What the DNS says of the domain that mails come from. Without it other mail servers take them for spam, and anybody
//! sends in the domain's name.

use auth::view::{CheckFinding, CheckGroup};

use super::{advice, fault, good, not_asked};
use crate::doctor::facts::MailRecords;
use crate::doctor::{Check, Facts};

const GROUP: CheckGroup = CheckGroup::Mail;

pub(super) const CHECKS: [Check; 3] = [
    Check::one("spf", GROUP, "docs/operations/doctor.md#mail", spf).in_production(),
    Check::one("dkim", GROUP, "docs/operations/doctor.md#mail", dkim).in_production(),
    Check::one("dmarc", GROUP, "docs/operations/doctor.md#mail", dmarc).in_production(),
];

fn records(facts: &Facts) -> Option<&MailRecords> {
    facts.outside.as_ref()?.records.as_ref()
}

/// RFC 7208: one record, which names who may send.
fn spf(facts: &Facts) -> CheckFinding {
    let Some(records) = records(facts) else { return not_asked() };
    let finding = match &records.spf {
        Err(why) => advice("unknown").with("why", why),
        Ok(found) => match found.as_slice() {
            [] => fault("missing"),
            [one] if is_for_everybody(one) => fault("everybody"),
            [_] => good("there"),
            _ => fault("several"),
        },
    };
    finding.with("domain", &records.domain)
}

/// What no word of a record decides is neutral, which is as `?all` (RFC 7208, 4.7).
fn is_for_everybody(record: &str) -> bool {
    let words: Vec<String> = record.split_whitespace().map(str::to_ascii_lowercase).collect();
    let is_decided = |word: &String| matches!(word.as_str(), "-all" | "~all") || word.starts_with("redirect=");
    let is_open = |word: &String| matches!(word.as_str(), "all" | "+all" | "?all");
    words.iter().any(is_open) || !words.iter().any(is_decided)
}

/// RFC 6376, 3.6.1: an empty `p` is a key that was revoked.
fn dkim(facts: &Facts) -> CheckFinding {
    let Some(records) = records(facts) else { return not_asked() };
    let Some(found) = &records.dkim else { return advice("no_selector").with("domain", &records.domain) };
    let finding = match found {
        Err(why) => advice("unknown").with("why", why),
        Ok(found) if found.iter().any(|record| tag(record, "p").is_some_and(|key| !key.is_empty())) => good("there"),
        Ok(_) => fault("missing"),
    };
    let selector = facts.settings.dkim_selector.as_deref().unwrap_or_default();
    finding.with("domain", &records.domain).with("selector", selector)
}

/// RFC 7489, 6.3: a policy of `none` asks for nothing.
fn dmarc(facts: &Facts) -> CheckFinding {
    let Some(records) = records(facts) else { return not_asked() };
    let finding = match &records.dmarc {
        Err(why) => advice("unknown").with("why", why),
        // RFC 7489, 6.6.3: then none counts.
        Ok(found) if found.len() > 1 => fault("several"),
        Ok(found) => match found.first().map(|record| tag(record, "p").unwrap_or_default().to_ascii_lowercase()) {
            None => fault("missing"),
            Some(policy) if matches!(policy.as_str(), "quarantine" | "reject") => good("there").with("policy", policy),
            Some(policy) => advice("lenient").with("policy", policy),
        },
    };
    finding.with("domain", &records.domain)
}

/// The value of a tag, as both standards write them: `v=DMARC1; p=reject`.
fn tag<'a>(record: &'a str, name: &str) -> Option<&'a str> {
    let mut tags = record.split(';').filter_map(|tag| tag.split_once('='));
    tags.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, finds, passes};

    fn told(facts: &mut Facts) -> &mut MailRecords {
        facts.outside.as_mut().unwrap().records.as_mut().unwrap()
    }

    fn texts(all: &[&str]) -> Result<Vec<String>, String> {
        Ok(all.iter().map(|text| (*text).to_owned()).collect())
    }

    fn silence() -> Result<Vec<String>, String> {
        Err("nobody answers".to_owned())
    }

    #[test]
    fn spf_passes() {
        passes("spf", "there");
        for decided in ["v=spf1 mx ~all", "v=spf1 redirect=_spf.example.net"] {
            finds("spf", "there", |facts| told(facts).spf = texts(&[decided]));
        }
    }

    #[test]
    fn spf_fails() {
        for (found, case) in [
            (texts(&[]), "missing"),
            (texts(&["v=spf1 +all"]), "everybody"),
            (texts(&["v=spf1 mx ?all"]), "everybody"),
            (texts(&["v=spf1 mx"]), "everybody"),
            (texts(&["v=spf1 mx -all", "v=spf1 -all"]), "several"),
            (silence(), "unknown"),
        ] {
            fails("spf", case, |facts| told(facts).spf = found);
        }
    }

    #[test]
    fn dkim_passes() {
        passes("dkim", "there");
    }

    #[test]
    fn dkim_fails() {
        for (found, case) in [
            (None, "no_selector"),
            (Some(texts(&[])), "missing"),
            (Some(texts(&["v=DKIM1; k=ed25519; p="])), "missing"),
            (Some(silence()), "unknown"),
        ] {
            fails("dkim", case, |facts| told(facts).dkim = found);
        }
    }

    #[test]
    fn dmarc_passes() {
        passes("dmarc", "there");
    }

    #[test]
    fn dmarc_fails() {
        for (found, case) in [
            (texts(&[]), "missing"),
            (texts(&["v=DMARC1; p=none"]), "lenient"),
            (texts(&["v=DMARC1; p=reject", "v=DMARC1; p=none"]), "several"),
            (silence(), "unknown"),
        ] {
            fails("dmarc", case, |facts| told(facts).dmarc = found);
        }
    }
}
