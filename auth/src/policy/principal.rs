//! Who asks, as policies see them, made of what the store knows.

use std::net::IpAddr;

use super::{ActContext, Principal};
use crate::organization::OrganizationPermissions;
use crate::store::{MembershipRow, SessionRow, UserRow};
use crate::{Context, FactorMethod, Timestamp};

impl Principal {
    /// Somebody in a session, outside every organization. A mailed code proves a mailbox and is no second factor here, as
    /// it is none where a fresh proof is asked for.
    pub fn of_session(session: &SessionRow, now: Timestamp) -> Self {
        let mfa = session.factor.is_some_and(FactorMethod::is_strong);
        Self {
            user_id: session.user_id.clone(),
            platform_role: session.role,
            role: None,
            department: None,
            permissions: OrganizationPermissions::default(),
            mfa,
            mfa_age: mfa.then(|| now.seconds_since(session.factor_at)),
            session_age: now.seconds_since(session.authenticated_at),
        }
    }

    /// An account, as if it had signed in just now; `mfa_age` says how long ago with a second factor, if with one.
    pub fn of_user(user: &UserRow, mfa_age: Option<i64>) -> Self {
        Self {
            user_id: user.id.clone(),
            platform_role: user.role,
            role: None,
            department: None,
            permissions: OrganizationPermissions::default(),
            mfa: mfa_age.is_some(),
            mfa_age,
            session_age: 0,
        }
    }

    /// The same within the organization of a membership.
    #[must_use]
    pub fn within(self, membership: &MembershipRow) -> Self {
        Self {
            role: Some(membership.role_name.clone()),
            department: membership.department.clone(),
            permissions: membership.permissions.clone(),
            ..self
        }
    }
}

impl ActContext {
    /// How things stand with a request.
    pub fn of(context: &Context, at: Timestamp, method: &'static str) -> Self {
        Self { at, address: context.address.clone(), method }
    }

    /// How things stand for an act on the platform: what is asked there is who and when, not from where.
    pub const fn on_platform(at: Timestamp) -> Self {
        Self { at, address: String::new(), method: "" }
    }

    /// The client's address in the form policies compare; none when there is none to be read.
    pub(super) fn ip(&self) -> Option<IpAddr> {
        self.address.parse::<IpAddr>().ok().map(|address| address.to_canonical())
    }

    /// The hour in UTC, 0 to 23.
    pub(super) const fn hour(&self) -> i64 {
        self.at.seconds().div_euclid(60 * 60).rem_euclid(24)
    }

    /// The day of the week in UTC, 1 (Monday) to 7 (ISO 8601).
    pub(super) const fn weekday(&self) -> i64 {
        // 1 January 1970 was a Thursday.
        (self.at.seconds().div_euclid(24 * 60 * 60) + 3).rem_euclid(7) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, address: &str) -> ActContext {
        ActContext { at: Timestamp(seconds * 1000), address: address.into(), method: "api" }
    }

    #[test]
    fn hours_and_days_are_those_of_utc() {
        // Thursday midnight; Wednesday before it; Monday, 5 January 2026, 13:45.
        for (seconds, weekday, hour) in [(0, 4, 0), (-1, 3, 23), (1_767_620_700, 1, 13)] {
            let context = at(seconds, "");
            assert_eq!((context.weekday(), context.hour()), (weekday, hour), "{seconds}");
        }
    }

    #[test]
    fn an_address_is_compared_in_one_form() {
        assert_eq!(at(0, "::ffff:192.0.2.1").ip(), "192.0.2.1".parse().ok());
        for nothing in ["", "unknown", "192.0.2.1:80", "fe80::1%eth0"] {
            assert_eq!(at(0, nothing).ip(), None, "{nothing}");
        }
    }
}
