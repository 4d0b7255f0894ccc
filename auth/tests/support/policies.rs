//! What administrators do with policies, and people that policies are asked about.

use super::{World, context};
use auth::flow::{self, ActivatedPolicies, SavedPolicies};
use auth::form::{PoliciesForm, PolicyCaseForm, PolicyQuestion};
use auth::id::{DocumentId, OrganizationId, UserId};
use auth::organization::{BuiltInRole, OrganizationPermissions};
use auth::policy::{Act, ActContext, Principal, Resource};
use auth::session::Caller;
use auth::view::PolicyFault;
use auth::{Auth, Result, Role, Timestamp};

pub const ALICE: &str = "01890a5d-ac96-774b-bcce-b302099a8001";
pub const BOB: &str = "01890a5d-ac96-774b-bcce-b302099a8002";
pub const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a8003";
const DOCUMENT: &str = "01890a5d-ac96-774b-bcce-b302099a8004";

/// Wednesday, 7 January 2026, 12:00 UTC.
pub const NOON: Timestamp = Timestamp(1_767_787_200_000);

/// Alice, who is in no organization and proved no second factor.
pub fn somebody(platform_role: Role) -> Principal {
    Principal {
        user_id: UserId(ALICE.into()),
        platform_role,
        role: None,
        department: None,
        permissions: OrganizationPermissions::default(),
        mfa: false,
        mfa_age: None,
        session_age: 0,
    }
}

/// Alice with a role in an organization.
pub fn member(role: BuiltInRole) -> Principal {
    Principal { role: Some(role.as_str().into()), permissions: role.permissions(), ..somebody(Role::User) }
}

/// The same, with a second factor that was proved so many seconds ago.
pub fn proved(principal: Principal, mfa_age: i64) -> Principal {
    Principal { mfa: true, mfa_age: Some(mfa_age), ..principal }
}

/// The same, in a department.
pub fn of_department(principal: Principal, department: &str) -> Principal {
    Principal { department: Some(department.into()), ..principal }
}

pub fn organization() -> Resource {
    Resource::Organization(OrganizationId(ACME.into()))
}

/// A document of Bob's.
pub fn document(sensitivity: &'static str, state: &'static str, department: Option<&str>) -> Resource {
    Resource::Document {
        id: Some(DocumentId(DOCUMENT.into())),
        organization: OrganizationId(ACME.into()),
        owner: UserId(BOB.into()),
        department: department.map(str::to_owned),
        sensitivity,
        state,
    }
}

/// The same document, when it is Alice's.
pub fn own(resource: Resource) -> Resource {
    match resource {
        Resource::Document { id, organization, department, sensitivity, state, .. } => {
            Resource::Document { id, organization, owner: UserId(ALICE.into()), department, sensitivity, state }
        }
        other => other,
    }
}

pub fn act(principal: Principal, action: &'static str, resource: Resource) -> Act {
    let context = ActContext { at: NOON, address: "192.0.2.1".into(), method: "page" };
    Act { principal, action, resource, context }
}

/// Whether it may be done on this node.
pub fn may(auth: &Auth, principal: Principal, action: &'static str, resource: Resource) -> bool {
    auth.decide(&act(principal, action, resource)).is_allowed
}

pub async fn try_save(auth: &Auth, author: &Caller, text: &str) -> Result<SavedPolicies> {
    let form = PoliciesForm { text: text.into(), note: "A try".into() };
    flow::save_policies(auth, author, form.parse()?, &context()).await
}

/// Saves a version; gives its number.
pub async fn save(world: &World, author: &Caller, text: &str) -> i64 {
    match try_save(&world.auth, author, text).await.unwrap() {
        SavedPolicies::Saved(number) => number,
        SavedPolicies::Faults(faults) => panic!("{faults:?} in {text}"),
    }
}

/// What is wrong with a text.
pub async fn faults(world: &World, author: &Caller, text: &str) -> Vec<PolicyFault> {
    match try_save(&world.auth, author, text).await.unwrap() {
        SavedPolicies::Faults(faults) => faults,
        SavedPolicies::Saved(number) => panic!("it was saved as {number}: {text}"),
    }
}

pub async fn try_activate(auth: &Auth, author: &Caller, number: i64) -> Result<ActivatedPolicies> {
    flow::activate_policies(auth, author, number, &context()).await
}

/// Saves a version and puts it in force; gives its number.
pub async fn activate(world: &World, author: &Caller, text: &str) -> i64 {
    let number = save(world, author, text).await;
    assert_eq!(try_activate(&world.auth, author, number).await.unwrap(), ActivatedPolicies::Done, "{text}");
    number
}

/// A case about a member and a document.
pub fn case(name: &str, allowed: bool, change: impl FnOnce(&mut PolicyQuestion)) -> PolicyCaseForm {
    let mut question = PolicyQuestion {
        action: "documents:read".into(),
        on: "document".into(),
        role: Some("member".into()),
        ..PolicyQuestion::default()
    };
    change(&mut question);
    PolicyCaseForm { name: name.into(), question, allowed }
}
