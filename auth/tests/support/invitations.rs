//! People who invite others into an organization, and who are invited.

use super::{World, context};
use auth::flow::{self, JoinedOrganization};
use auth::form::{InvitationForm, InvitationProof};
use auth::id::OrganizationId;
use auth::organization::OrganizationRole;
use auth::session::Caller;
use auth::store::DevMail;
use auth::view::{InvitationItem, InvitationState};
use auth::{Auth, Result};
use secrecy::SecretString;

/// What is invited into in stories.
pub const ACME: &str = "Acme";

/// An organization with its owner.
pub struct Acme {
    pub owner: Caller,
    pub id: OrganizationId,
}

impl World {
    /// Somebody who owns an organization.
    pub async fn acme(&self, owner: &str) -> Acme {
        let owner = self.somebody(owner).await;
        let id = self.organization(&owner, ACME).await;
        Acme { owner, id }
    }

    /// Invites, a minute after whatever was mailed before.
    pub async fn invite(&self, team: &Acme, email: &str, role: &str) -> InvitationItem {
        self.clock.advance_seconds(60);
        invite(&self.auth, &team.owner, &team.id, email, role).await.unwrap()
    }

    /// The mails of invitations that an address got, the newest first.
    pub async fn invitation_mails(&self, email: &str) -> Vec<DevMail> {
        self.inbox_of(email).await.into_iter().filter(|mail| mail.kind == "invitation").collect()
    }

    /// The token of the newest link.
    pub async fn invitation_link(&self, email: &str) -> SecretString {
        let mail = self.invitation_mails(email).await.remove(0);
        mail.link.unwrap().split_once("/invitation?token=").unwrap().1.into()
    }

    /// The code of the newest mail.
    pub async fn invitation_code(&self, email: &str) -> String {
        self.invitation_mails(email).await.remove(0).code.unwrap()
    }

    /// Invites an address and makes its person a member.
    pub async fn guest(&self, team: &Acme, email: &str, role: &str) -> Caller {
        self.invite(team, email, role).await;
        let link = self.invitation_link(email).await;
        let person = self.somebody(email).await;
        accept(&self.auth, &person, &link).await.unwrap();
        person
    }

    /// What somebody is in an organization.
    pub async fn role_of(&self, team: &Acme, person: &Caller) -> Option<OrganizationRole> {
        let found = self.auth.store().membership(&team.id, &person.user_id).await.unwrap();
        found.map(|membership| membership.role)
    }

    /// How the invitations stand that are neither accepted nor taken back, the newest first.
    pub async fn states(&self, team: &Acme) -> Vec<InvitationState> {
        let page = flow::list_invitations(&self.auth, &team.owner, &team.id, None, &context()).await.unwrap();
        page.items.iter().map(|item| item.state).collect()
    }
}

pub async fn invite(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    email: &str,
    role: &str,
) -> Result<InvitationItem> {
    let form = InvitationForm { email: email.into(), role: role.into(), department: String::new() };
    flow::invite(auth, caller, organization, form.parse()?, &context()).await
}

pub async fn accept(auth: &Auth, caller: &Caller, link: &SecretString) -> Result<JoinedOrganization> {
    flow::accept_invitation(auth, caller, &InvitationProof::Link(link.clone()), &context()).await
}

/// Accepts with what was typed.
pub async fn accept_code(auth: &Auth, caller: &Caller, of: &OrganizationId, code: &str) -> Result<JoinedOrganization> {
    let proof = InvitationProof::Code { organization: Some(of.as_str().to_owned()), code: super::code(code) };
    flow::accept_invitation(auth, caller, &proof, &context()).await
}
