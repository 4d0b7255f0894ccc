//! What the claims of an access token say about what its person may: `roles`, `scope` and `org`.

use crate::Timestamp;
use crate::factor::FactorPolicy;
use crate::factor::policy::lacks_factor;
use crate::store::{SessionRow, WorkingIn};

/// Before the name of the role in the organization that the session works in.
const IN_ORGANIZATION: &str = "organization:";

/// What a session may.
pub(crate) struct Rights {
    pub(super) roles: Vec<String>,
    pub(super) scope: String,
    pub(super) org: Option<String>,
}

impl Rights {
    /// What a session may now. Without a role it may nothing: its account owes a second factor. And it may nothing in
    /// an organization that demands one which the session has not proved.
    pub(crate) fn of(session: &SessionRow, policy: &FactorPolicy, now: Timestamp) -> Self {
        let mut roles = policy.roles(session, now);
        let working_in = session.working_in.as_ref().filter(|_| !roles.is_empty());
        let Some(working_in) = working_in.filter(|working_in| has_what_it_demands(session, working_in)) else {
            return Self { roles, scope: String::new(), org: None };
        };
        roles.push(format!("{IN_ORGANIZATION}{}", working_in.role_name));
        Self { roles, scope: working_in.permissions.as_text(), org: Some(working_in.organization.0.clone()) }
    }
}

/// Whoever has no factor yet has days for it: an account that owes one has no role any more.
fn has_what_it_demands(session: &SessionRow, working_in: &WorkingIn) -> bool {
    working_in.factor_required_from.is_none() || !lacks_factor(session)
}
