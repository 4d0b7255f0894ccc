//! The recovery ladder: how somebody gets in whose phone is lost, and what would help most before that day.
//!
//! A phone takes with it what is on it or comes to it: the authenticator app, the number, and of the passkeys one. What
//! is elsewhere holds. The last rung holds for everybody and is slow: mail, after three days.

use serde::{Deserialize, Serialize};

use super::FactorMethod;
use crate::view::FactorsOverview;

/// So few recovery codes that new ones are the next step.
const FEW_CODES: u32 = 3;

/// A way in without the phone, from the quickest to the slowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// A passkey that is not on the phone.
    AnotherPasskey,
    /// A recovery code that was kept.
    RecoveryCode,
    /// The password, and a code of the authenticator app.
    Authenticator,
    /// The password, and a code by SMS.
    SmsCode,
    /// The password, and a code by mail.
    EmailCode,
    /// Recovery by mail, after a wait.
    Mail,
}

/// Whether a rung bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Footing {
    /// It is there without the phone.
    Holds,
    /// It is there, and goes with the phone.
    Gone,
    /// It is not there.
    Missing,
}

/// A rung with its footing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderRung {
    /// Which.
    pub rung: Rung,
    /// Whether it bears.
    pub footing: Footing,
}

/// What happens when the phone is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rescue {
    /// The password, or the mailbox, is enough, for a thief as well.
    NoFactor,
    /// Another passkey.
    Passkey,
    /// A recovery code.
    RecoveryCode,
    /// A code by mail.
    EmailCode,
    /// Nothing but the mail after three days.
    Wait,
}

/// What would help most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// A first passkey.
    AddPasskey,
    /// A passkey somewhere else.
    AddAnotherPasskey,
    /// An authenticator app, where passkeys do not work.
    AddAuthenticator,
    /// New recovery codes.
    MakeRecoveryCodes,
    /// There is nothing to do.
    Nothing,
}

/// The ladder of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// From the top. Codes by SMS and by mail are lesser ways, and not shown to who does not use them.
    pub rungs: Vec<LadderRung>,
    /// What happens when the phone is lost.
    pub rescue: Rescue,
    /// What would help most.
    pub next: NextStep,
}

impl Ladder {
    /// The ladder that follows from the factors of an account.
    pub fn of(overview: &FactorsOverview) -> Self {
        let lost = |method| if overview.has(method) { Footing::Gone } else { Footing::Missing };
        let passkey = match overview.passkeys.len() {
            0 => Footing::Missing,
            // It may live on in a password manager; nobody here can know.
            1 => Footing::Gone,
            _ => Footing::Holds,
        };
        let code = if overview.recovery_codes_left > 0 { Footing::Holds } else { Footing::Missing };
        let lesser = [
            (overview.has(FactorMethod::SmsCode), Rung::SmsCode, Footing::Gone),
            (overview.has(FactorMethod::EmailCode), Rung::EmailCode, Footing::Holds),
        ];
        let rungs = [
            (true, Rung::AnotherPasskey, passkey),
            (true, Rung::RecoveryCode, code),
            (true, Rung::Authenticator, lost(FactorMethod::Totp)),
        ]
        .into_iter()
        .chain(lesser)
        .chain([(true, Rung::Mail, Footing::Holds)])
        .filter(|(is_shown, ..)| *is_shown)
        .map(|(_, rung, footing)| LadderRung { rung, footing })
        .collect();
        Self { rungs, rescue: rescue(overview, passkey), next: next(overview) }
    }
}

fn rescue(overview: &FactorsOverview, passkey: Footing) -> Rescue {
    if overview.active.is_empty() {
        Rescue::NoFactor
    } else if passkey == Footing::Holds {
        Rescue::Passkey
    } else if overview.recovery_codes_left > 0 {
        Rescue::RecoveryCode
    } else if overview.has(FactorMethod::EmailCode) {
        Rescue::EmailCode
    } else {
        Rescue::Wait
    }
}

fn next(overview: &FactorsOverview) -> NextStep {
    // Recovery codes come with the first factor.
    let needs_codes = !overview.active.is_empty() && overview.recovery_codes_left < FEW_CODES;
    match (needs_codes, overview.offers(FactorMethod::Passkey), overview.passkeys.len()) {
        (true, ..) => NextStep::MakeRecoveryCodes,
        (false, true, 0) => NextStep::AddPasskey,
        (false, true, 1) => NextStep::AddAnotherPasskey,
        (false, false, _) if !overview.has(FactorMethod::Totp) => NextStep::AddAuthenticator,
        _ => NextStep::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::PasskeyFact;
    use crate::{Factors, Timestamp};

    fn with(methods: &[FactorMethod], passkeys: usize, codes: u32) -> FactorsOverview {
        let set = |methods: &[FactorMethod]| {
            let mut set = Factors::default();
            methods.iter().for_each(|method| set.insert(*method));
            set
        };
        let passkey = PasskeyFact { name: "Key".into(), created_at: Timestamp(0), last_used_at: None };
        FactorsOverview {
            has_password: true,
            active: set(methods),
            available: set(&[FactorMethod::Passkey, FactorMethod::Totp]),
            passkeys: vec![passkey; passkeys],
            totp_since: None,
            phone: None,
            recovery_codes_left: codes,
            recovery_codes_since: None,
            trusted_devices: 0,
            recovery: None,
        }
    }

    fn footing(ladder: &Ladder, rung: Rung) -> Option<Footing> {
        ladder.rungs.iter().find(|one| one.rung == rung).map(|one| one.footing)
    }

    #[test]
    fn what_happens_and_what_helps_follow_from_the_factors() {
        use FactorMethod::{EmailCode, Passkey, SmsCode, Totp};
        for (methods, passkeys, codes, rescue, next) in [
            (&[][..], 0, 0, Rescue::NoFactor, NextStep::AddPasskey),
            (&[Totp][..], 0, 10, Rescue::RecoveryCode, NextStep::AddPasskey),
            (&[Totp][..], 0, 2, Rescue::RecoveryCode, NextStep::MakeRecoveryCodes),
            (&[Totp][..], 0, 0, Rescue::Wait, NextStep::MakeRecoveryCodes),
            (&[Totp, SmsCode][..], 0, 0, Rescue::Wait, NextStep::MakeRecoveryCodes),
            (&[Totp, EmailCode][..], 0, 0, Rescue::EmailCode, NextStep::MakeRecoveryCodes),
            (&[Passkey][..], 1, 0, Rescue::Wait, NextStep::MakeRecoveryCodes),
            (&[Passkey][..], 1, 10, Rescue::RecoveryCode, NextStep::AddAnotherPasskey),
            (&[Passkey][..], 2, 0, Rescue::Passkey, NextStep::MakeRecoveryCodes),
            (&[Passkey, Totp][..], 2, 3, Rescue::Passkey, NextStep::Nothing),
        ] {
            let ladder = Ladder::of(&with(methods, passkeys, codes));
            assert_eq!((ladder.rescue, ladder.next), (rescue, next), "{methods:?} {passkeys} {codes}");
        }
    }

    #[test]
    fn the_phone_takes_the_app_the_number_and_one_passkey_with_it() {
        let methods = [FactorMethod::Passkey, FactorMethod::Totp, FactorMethod::SmsCode];
        let ladder = Ladder::of(&with(&methods, 1, 8));
        assert_eq!(footing(&ladder, Rung::AnotherPasskey), Some(Footing::Gone));
        assert_eq!(footing(&ladder, Rung::Authenticator), Some(Footing::Gone));
        assert_eq!(footing(&ladder, Rung::SmsCode), Some(Footing::Gone));
        assert_eq!(footing(&ladder, Rung::RecoveryCode), Some(Footing::Holds));
        assert_eq!(footing(&ladder, Rung::EmailCode), None, "who does not use it is not shown it");
        let another = Ladder::of(&with(&methods, 2, 8));
        assert_eq!(footing(&another, Rung::AnotherPasskey), Some(Footing::Holds));
    }

    #[test]
    fn the_last_rung_holds_for_everybody() {
        for overview in [with(&[], 0, 0), with(&FactorMethod::ALL, 3, 10)] {
            let ladder = Ladder::of(&overview);
            assert_eq!(ladder.rungs.last().map(|last| (last.rung, last.footing)), Some((Rung::Mail, Footing::Holds)));
        }
    }

    #[test]
    fn where_passkeys_do_not_work_none_is_asked_for() {
        let without = FactorsOverview { available: Factors::default(), ..with(&[], 0, 0) };
        assert_eq!(Ladder::of(&without).next, NextStep::AddAuthenticator);
        let with_app = FactorsOverview { available: Factors::default(), ..with(&[FactorMethod::Totp], 0, 10) };
        assert_eq!(Ladder::of(&with_app).next, NextStep::Nothing);
    }
}
