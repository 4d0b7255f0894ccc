//! The mail server, the way to it, and who mails come from.

use auth::view::{CheckFinding, CheckGroup};

use super::{advice, deadly, fault, good, not_asked};
use crate::doctor::facts::host;
use crate::doctor::{Check, Facts};
use crate::settings::mail::MAIL_FROM;

const GROUP: CheckGroup = CheckGroup::Mail;

pub(super) const CHECKS: [Check; 3] = [
    Check::one("mail", GROUP, "docs/operations/running.md#mail", mail),
    Check::one("mail_way", GROUP, "docs/operations/running.md#mail", mail_way).in_production().deadly(),
    Check::one("mail_sender", GROUP, "docs/operations/running.md#mail", mail_sender).in_production().deadly(),
];

/// Whether the mail server lets us in.
fn mail(facts: &Facts) -> CheckFinding {
    if facts.settings.smtp.is_none() {
        return good("inbox");
    }
    match facts.outside.as_ref().and_then(|outside| outside.mail.as_ref()) {
        None => not_asked(),
        Some(Ok(())) => good("lets_in"),
        Some(Err(why)) => fault("refuses").with("why", why),
    }
}

fn mail_way(facts: &Facts) -> CheckFinding {
    let Some(smtp) = &facts.settings.smtp else { return deadly("missing") };
    if smtp.demands_tls().unwrap_or(false) { good("encrypted") } else { deadly("heard") }
}

fn mail_sender(facts: &Facts) -> CheckFinding {
    let Some(smtp) = &facts.settings.smtp else { return deadly("missing") };
    let domain = smtp.from.trim().trim_end_matches('>').rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let finding = if smtp.from == MAIL_FROM {
        deadly("unset")
    } else if is_akin(&domain, &host(&facts.settings.public_url)) {
        good("akin")
    } else {
        advice("stranger")
    };
    finding.with("sender", &smtp.from)
}

/// Whether one of two names is below the other, or both are below one that is no top-level domain: people compare the sender
/// with the address they know.
fn is_akin(one: &str, other: &str) -> bool {
    let end = |name: &str| name.rsplitn(3, '.').take(2).map(str::to_owned).collect::<Vec<_>>();
    one.contains('.') && end(one) == end(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::trial::{fails, passes};
    use auth::mail::SmtpSettings;
    use secrecy::SecretString;

    fn smtp(facts: &mut Facts) -> &mut SmtpSettings {
        facts.settings.smtp.as_mut().unwrap()
    }

    #[test]
    fn mail_passes() {
        passes("mail", "lets_in");
    }

    #[test]
    fn mail_fails() {
        let refused = || Some(Err("the password is wrong".to_owned()));
        fails("mail", "refuses", |facts| facts.outside.as_mut().unwrap().mail = refused());
    }

    #[test]
    fn mail_way_passes() {
        passes("mail_way", "encrypted");
    }

    #[test]
    fn mail_way_fails() {
        fails("mail_way", "missing", |facts| facts.settings.smtp = None);
        let plain = || SecretString::from("smtp://mail.example.com:587");
        fails("mail_way", "heard", |facts| smtp(facts).url = plain());
    }

    #[test]
    fn mail_sender_passes() {
        passes("mail_sender", "akin");
    }

    #[test]
    fn mail_sender_fails() {
        fails("mail_sender", "missing", |facts| facts.settings.smtp = None);
        fails("mail_sender", "unset", |facts| smtp(facts).from = MAIL_FROM.to_owned());
        fails("mail_sender", "stranger", |facts| smtp(facts).from = "no-reply@example.org".to_owned());
    }
}
