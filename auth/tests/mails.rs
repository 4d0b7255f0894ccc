//! Every mail in every language, beside what was last agreed on: `tests/mails/<name>.<language>.txt` and
//! `.html`. Whoever changes a sentence or a template sees here what people will read.

use auth::mail::{Mail, Message, OrganizationMessage, Rendered, render};
use auth::organization::{MailDomain, OrganizationName};
use auth::{Email, FactorMethod, Locale, PersonName, Remark, Timestamp, TokenName};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use yaml_rust2::YamlLoader;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const RENEW: &str =
    "When that is wanted: KEYWRIGHT_UPDATE_MAILS=1 cargo test mails::, then read the difference in git.";
/// January 15, 2027 at 08:00 UTC.
const NOW: Timestamp = Timestamp(1_800_000_000_000);
const IN_3_DAYS: Timestamp = NOW.plus_seconds(3 * 24 * 60 * 60);
const IN_14_DAYS: Timestamp = NOW.plus_seconds(14 * 24 * 60 * 60);

/// A mail of each kind; two of a kind that says something else without its code.
fn samples() -> Vec<Message> {
    let link = |page: &str| format!("https://id.example.com/{page}");
    let token_link =
        |page: &str| format!("https://id.example.com/{page}?token=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA");
    // A name that the HTML part must escape and the text part must not.
    let name = || PersonName::parse("Zoé & Tom").unwrap();
    let email = || Email::parse("alice@example.org").unwrap();
    let device = || "Firefox on Linux".to_owned();
    let code = || "123456".to_owned();
    let organization = || OrganizationName::parse("Acme & Sons").unwrap();
    vec![
        Message::VerifyEmail { link: token_link("verify-email"), code: code() },
        Message::AlreadyRegistered { link: link("sign-in") },
        Message::AlreadyRegisteredConnect { provider: "Google".to_owned(), link: link("sign-in") },
        Message::Welcome { name: name(), link: link("sign-in") },
        Message::SessionReused { name: name(), device: device(), at: NOW, link: token_link("not-me") },
        Message::NewDevice { name: name(), device: device(), at: NOW, link: token_link("not-me") },
        Message::UnusualSignIn { name: name(), device: device(), at: NOW, link: token_link("not-me") },
        Message::PasswordReset { link: token_link("reset-password"), code: Some(code()) },
        Message::PasswordReset { link: token_link("reset-password"), code: None },
        Message::NoAccount { link: link("sign-up") },
        Message::ConfirmEmail { link: token_link("account/email"), code: code() },
        Message::EmailTaken { link: link("sign-in") },
        Message::EmailChanged {
            name: name(),
            email: email(),
            device: device(),
            at: NOW,
            link: token_link("undo-email-change"),
        },
        Message::EmailRemoved { email: email(), link: link("sign-in") },
        Message::DeletionScheduled { name: name(), device: device(), at: IN_14_DAYS, link: token_link("keep-account") },
        Message::AccountDeleted { link: link("sign-up") },
        OrganizationMessage::OrganizationDeletionScheduled {
            name: name(),
            organization: organization(),
            device: device(),
            at: IN_14_DAYS,
            link: link("orgs/01890a5d-ac96-774b-bcce-b302099a8057/settings"),
        }
        .into(),
        OrganizationMessage::OrganizationDeleted { name: name(), organization: organization(), link: link("orgs") }
            .into(),
        OrganizationMessage::OwnershipReceived {
            name: name(),
            organization: organization(),
            link: link("orgs/01890a5d-ac96-774b-bcce-b302099a8057"),
        }
        .into(),
        Message::TokenCreated {
            name: name(),
            token: TokenName::parse("Nightly report").unwrap(),
            device: device(),
            at: NOW,
            link: token_link("not-me"),
        },
        Message::FactorsLocked { name: name(), device: device(), at: NOW, link: token_link("not-me") },
        Message::FactorAdded { name: name(), factor: FactorMethod::Totp, link: token_link("not-me") },
        Message::FactorRemoved { name: name(), factor: FactorMethod::Passkey, link: token_link("not-me") },
        Message::ConnectionAdded {
            name: name(),
            provider: "Google".to_owned(),
            account: Some(email()),
            device: device(),
            at: NOW,
            link: token_link("not-me"),
        },
        Message::ConnectionRemoved {
            name: name(),
            provider: "GitHub".to_owned(),
            // It told none.
            account: None,
            device: device(),
            at: NOW,
            link: token_link("not-me"),
        },
        Message::RecoveryCodeUsed { name: name(), left: 9, device: device(), at: NOW, link: token_link("not-me") },
        Message::RecoveryCodesMade { name: name(), device: device(), at: NOW, link: token_link("not-me") },
        Message::PasskeyCounterRegressed {
            name: name(),
            passkey: TokenName::parse("My phone").unwrap(),
            device: device(),
            at: NOW,
            link: token_link("not-me"),
        },
        Message::SecondFactorCode { code: "12345678".to_owned(), link: token_link("not-me") },
        Message::AccountSuspended {
            name: name(),
            at: NOW,
            until: Some(IN_3_DAYS),
            reason: Some(Remark::parse("Mails to people who did not ask for them.").unwrap()),
            link: "https://id.example.com".to_owned(),
        },
        Message::AccountSuspended {
            name: name(),
            at: NOW,
            until: None,
            reason: None,
            link: "https://id.example.com".to_owned(),
        },
        Message::AccountUnsuspended { name: name(), link: link("sign-in") },
        Message::ImpersonationStarted {
            name: name(),
            at: NOW,
            until: NOW.plus_seconds(30 * 60),
            writes: false,
            link: link("account/sessions"),
        },
        Message::ImpersonationStarted {
            name: name(),
            at: NOW,
            until: NOW.plus_seconds(30 * 60),
            writes: true,
            link: link("account/sessions"),
        },
        Message::FactorsReset { name: name(), at: NOW, link: token_link("not-me") },
        Message::RecoveryRequested {
            name: name(),
            device: device(),
            at: IN_3_DAYS,
            link: token_link("cancel-recovery"),
        },
        Message::RecoveryReminder {
            name: name(),
            device: device(),
            at: IN_3_DAYS,
            link: token_link("cancel-recovery"),
        },
        Message::RecoveryReady { name: name(), at: IN_14_DAYS, link: token_link("recover-account") },
        Message::RecoveryCancelled { name: name(), device: device(), at: NOW, link: link("forgot-password") },
        Message::RecoveryCompleted { name: name(), device: device(), at: NOW, link: token_link("not-me") },
        OrganizationMessage::Invitation {
            inviter: name(),
            organization: organization(),
            link: token_link("invitation"),
            code: code(),
        }
        .into(),
        OrganizationMessage::InvitationAccepted {
            name: name(),
            organization: organization(),
            link: link("orgs/01890a5d-ac96-774b-bcce-b302099a8057/members"),
        }
        .into(),
        OrganizationMessage::DomainLost {
            name: name(),
            domain: MailDomain::parse("acme.example").unwrap(),
            organization: organization(),
            at: NOW,
            link: link("orgs/01890a5d-ac96-774b-bcce-b302099a8057/domains"),
        }
        .into(),
        Message::WebhookDisabled {
            name: name(),
            host: "hooks.example.com".to_owned(),
            link: link("admin/webhooks/01890a5d-ac96-774b-bcce-b302099a8057"),
        },
        OrganizationMessage::OrganizationClosed {
            name: name(),
            organization: organization(),
            reason: "Unpaid for 90 days".to_owned(),
            at: NOW,
            link: link("dashboard"),
        }
        .into(),
        OrganizationMessage::OrganizationReopened {
            name: name(),
            organization: organization(),
            at: NOW,
            link: link("dashboard"),
        }
        .into(),
        // Of a device that nobody recognized.
        Message::PasswordChanged { name: name(), device: String::new(), at: NOW, link: token_link("not-me") },
    ]
}

/// The name of a mail's files. A new kind does not compile until it has one; it also needs a sample.
const fn name_of(message: &Message) -> &'static str {
    match message {
        Message::VerifyEmail { .. } => "verify_email",
        Message::AlreadyRegistered { .. } => "already_registered",
        Message::AlreadyRegisteredConnect { .. } => "already_registered_connect",
        Message::Welcome { .. } => "welcome",
        Message::SessionReused { .. } => "session_reused",
        Message::NewDevice { .. } => "new_device",
        Message::UnusualSignIn { .. } => "unusual_sign_in",
        Message::PasswordReset { code: Some(_), .. } => "password_reset",
        Message::PasswordReset { code: None, .. } => "password_reset_without_code",
        Message::NoAccount { .. } => "no_account",
        Message::ConfirmEmail { .. } => "confirm_email",
        Message::EmailTaken { .. } => "email_taken",
        Message::EmailChanged { .. } => "email_changed",
        Message::EmailRemoved { .. } => "email_removed",
        Message::DeletionScheduled { .. } => "deletion_scheduled",
        Message::AccountDeleted { .. } => "account_deleted",
        Message::Organization(OrganizationMessage::OrganizationDeletionScheduled { .. }) => {
            "organization_deletion_scheduled"
        }
        Message::Organization(OrganizationMessage::OrganizationDeleted { .. }) => "organization_deleted",
        Message::Organization(OrganizationMessage::OwnershipReceived { .. }) => "ownership_received",
        Message::TokenCreated { .. } => "token_created",
        Message::FactorsLocked { .. } => "factors_locked",
        Message::FactorAdded { .. } => "factor_added",
        Message::FactorRemoved { .. } => "factor_removed",
        Message::ConnectionAdded { .. } => "connection_added",
        Message::ConnectionRemoved { .. } => "connection_removed",
        Message::RecoveryCodeUsed { .. } => "recovery_code_used",
        Message::RecoveryCodesMade { .. } => "recovery_codes_made",
        Message::PasskeyCounterRegressed { .. } => "passkey_counter_regressed",
        Message::SecondFactorCode { .. } => "second_factor_code",
        Message::AccountSuspended { until: Some(_), .. } => "account_suspended",
        Message::AccountSuspended { until: None, .. } => "account_suspended_open",
        Message::AccountUnsuspended { .. } => "account_unsuspended",
        Message::ImpersonationStarted { writes: false, .. } => "impersonation_started",
        Message::ImpersonationStarted { writes: true, .. } => "impersonation_started_writing",
        Message::FactorsReset { .. } => "factors_reset",
        Message::RecoveryRequested { .. } => "recovery_requested",
        Message::RecoveryReminder { .. } => "recovery_reminder",
        Message::RecoveryReady { .. } => "recovery_ready",
        Message::RecoveryCancelled { .. } => "recovery_cancelled",
        Message::RecoveryCompleted { .. } => "recovery_completed",
        Message::WebhookDisabled { .. } => "webhook_disabled",
        Message::Organization(OrganizationMessage::OrganizationClosed { .. }) => "organization_closed",
        Message::Organization(OrganizationMessage::OrganizationReopened { .. }) => "organization_reopened",
        Message::PasswordChanged { .. } => "password_changed",
        Message::Organization(OrganizationMessage::Invitation { .. }) => "invitation",
        Message::Organization(OrganizationMessage::InvitationAccepted { .. }) => "invitation_accepted",
        Message::Organization(OrganizationMessage::DomainLost { .. }) => "domain_lost",
    }
}

/// Every sample in every language, under the name of its files without their ending.
fn mails() -> Vec<(PathBuf, Rendered)> {
    let mut mails = Vec::new();
    for locale in Locale::ALL {
        for message in samples() {
            let path = Path::new(ROOT).join("tests/mails").join(format!("{}.{}", name_of(&message), locale.tag()));
            let mail = Mail { to: Email::parse("alice@example.com").unwrap(), locale, message };
            mails.push((path, render(&mail).unwrap()));
        }
    }
    mails
}

/// The files that are kept of all mails.
fn snapshots() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (path, mail) in mails() {
        let file = |ending: &str| PathBuf::from(format!("{}.{ending}", path.display()));
        files.push((file("txt"), format!("Subject: {}\n\n{}\n", mail.subject, mail.text)));
        files.push((file("html"), format!("{}\n", mail.html)));
    }
    files
}

#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn is_renewal() -> bool {
    std::env::var("KEYWRIGHT_UPDATE_MAILS").is_ok_and(|value| value == "1")
}

/// The lines that differ: `-` as they were, `+` as they are.
fn difference(before: &str, now: &str) -> String {
    let (before, now): (Vec<&str>, Vec<&str>) = (before.lines().collect(), now.lines().collect());
    let mut told = String::new();
    for line in 0..before.len().max(now.len()) {
        let (old, new) = (before.get(line), now.get(line));
        if old == new {
            continue;
        }
        for (sign, words) in [('-', old), ('+', new)] {
            if let Some(words) = words {
                writeln!(told, "{sign} {words}").unwrap();
            }
        }
    }
    told
}

#[test]
fn every_mail_reads_as_it_was_agreed() {
    let files = snapshots();
    if is_renewal() {
        for (path, words) in files {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, words).unwrap();
        }
        return;
    }
    let mut findings = String::new();
    for (path, words) in files {
        match fs::read_to_string(&path) {
            Ok(kept) if kept == words => {}
            Ok(kept) => writeln!(findings, "{}\n{}", path.display(), difference(&kept, &words)).unwrap(),
            Err(error) => writeln!(findings, "{}: {error}", path.display()).unwrap(),
        }
    }
    assert!(findings.is_empty(), "mails are not what is kept of them.\n\n{findings}\n{RENEW}");
}

#[test]
fn nothing_is_kept_of_a_mail_that_does_not_exist() {
    let known: BTreeSet<PathBuf> = snapshots().into_iter().map(|(path, _)| path).collect();
    for entry in fs::read_dir(Path::new(ROOT).join("tests/mails")).into_iter().flatten() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} belongs to no mail", path.display());
    }
}

/// The sentences name the kinds as well: one without a sample is found here.
#[test]
fn every_kind_of_mail_has_a_sample() {
    let sentences = fs::read_to_string(Path::new(ROOT).join("../locales/mail/mail.en.yml")).unwrap();
    let documents = YamlLoader::load_from_str(&sentences).unwrap();
    let entries = documents[0]["mail"].as_hash().unwrap();
    let kinds = entries.iter().filter(|(_, words)| words.as_hash().is_some());
    let worded: BTreeSet<&str> = kinds.filter_map(|(kind, _)| kind.as_str()).collect();
    let samples = samples();
    assert_eq!(samples.iter().map(Message::kind).collect::<BTreeSet<_>>(), worded);
    let names: BTreeSet<_> = samples.iter().map(name_of).collect();
    assert_eq!(names.len(), samples.len(), "no two write the same files");
    assert!(samples.iter().all(|sample| name_of(sample).starts_with(sample.kind())));
}

#[test]
fn every_mail_is_whole_in_both_parts() {
    for (path, mail) in mails() {
        let path = path.display();
        assert!(!mail.subject.is_empty() && !mail.subject.contains('\n'), "{path}: {}", mail.subject);
        for part in [&mail.subject, &mail.text, &mail.html] {
            // A place that nothing filled, or the key of a sentence that does not exist.
            assert!(!part.contains("%{") && !part.contains(&format!("mail.{}", mail.kind)), "{path}: {part}");
        }
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(&mail.link), "{path}: {part}");
            assert!(mail.code.as_ref().is_none_or(|code| part.contains(code)), "{path}: {part}");
        }
        assert!(!mail.html.contains("Zoé & Tom"), "{path}: the name is escaped");
    }
}

#[test]
fn a_difference_is_told_line_by_line() {
    assert_eq!(difference("a\nb\nc", "a\nB"), "- b\n+ B\n- c\n");
    assert_eq!(difference("", "a"), "+ a\n");
    assert_eq!(difference("a", "a"), "");
}
