//! Some minutes of requests of people who are signed in, by where they came from. Its size is fixed, whoever asks.

use std::net::IpAddr;

use super::distinct::{Distinct, place_of};
use crate::layer::origin::Origin;

/// Addresses that are looked at more closely. One that brings more than a ninth of all requests is among them.
const MOST_ADDRESSES: usize = 8;

/// The requests of some minutes.
#[derive(Clone, Default)]
pub(super) struct Window {
    pub(super) requests: u64,
    pub(super) people: Distinct,
    /// The addresses that most requests come from (Misra and Gries, 1982).
    pub(super) addresses: Vec<Address>,
    /// Listed peers that sent the header.
    pub(super) listed: Distinct,
    /// Others that did, and their requests.
    pub(super) unlisted: Distinct,
    pub(super) unlisted_requests: u64,
}

/// An address that many requests come from.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) address: IpAddr,
    /// What keeps it here: less than its requests.
    weight: u64,
    pub(super) requests: u64,
    pub(super) people: Distinct,
    /// Requests whose header named another one, which was not believed.
    pub(super) names_more: u64,
    /// Requests without the header.
    pub(super) is_silent: u64,
    /// Whether a listed proxy has it.
    pub(super) is_listed: bool,
}

impl Window {
    /// Notes a request of somebody.
    pub(super) fn note(&mut self, origin: &Origin, person: u64) {
        let (Some(peer), Some(client)) = (origin.peer, origin.client) else { return };
        self.requests += 1;
        self.people.note(person);
        if origin.has_header && origin.is_listed {
            self.listed.note(place_of(&peer));
        } else if origin.has_header {
            self.unlisted.note(place_of(&peer));
            self.unlisted_requests += 1;
        }
        let Some(address) = self.address(client) else { return };
        address.weight += 1;
        address.requests += 1;
        address.people.note(person);
        address.names_more += u64::from(origin.names_more);
        address.is_silent += u64::from(!origin.has_header);
        address.is_listed = origin.is_listed && client == peer;
    }

    /// Adds what another one has seen.
    pub(super) fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.people.add(&other.people);
        self.listed.add(&other.listed);
        self.unlisted.add(&other.unlisted);
        self.unlisted_requests += other.unlisted_requests;
        for more in &other.addresses {
            match self.addresses.iter_mut().find(|known| known.address == more.address) {
                Some(known) => known.add(more),
                None => self.addresses.push(more.clone()),
            }
        }
    }

    /// What is known of an address. One for which there is no room takes some weight of all others.
    fn address(&mut self, address: IpAddr) -> Option<&mut Address> {
        let known = self.addresses.iter().position(|known| known.address == address);
        if let Some(place) = known {
            return self.addresses.get_mut(place);
        }
        if self.addresses.len() >= MOST_ADDRESSES {
            self.addresses.iter_mut().for_each(|known| known.weight -= 1);
            self.addresses.retain(|known| known.weight > 0);
            return None;
        }
        self.addresses.push(Address {
            address,
            weight: 0,
            requests: 0,
            people: Distinct::default(),
            names_more: 0,
            is_silent: 0,
            is_listed: false,
        });
        self.addresses.last_mut()
    }
}

impl Address {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.people.add(&other.people);
        self.names_more += other.names_more;
        self.is_silent += other.is_silent;
        self.is_listed |= other.is_listed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn from(number: u32) -> Origin {
        let address = Some(IpAddr::from(Ipv4Addr::from(number)));
        Origin { peer: address, client: address, ..Origin::default() }
    }

    #[test]
    fn whoever_asks_most_is_found_among_many_and_no_more_is_kept() {
        let mut window = Window::default();
        for number in 0..10_000 {
            window.note(&from(number), 0);
            if number % 4 == 0 {
                window.note(&from(1_000_000), 0);
            }
            assert!(window.addresses.len() <= MOST_ADDRESSES);
        }
        assert!(window.addresses.iter().any(|known| known.address == from(1_000_000).client.unwrap()));
        assert_eq!(window.requests, 12_500);
    }
}
