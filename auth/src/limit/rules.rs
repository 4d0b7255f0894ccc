//! What each bucket allows. Generous to whoever mistypes, to an office behind one address and to a school behind one network;
//! dear to whoever guesses (ASVS 5.0, 6.3.1; NIST SP 800-63B-4, 3.2.2; OWASP Credential Stuffing Prevention Cheat Sheet).

use super::rule::Rule;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;

/// Wrong passwords for one address from devices that its account does not know: at most about 96 a day in the long run.
pub(crate) const ACCOUNT: Rule =
    Rule { free: 5, recovers: 15 * MINUTE, first_delay: 30 * SECOND, longest_delay: 15 * MINUTE };
/// The same with a proof of work while the address waits: people go on, and whoever has many processors does not.
pub(crate) const ACCOUNT_WITH_WORK: Rule =
    Rule { free: 5, recovers: 15 * MINUTE, first_delay: MINUTE, longest_delay: 30 * MINUTE };
/// Wrong passwords of a known device for its own address, beside what strangers do.
pub(crate) const DEVICE: Rule =
    Rule { free: 10, recovers: 10 * MINUTE, first_delay: 10 * SECOND, longest_delay: 15 * MINUTE };
/// The same of all known devices of an address together, but those known by a mailed proof: whoever signs in ten times has ten
/// of them.
pub(crate) const DEVICES: Rule =
    Rule { free: 20, recovers: 10 * MINUTE, first_delay: 10 * SECOND, longest_delay: 15 * MINUTE };
/// Wrong passwords from one client, whatever the addresses.
pub(crate) const CLIENT: Rule =
    Rule { free: 30, recovers: MINUTE, first_delay: 10 * SECOND, longest_delay: 15 * MINUTE };
/// Wrong passwords from one network.
pub(crate) const NETWORK: Rule =
    Rule { free: 150, recovers: 15 * SECOND, first_delay: 5 * SECOND, longest_delay: 10 * MINUTE };
/// Wrong passwords from everywhere: an attack by many networks at once. Whoever comes with a proof of work goes on.
pub(crate) const EVERYBODY: Rule = Rule { free: 1000, recovers: 300, first_delay: 2 * SECOND, longest_delay: MINUTE };

/// Something that anybody may do, and that costs a mail, a hash, a row or a call.
#[derive(Clone, Copy)]
pub(crate) struct ActRules {
    /// As it stands in the names of buckets.
    pub name: &'static str,
    /// Of one client.
    pub client: Rule,
    /// Of its network.
    pub network: Rule,
    /// Of everybody. None for ways in: nobody far away may close one.
    pub everybody: Option<Rule>,
}

/// Sign-ups, with a password, a passkey or a provider.
pub(crate) const SIGN_UP: ActRules = act("sign_up", 30, MINUTE);
/// Questions for a new password. Mails have budgets of their addresses.
pub(crate) const FORGOT_PASSWORD: ActRules = ActRules { everybody: None, ..act("forgot_password", 30, MINUTE) };
/// Codes that a program sends with an address, and so without a ticket of its own; passwords sent with the link of a sign-up.
pub(crate) const CODE: ActRules = act("code", 60, 30 * SECOND);
/// Challenges for passkeys.
pub(crate) const PASSKEY_CHALLENGE: ActRules =
    ActRules { everybody: None, ..act("passkey_challenge", 120, 5 * SECOND) };
/// Ways to providers.
pub(crate) const FEDERATION_START: ActRules = ActRules { everybody: None, ..act("federation_start", 60, 10 * SECOND) };

/// A network may do ten times what a client may, and everybody a hundred times.
const fn act(name: &'static str, free: i64, recovers: i64) -> ActRules {
    ActRules {
        name,
        client: rule(free, recovers),
        network: rule(free * 10, recovers / 10),
        everybody: Some(rule(free * 100, recovers / 100)),
    }
}

const fn rule(free: i64, recovers: i64) -> Rule {
    Rule { free, recovers, first_delay: 5 * SECOND, longest_delay: 10 * MINUTE }
}
