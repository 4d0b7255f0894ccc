//! What administrators do to accounts.

use super::{PASSWORD, World, context, email};
use auth::flow::{self, FreshProof};
use auth::form::{Suspending, UserFilter};
use auth::id::UserId;
use auth::session::Caller;
use auth::{Auth, EventFilter, EventKind, Remark, Result, Role, Timestamp};

pub const ADMIN: &str = "ada@example.com";
pub const ALICE: &str = "alice@example.com";
pub const BOB: &str = "bob@example.com";

impl World {
    /// Somebody who looks after the product in this role, signed in.
    pub async fn colleague(&self, address: &str, role: Role) -> Caller {
        self.create_account(address).await;
        flow::set_role(&self.auth, &email(address), role, &context()).await.unwrap();
        self.caller(&self.sign_in(address).await)
    }

    /// The account of an address.
    pub async fn id_of(&self, address: &str) -> UserId {
        self.user(address).await.unwrap().id
    }

    /// The addresses that a filter leaves, in their order.
    pub async fn list(&self, admin: &Caller, filter: impl Into<UserFilter>) -> Vec<String> {
        let page = flow::admin_list_users(&self.auth, admin, filter, None).await.unwrap();
        page.items.into_iter().map(|item| item.email.to_string()).collect()
    }
}

/// A suspension that ends in so many seconds, or when it is taken back.
pub fn suspending(world: &World, seconds: Option<i64>) -> Suspending {
    let until = seconds.map(|seconds| world.auth.now().plus_seconds(seconds));
    Suspending { until, reason: Remark::parse("Too many mails.").ok(), note: Remark::parse("Ticket 4711").unwrap() }
}

pub async fn suspend(world: &World, admin: &Caller, id: &UserId, seconds: Option<i64>) -> Result<()> {
    flow::suspend_user(&world.auth, admin, id, &suspending(world, seconds), &context()).await
}

/// The administrator gives their password once more.
pub async fn prove(auth: &Auth, admin: &Caller) {
    flow::reauthenticate(auth, admin, &FreshProof::Password(PASSWORD.into()), &context()).await.unwrap();
}

/// What happened to somebody who is signed in, newest first.
pub async fn kinds(auth: &Auth, caller: &Caller, filter: EventFilter) -> Vec<EventKind> {
    let lines = flow::list_activity(auth, caller, filter, None).await.unwrap().items;
    lines.into_iter().map(|line| line.kind).collect()
}

/// Long ago, for accounts that were brought over.
pub const LONG_AGO: Timestamp = Timestamp(1_600_000_000_000);
