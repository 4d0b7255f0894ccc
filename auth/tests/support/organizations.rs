//! Organizations for stories, and people in them.

use super::{World, context};
use auth::flow;
use auth::form::{DepartmentChange, MemberChange, OrganizationForm, RoleForm};
use auth::id::{OrganizationId, OrganizationRoleId, UserId};
use auth::organization::{BuiltInRole, OrganizationRole};
use auth::session::Caller;
use auth::store::NewMembership;
use auth::view::OrganizationView;
use auth::{Auth, Result};

pub const OWNER: &str = "olga@example.com";
pub const ADMIN: &str = "adam@example.com";
pub const MEMBER: &str = "mia@example.com";
pub const VIEWER: &str = "vera@example.com";

/// An organization with one of each role.
pub struct Team {
    pub id: OrganizationId,
    pub owner: Caller,
    pub admin: Caller,
    pub member: Caller,
    pub viewer: Caller,
}

impl World {
    /// Signs up, proves the address and signs in.
    pub async fn somebody(&self, email: &str) -> Caller {
        self.create_account(email).await;
        self.caller(&self.sign_in(email).await)
    }

    pub async fn organization(&self, owner: &Caller, name: &str) -> OrganizationId {
        let form = OrganizationForm { name: name.into(), slug: String::new() };
        flow::create_organization(&self.auth, owner, form.parse().unwrap(), &context()).await.unwrap()
    }

    /// Puts an account into an organization, as an invitation would.
    pub async fn join(&self, organization: &OrganizationId, user: &UserId, role: &OrganizationRole) {
        self.clock.advance_seconds(1);
        let mut tx = self.auth.store().begin().await.unwrap();
        let joined_at = self.auth.now();
        let new = NewMembership { organization_id: organization, user_id: user, role, department: None, joined_at };
        assert!(tx.add_membership(new).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// An account that is in an organization, signed in.
    pub async fn member(&self, organization: &OrganizationId, email: &str, role: BuiltInRole) -> Caller {
        let caller = self.somebody(email).await;
        self.join(organization, &caller.user_id, &OrganizationRole::BuiltIn(role)).await;
        caller
    }

    pub async fn team(&self) -> Team {
        let owner = self.somebody(OWNER).await;
        let id = self.organization(&owner, "Acme").await;
        let admin = self.member(&id, ADMIN, BuiltInRole::Admin).await;
        let member = self.member(&id, MEMBER, BuiltInRole::Member).await;
        let viewer = self.member(&id, VIEWER, BuiltInRole::Viewer).await;
        Team { id, owner, admin, member, viewer }
    }

    /// What somebody sees of an organization.
    pub async fn seen(&self, caller: &Caller, organization: &OrganizationId) -> Result<OrganizationView> {
        flow::show_organization(&self.auth, caller, organization, &context()).await
    }

    /// The link of the mail of a kind that somebody got last.
    pub async fn link_of(&self, email: &str, kind: &str) -> Option<String> {
        self.inbox_of(email).await.into_iter().find(|mail| mail.kind == kind)?.link
    }

    /// The role of somebody, as they see it.
    pub async fn role_in(&self, caller: &Caller, organization: &OrganizationId) -> String {
        self.seen(caller, organization).await.unwrap().role_name
    }
}

/// Gives a member a role.
pub async fn give(
    auth: &Auth,
    by: &Caller,
    (organization, user): (&OrganizationId, &UserId),
    role: &OrganizationRole,
) -> Result<()> {
    let change = MemberChange { role: Some(role.clone()), department: DepartmentChange::Stays };
    flow::change_member(auth, by, (organization, user), change, &context()).await
}

/// Makes a role that allows these.
pub async fn make_role(
    auth: &Auth,
    by: &Caller,
    organization: &OrganizationId,
    name: &str,
    permissions: &[&str],
) -> Result<OrganizationRoleId> {
    let permissions = permissions.iter().map(|permission| (*permission).to_owned()).collect();
    let wanted = RoleForm { name: name.into(), permissions }.parse()?;
    flow::create_role(auth, by, organization, wanted, &context()).await
}

pub fn built_in(role: BuiltInRole) -> OrganizationRole {
    OrganizationRole::BuiltIn(role)
}
