//! Who must have a second factor, from when, and what a session may do until then (ASVS 5.0, 6.3.3; NIST SP 800-63B-4,
//! 2.2.1).
//!
//! A strong factor fulfils the rule: a passkey, an authenticator app or a proved phone. A mailed code does not.

use crate::store::{SessionRow, UserRow};
use crate::{FactorMethod, Factors, Role, Timestamp};

const DAY: i64 = 24 * 60 * 60;

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactorRule {
    /// Nobody must.
    Optional,
    /// Administrators must.
    #[default]
    Admins,
    /// Everybody must.
    Everyone,
}

impl SecondFactorRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Optional, Self::Admins, Self::Everyone];

    /// The rule as settings name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Admins => "admins",
            Self::Everyone => "everyone",
        }
    }

    /// The rule of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }

    /// Whether an account of this role must have one. What its organizations demand beside that is in [`Demand`].
    pub const fn requires(self, role: Role) -> bool {
        match self {
            Self::Optional => false,
            Self::Admins => role.administers(),
            Self::Everyone => true,
        }
    }
}

/// What may demand a second factor of an account.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Its role on the platform.
    pub role: Role,
    /// When the rule of the platform met it; none: not yet.
    pub required_from: Option<Timestamp>,
    /// Since when an organization of it demands one; none: none does.
    pub organization_from: Option<Timestamp>,
}

/// The rule, and the time that people have for it.
#[derive(Clone, Copy, Debug)]
pub struct FactorPolicy {
    /// Who must have a second factor.
    pub rule: SecondFactorRule,
    /// Days between the moment the rule met an account and the one it is enforced; 0: at once.
    pub grace_days: i64,
}

impl Default for FactorPolicy {
    fn default() -> Self {
        Self { rule: SecondFactorRule::default(), grace_days: 7 }
    }
}

/// How an account stands with the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It need not have a factor.
    NotRequired,
    /// It must, and has.
    Met,
    /// It must from this moment on, and has none yet.
    Due(Timestamp),
    /// It must have had one since this moment: it may do nothing but get one.
    Overdue(Timestamp),
}

impl Standing {
    /// When the account must have a factor that it lacks; the moment may be over.
    pub const fn due(self) -> Option<Timestamp> {
        match self {
            Self::Due(at) | Self::Overdue(at) => Some(at),
            Self::NotRequired | Self::Met => None,
        }
    }

    /// Whether the grace is over.
    pub const fn is_overdue(self) -> bool {
        matches!(self, Self::Overdue(_))
    }
}

impl Demand {
    pub(crate) fn of_session(session: &SessionRow) -> Self {
        Self {
            role: session.role,
            required_from: session.factor_required_from,
            organization_from: session.organization_factor_from,
        }
    }

    pub(crate) fn of_user(user: &UserRow) -> Self {
        Self {
            role: user.role,
            required_from: user.factor_required_from,
            organization_from: user.organization_factor_from,
        }
    }
}

impl FactorPolicy {
    /// How an account stands. One that the rule has not met yet is met now. Whoever demanded first decides when it is due.
    pub fn standing(&self, demand: Demand, factors: &Factors, now: Timestamp) -> Standing {
        let by_rule = self.rule.requires(demand.role).then(|| demand.required_from.unwrap_or(now));
        let Some(from) = by_rule.into_iter().chain(demand.organization_from).min() else {
            return Standing::NotRequired;
        };
        if factors.has_strong() {
            return Standing::Met;
        }
        let due = from.plus_seconds(self.grace_days * DAY);
        if due > now { Standing::Due(due) } else { Standing::Overdue(due) }
    }

    /// When the rule would have met an account whose grace is over now.
    pub(crate) fn over_at(&self, now: Timestamp) -> Timestamp {
        now.minus_seconds(self.grace_days * DAY)
    }

    pub(crate) fn of_session(&self, session: &SessionRow, now: Timestamp) -> Standing {
        self.standing(Demand::of_session(session), &session.factors, now)
    }

    pub(crate) fn of_user(&self, user: &UserRow, now: Timestamp) -> Standing {
        self.standing(Demand::of_user(user), &user.factors, now)
    }

    /// The roles that an access token of this session names. None while its account owes a factor: a token without a
    /// role is a limited one. A role above the ordinary one counts once the factor was proved, and never in another's place.
    pub(crate) fn roles(&self, session: &SessionRow, now: Timestamp) -> Vec<String> {
        let is_own = session.impersonation.is_none();
        if is_own && self.of_session(session, now).is_overdue() {
            return Vec::new();
        }
        let role = if is_own && !lacks_factor(session) { session.role } else { Role::User };
        vec![role.as_str().to_owned()]
    }
}

/// Whether the account has a strong factor that was not proved in this session, as when its device is trusted.
pub(crate) fn lacks_factor(session: &SessionRow) -> bool {
    session.factors.has_strong() && !session.factor.is_some_and(FactorMethod::is_strong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn standing(rule: SecondFactorRule, role: Role, factors: &str, from: Option<Timestamp>, days: i64) -> Standing {
        let demand = Demand { role, required_from: from, organization_from: None };
        FactorPolicy { rule, grace_days: days }.standing(demand, &Factors::from_names(factors), NOW)
    }

    #[test]
    fn each_rule_has_a_name_and_meets_whom_it_says() {
        let met = |rule: SecondFactorRule| Role::ALL.map(|role| rule.requires(role));
        assert_eq!(SecondFactorRule::ALL.map(met), [[false; 4], [false, true, true, true], [true; 4]]);
        for rule in SecondFactorRule::ALL {
            assert_eq!(SecondFactorRule::parse(rule.as_str()), Some(rule));
        }
        assert_eq!(SecondFactorRule::parse("Admins"), None);
    }

    #[test]
    fn the_grace_counts_from_when_the_rule_met_the_account() {
        use SecondFactorRule::{Admins, Everyone, Optional};
        let eve = NOW.minus_seconds(7 * DAY);
        assert_eq!(standing(Admins, Role::PlatformAdmin, "", None, 7), Standing::Due(NOW.plus_seconds(7 * DAY)));
        let late = NOW.minus_seconds(7 * DAY - 1);
        assert_eq!(standing(Admins, Role::PlatformAdmin, "", Some(late), 7), Standing::Due(NOW.plus_seconds(1)));
        assert_eq!(standing(Admins, Role::PlatformAdmin, "", Some(eve), 7), Standing::Overdue(NOW));
        assert_eq!(standing(Admins, Role::PlatformAdmin, "", None, 0), Standing::Overdue(NOW), "at once");
        assert_eq!(standing(Admins, Role::User, "", Some(eve), 0), Standing::NotRequired);
        assert_eq!(standing(Optional, Role::PlatformAdmin, "", Some(eve), 0), Standing::NotRequired);
        assert_eq!(standing(Everyone, Role::User, "", Some(eve), 7), Standing::Overdue(NOW));
    }

    #[test]
    fn an_organization_demands_a_factor_of_everybody_and_the_first_demand_decides() {
        let stands = |rule, required_from, organization_from, factors: &str| {
            let demand = Demand { role: Role::User, required_from, organization_from };
            FactorPolicy { rule, grace_days: 7 }.standing(demand, &Factors::from_names(factors), NOW)
        };
        let (eve, in_a_week) = (NOW.minus_seconds(7 * DAY), NOW.plus_seconds(7 * DAY));
        let optional = SecondFactorRule::Optional;
        assert_eq!(stands(optional, None, Some(NOW), ""), Standing::Due(in_a_week));
        assert_eq!(stands(optional, None, Some(eve), ""), Standing::Overdue(NOW));
        assert_eq!(stands(optional, None, Some(eve), "totp"), Standing::Met);
        assert_eq!(stands(optional, Some(eve), None, ""), Standing::NotRequired, "the rule of before is over");
        assert_eq!(stands(optional, Some(eve), Some(NOW), ""), Standing::Due(in_a_week));
        let everyone = SecondFactorRule::Everyone;
        assert_eq!(stands(everyone, Some(eve), Some(NOW), ""), Standing::Overdue(NOW));
        assert_eq!(stands(everyone, Some(NOW), Some(eve), ""), Standing::Overdue(NOW));
    }

    #[test]
    fn a_strong_factor_fulfils_the_rule_and_a_mailed_code_does_not() {
        for (factors, standing_of) in [
            ("totp", Standing::Met),
            ("passkey", Standing::Met),
            ("sms_code", Standing::Met),
            ("email_code", Standing::Overdue(NOW)),
        ] {
            assert_eq!(
                standing(SecondFactorRule::Admins, Role::PlatformAdmin, factors, Some(NOW), 0),
                standing_of,
                "{factors}"
            );
        }
    }
}
