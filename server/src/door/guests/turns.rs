//! Turns: a request of HTTP/2 is counted as a connection is, for it costs as much. So many requests on few connections are
//! no more than the same on many.

use std::net::IpAddr;
use std::sync::Arc;

use super::{Guests, Inside, Place, take_one_off};
use crate::door::guest::Guest;

/// Where the requests of one connection get their turns.
pub(in crate::door) struct Turns {
    guests: Arc<Guests>,
    guest: Arc<Guest>,
    /// What counts them; none for a trusted proxy.
    counted: Option<IpAddr>,
}

/// That of one request, until it is dropped.
pub(in crate::door) struct Turn {
    guests: Arc<Guests>,
    guest: Arc<Guest>,
    counted: Option<IpAddr>,
    is_whole: bool,
}

impl Place {
    /// The turns of its connection.
    pub(in crate::door) fn turns(&self) -> Turns {
        Turns { guests: Arc::clone(&self.guests), guest: Arc::clone(&self.guest), counted: self.counted }
    }
}

impl Turns {
    /// The turn of another request. When all are taken, the eldest connection that is slow in all of its requests makes
    /// room. None when its address has its share, or nobody can.
    pub(in crate::door) fn take(&self) -> Option<Turn> {
        let limits = &self.guests.limits;
        let mut leaving = None;
        let mut inside = self.guests.inside();
        let of_address = self.counted.map_or(0, |address| inside.turns_of(address));
        if of_address >= limits.connections_of_address {
            return None;
        }
        if inside.turns >= limits.connections {
            // Its own turns are free when it has gone, in a moment.
            leaving = Some(inside.take_eldest(Guest::is_slow_in_turns)?);
        }
        inside.turns += 1;
        if let Some(address) = self.counted {
            inside.turns_of_address.insert(address, of_address + 1);
        }
        drop(inside);
        if let Some(leaving) = leaving {
            leaving.dismiss();
        }
        let (guests, guest) = (Arc::clone(&self.guests), Arc::clone(&self.guest));
        Some(Turn { guests, guest, counted: self.counted, is_whole: false })
    }
}

impl Turn {
    /// Notes that the client has room for all of the answer.
    pub(in crate::door) fn note_whole(&mut self) {
        self.is_whole = true;
    }
}

impl Inside {
    fn turns_of(&self, address: IpAddr) -> usize {
        self.turns_of_address.get(&address).copied().unwrap_or_default()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut inside = self.guests.inside();
        inside.turns = inside.turns.saturating_sub(1);
        if let Some(address) = self.counted {
            take_one_off(&mut inside.turns_of_address, address);
        }
        drop(inside);
        self.guest.note_end(self.is_whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::DoorLimits;

    fn guests(connections: usize, connections_of_address: usize) -> Arc<Guests> {
        let limits = DoorLimits { connections, connections_of_address, ..DoorLimits::default() };
        Guests::new(limits, Arc::from(["10.0.0.0/8".parse().unwrap()]))
    }

    fn enter(guests: &Arc<Guests>, peer: &str) -> Place {
        guests.enter(peer.parse().unwrap()).unwrap()
    }

    #[test]
    fn an_address_has_its_share_whatever_its_connections_and_a_proxy_has_not() {
        let guests = guests(100, 2);
        let places = [enter(&guests, "203.0.113.9"), enter(&guests, "203.0.113.9")];
        let first = places[0].turns().take().unwrap();
        let _second = places[1].turns().take().unwrap();
        assert!(places[0].turns().take().is_none() && places[1].turns().take().is_none());
        assert!(enter(&guests, "203.0.113.10").turns().take().is_some(), "another address");
        drop(first);
        assert!(places[1].turns().take().is_some());
        let proxy = enter(&guests, "10.0.0.1");
        let turns: Vec<_> = (0..10).map(|_| proxy.turns().take().unwrap()).collect();
        assert_eq!(guests.inside().turns, 1 + turns.len());
        drop(turns);
        assert_eq!(guests.inside().turns_of_address.len(), 1, "who has none is not kept");
    }

    #[test]
    fn when_all_are_taken_who_is_slow_makes_room_and_nobody_who_is_answered() {
        let guests = guests(2, 100);
        let (slow, honest) = (enter(&guests, "192.0.2.1"), enter(&guests, "192.0.2.2"));
        for place in [&slow, &honest] {
            place.guest.note_multiplexed();
            place.guest.note_request();
        }
        let _turns = [slow.turns().take().unwrap(), honest.turns().take().unwrap()];
        assert!(honest.turns().take().is_none(), "both are answered");
        slow.guest.note_body(true);
        assert!(honest.turns().take().is_some());
        assert!(!guests.inside().guests.contains_key(&slow.number), "it was shown the door");
        assert!(guests.inside().guests.contains_key(&honest.number));
    }
}
