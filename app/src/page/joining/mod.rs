//! Coming into an organization: who is invited, what an invitation leads to, whose addresses are its own, and what it
//! demands of its members.

use super::account;
use super::organization;

mod answer;
mod domain_card;
mod domain_joins;
mod domains;
mod factor_rule;
mod invitation;
mod invitation_table;
mod invitations;
mod invite_form;
mod kept;
mod role_choice;
mod security;

pub use answer::{AcceptInvitation, AcceptInvitationCode, DeclineInvitation, KeepInvitation};
pub use domain_joins::{DomainJoins, ForgetDomainJoins, load as load_domain_joins};
pub use domains::{ChangeDomain, CheckDomain, ClaimDomain, OrganizationDomainsPage, ReleaseDomain};
pub use factor_rule::{FactorRule, SetFactorRule};
pub use invitation::InvitationPage;
pub use invitations::{Invite, OrganizationInvitationsPage, ResendInvitation, RevokeInvitation};
pub use kept::{INVITATION, KeptInvitation};
pub use security::OrganizationSecurityPage;
