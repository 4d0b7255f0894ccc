//! The guard against a lock-out: whoever activates policies must be able to take them back, at every hour.
//!
//! It would hold without it, because administrators of the platform are judged by the built-in policies alone where they
//! look after the platform. But a policy that says something else would be in force and do nothing; it is refused, so
//! that nobody relies on it.

use std::collections::BTreeSet;

use super::{Act, ActContext, Compiled, Principal};
use crate::id::UserId;
use crate::organization::OrganizationPermissions;
use crate::{Permission, Role, Timestamp};

/// What it takes to put policies right.
const NEEDED: [Permission; 4] =
    [Permission::ReadPolicies, Permission::ManagePolicies, Permission::ReadUsers, Permission::ManageRoles];

const HOUR: i64 = 60 * 60;
const YEAR: i64 = 365 * 24 * HOUR;
/// Each hour of a week, and far into the future.
const HOURS: i64 = 7 * 24;
const YEARS: [i64; 4] = [1, 10, 100, 1000];
/// Seconds since the person was proved, and since the second factor was: just now, and hours ago.
const AGES: [i64; 3] = [0, 10 * 60, 12 * HOUR];

/// The policies that would keep an administrator from taking policies back; none when nothing would.
pub(super) fn who_locks_out(compiled: &Compiled, administrator: &UserId, now: Timestamp) -> Vec<String> {
    let hours = (0..HOURS).map(|hour| now.plus_seconds(hour * HOUR));
    let moments = hours.chain(YEARS.map(|years| now.plus_seconds(years * YEAR)));
    let mut guilty = BTreeSet::new();
    for at in moments {
        for age in AGES {
            for permission in NEEDED {
                let act = Act::on_platform(principal(administrator, age), permission, ActContext::on_platform(at));
                let decision = compiled.decide_strictly(&act);
                if !decision.is_allowed {
                    guilty.extend(decision.deciding);
                }
            }
        }
    }
    guilty.into_iter().collect()
}

fn principal(administrator: &UserId, age: i64) -> Principal {
    Principal {
        user_id: administrator.clone(),
        platform_role: Role::PlatformAdmin,
        role: None,
        department: None,
        permissions: OrganizationPermissions::default(),
        mfa: true,
        mfa_age: Some(age),
        session_age: age,
    }
}
