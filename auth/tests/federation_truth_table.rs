//! Who meets what: every kind of account, with everything that a provider may say of an address, connected or not.

use crate::support::federation::{
    Told, claims, come, connect, id, name_of, needs_proof, newcomer, outcome, refused, signed_in,
};
use crate::support::provider::FakeProvider;
use crate::support::totp::enrol_totp;
use crate::support::{World, context, email};
use auth::ErrorCode;
use auth::flow::{self, Entered, Federated};
use std::collections::HashSet;

/// The account of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Account {
    /// There is none.
    None,
    /// Somebody signed up with a password, and nobody proved the address.
    Unverified,
    /// One with a password.
    Verified,
    /// The same with an authenticator app.
    WithSecondFactor,
    /// The day of its deletion has come.
    Disabled,
}

/// Whether the provider's account opens an account already: that of the address, or where the address has none, one
/// of another address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Link {
    Linked,
    NotLinked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// A session of the account that is connected.
    SignsIn,
    /// Its second factor is asked for.
    SecondFactor,
    /// An account without a password, and a session of it.
    NewAccount,
    /// Nobody enters before the account of the address proved itself.
    NeedsProof,
    /// Nobody enters before an address was proved by mail.
    NeedsAddress,
    /// Nobody enters at all.
    Closed,
}

const TABLE: [(Account, Told, Link, Expected); 30] = {
    use Account::{Disabled, None, Unverified, Verified, WithSecondFactor};
    use Expected::{Closed, NeedsAddress, NeedsProof, NewAccount, SecondFactor, SignsIn};
    use Link::{Linked, NotLinked};
    [
        // Account       | the provider says | connected | what follows
        (None, Told::Verified, NotLinked, NewAccount),
        (None, Told::Unverified, NotLinked, NeedsAddress),
        (None, Told::Missing, NotLinked, NeedsAddress),
        (None, Told::Verified, Linked, SignsIn),
        (None, Told::Unverified, Linked, SignsIn),
        (None, Told::Missing, Linked, SignsIn),
        // A sign-up that waits is nobody's account: it captures nothing, and is captured by nothing.
        (Unverified, Told::Verified, NotLinked, NewAccount),
        (Unverified, Told::Unverified, NotLinked, NeedsAddress),
        (Unverified, Told::Missing, NotLinked, NeedsAddress),
        (Unverified, Told::Verified, Linked, SignsIn),
        (Unverified, Told::Unverified, Linked, SignsIn),
        (Unverified, Told::Missing, Linked, SignsIn),
        // An account is never connected in silence.
        (Verified, Told::Verified, NotLinked, NeedsProof),
        (Verified, Told::Unverified, NotLinked, NeedsAddress),
        (Verified, Told::Missing, NotLinked, NeedsAddress),
        (Verified, Told::Verified, Linked, SignsIn),
        (Verified, Told::Unverified, Linked, SignsIn),
        (Verified, Told::Missing, Linked, SignsIn),
        (WithSecondFactor, Told::Verified, NotLinked, NeedsProof),
        (WithSecondFactor, Told::Unverified, NotLinked, NeedsAddress),
        (WithSecondFactor, Told::Missing, NotLinked, NeedsAddress),
        (WithSecondFactor, Told::Verified, Linked, SecondFactor),
        (WithSecondFactor, Told::Unverified, Linked, SecondFactor),
        (WithSecondFactor, Told::Missing, Linked, SecondFactor),
        (Disabled, Told::Verified, NotLinked, Closed),
        // Whoever cannot prove the address does not learn that it has an account.
        (Disabled, Told::Unverified, NotLinked, NeedsAddress),
        (Disabled, Told::Missing, NotLinked, NeedsAddress),
        (Disabled, Told::Verified, Linked, Closed),
        (Disabled, Told::Unverified, Linked, Closed),
        (Disabled, Told::Missing, Linked, Closed),
    ]
};

#[test]
fn the_table_has_every_cell_once() {
    let accounts =
        [Account::None, Account::Unverified, Account::Verified, Account::WithSecondFactor, Account::Disabled];
    let told = [Told::Verified, Told::Unverified, Told::Missing];
    let links = [Link::Linked, Link::NotLinked];
    let cells: HashSet<_> = TABLE.iter().map(|(account, told, link, _)| (*account, *told, *link)).collect();
    assert_eq!(cells.len(), accounts.len() * told.len() * links.len());
    for account in accounts {
        for told in told {
            for link in links {
                assert!(cells.contains(&(account, told, link)), "{account:?} {told:?} {link:?}");
            }
        }
    }
}

/// Makes the account of an address, and connects it or another one. Gives the address of the account that is connected.
async fn prepare(world: &World, provider: &FakeProvider, cell: usize) -> String {
    let (account, _, link, _) = TABLE[cell];
    let (address, subject) = (address_of(cell), subject_of(cell));
    match account {
        Account::None => {}
        Account::Unverified => {
            world.sign_up(&address).await.unwrap();
        }
        Account::Verified | Account::WithSecondFactor | Account::Disabled => world.create_account(&address).await,
    }
    let mut owner = address.clone();
    if link == Link::Linked {
        match account {
            Account::None | Account::Unverified => {
                owner = format!("owner-{cell}@example.com");
                newcomer(world, provider, &subject, &owner).await;
            }
            _ => connect(world, provider, &subject, &address).await,
        }
    }
    match account {
        Account::WithSecondFactor => drop(enrol_totp(world, &address).await),
        Account::Disabled => world.close_account(&address).await,
        _ => {}
    }
    owner
}

fn address_of(cell: usize) -> String {
    format!("cell-{cell}@example.com")
}

fn subject_of(cell: usize) -> String {
    format!("sub-{cell}")
}

async fn picture(world: &World) -> (i64, i64, i64) {
    (world.count("users").await, world.count("connections").await, world.count("sessions").await)
}

async fn check(world: &World, provider: &FakeProvider, cell: usize) {
    let (account, told, link, expected) = TABLE[cell];
    let name = format!("{account:?}, {told:?}, {link:?}");
    let owner = prepare(world, provider, cell).await;
    let (users, connections, sessions) = picture(world).await;
    let address = address_of(cell);
    let finished = come(world, provider, claims(world, &subject_of(cell), &address, told)).await;
    let after = picture(world).await;
    match expected {
        Expected::Closed => {
            assert_eq!(refused(finished), ErrorCode::AccountClosed, "{name}");
            assert_eq!(after, (users, connections, sessions), "{name}");
        }
        Expected::SignsIn => {
            let caller = world.caller(&signed_in(outcome(finished)));
            let user = world.user(&owner).await.unwrap();
            assert_eq!(caller.user_id, user.id, "{name}");
            assert_eq!(after, (users, connections, sessions + 1), "{name}");
        }
        Expected::NewAccount => {
            let caller = world.caller(&signed_in(outcome(finished)));
            let user = world.user(&address).await.unwrap();
            assert_eq!((caller.user_id, user.password_hash), (user.id.clone(), None), "{name}");
            assert_eq!(after, (users + 1, connections + 1, sessions + 1), "{name}");
            let kept = world.auth.store().connections_of(&user.id).await.unwrap();
            assert_eq!((kept[0].provider.clone(), kept[0].email.clone()), (id("acme"), Some(email(&address))));
        }
        Expected::SecondFactor | Expected::NeedsProof | Expected::NeedsAddress => {
            let outcome = outcome(finished);
            let is_right = match expected {
                Expected::SecondFactor => matches!(outcome, Federated::Entered(Entered::NeedsSecondFactor(_))),
                Expected::NeedsProof => matches!(outcome, Federated::NeedsProof(_)),
                _ => matches!(outcome, Federated::NeedsAddress(_)),
            };
            assert!(is_right, "{name}: {}", name_of(&outcome));
            assert_eq!(after, (users, connections, sessions), "{name}");
        }
    }
}

on_both_databases! {
    async fn every_cell_of_the_table_is_as_it_says(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        for cell in 0..TABLE.len() {
            check(&world, &provider, cell).await;
        }
    }

    // Until its day it is like any other: a provider neither keeps nor ends it.
    async fn an_account_that_waits_for_its_deletion_is_none_of_the_disabled(world: World) {
        let provider = FakeProvider::start().await;
        let world = world.with_provider(&provider).await;
        for (address, subject) in [("linked@example.com", "sub-linked"), ("known@example.com", "sub-known")] {
            world.create_account(address).await;
            if subject == "sub-linked" {
                connect(&world, &provider, subject, address).await;
            }
            let owner = world.caller(&world.sign_in(address).await);
            let day = flow::request_deletion(&world.auth, &owner, &context()).await.unwrap();
            let finished = come(&world, &provider, claims(&world, subject, address, Told::Verified)).await;
            if subject == "sub-linked" {
                assert_eq!(world.caller(&signed_in(outcome(finished))).user_id, owner.user_id);
            } else {
                needs_proof(outcome(finished));
            }
            assert_eq!(world.user(address).await.unwrap().delete_at, Some(day), "nothing is kept in silence");
        }
        assert_eq!(world.count("connections").await, 1);
    }
}
