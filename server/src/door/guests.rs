//! Who is inside: counted in all and for each address.

use ipnet::IpNet;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::guest::Guest;
use super::limits::DoorLimits;

/// Bits of an IPv6 address that lie within one customer's network.
const WITHIN_NETWORK: u128 = (1 << 64) - 1;

/// All connections.
pub(super) struct Guests {
    limits: DoorLimits,
    trusted: Arc<[IpNet]>,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    /// The number of the next one.
    next: u64,
    /// By number, so the eldest comes first.
    guests: BTreeMap<u64, Arc<Guest>>,
    of_address: HashMap<IpAddr, usize>,
}

/// The place of one connection; free again when it is dropped.
pub(super) struct Place {
    guests: Arc<Guests>,
    number: u64,
    /// What counts it; none for a trusted proxy.
    counted: Option<IpAddr>,
    /// Who has it.
    pub(super) guest: Arc<Guest>,
}

impl Guests {
    /// Nobody yet.
    pub(super) fn new(limits: DoorLimits, trusted: Arc<[IpNet]>) -> Arc<Self> {
        Arc::new(Self { limits, trusted, inside: Mutex::default() })
    }

    /// Lets somebody in. When all places are taken, the eldest who never had a whole request makes room, then the eldest
    /// who waits for another; none when all are answered at this moment, or when the address has its share.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let counted = self.counted(peer);
        let mut leaving = None;
        let mut inside = self.inside();
        let of_address = counted.map_or(0, |address| inside.of_address.get(&address).copied().unwrap_or_default());
        if of_address >= self.limits.connections_of_address {
            return None;
        }
        if inside.guests.len() >= self.limits.connections {
            leaving = Some(inside.make_room()?);
        }
        let number = inside.next;
        inside.next += 1;
        if let Some(address) = counted {
            inside.of_address.insert(address, of_address + 1);
        }
        let guest = Arc::new(Guest::new());
        inside.guests.insert(number, Arc::clone(&guest));
        drop(inside);
        if let Some(leaving) = leaving {
            leaving.dismiss();
        }
        Some(Place { guests: Arc::clone(self), number, counted, guest })
    }

    /// Closes the connections that took longer than they may.
    pub(super) fn dismiss_late(&self) {
        let inside = self.inside();
        let late: Vec<_> = inside.guests.values().filter(|guest| guest.is_late(&self.limits)).cloned().collect();
        drop(inside);
        for guest in late {
            guest.dismiss();
        }
    }

    /// One customer has a whole /64 of IPv6. A trusted proxy speaks for many.
    fn counted(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if self.trusted.iter().any(|network| network.contains(&peer)) {
            return None;
        }
        Some(match peer {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !WITHIN_NETWORK).into(),
        })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Who makes room, when anybody does.
    fn make_room(&mut self) -> Option<Arc<Guest>> {
        let eldest = |is_meant: fn(&Guest) -> bool| {
            self.guests.iter().find(|(_, guest)| is_meant(guest)).map(|(number, _)| *number)
        };
        let number = eldest(Guest::has_never_asked).or_else(|| eldest(Guest::waits))?;
        self.guests.remove(&number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.guests.inside();
        inside.guests.remove(&self.number);
        let Some(address) = self.counted else { return };
        match inside.of_address.get_mut(&address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                inside.of_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests(connections: usize, connections_of_address: usize) -> Arc<Guests> {
        let limits = DoorLimits { connections, connections_of_address, ..DoorLimits::default() };
        Guests::new(limits, Arc::from(["10.0.0.0/8".parse().unwrap()]))
    }

    fn enter(guests: &Arc<Guests>, peer: &str) -> Option<Place> {
        guests.enter(peer.parse().unwrap())
    }

    #[test]
    fn an_address_has_its_share_and_gets_it_back() {
        let guests = guests(100, 2);
        let first = enter(&guests, "203.0.113.9").unwrap();
        let _second = enter(&guests, "::ffff:203.0.113.9").unwrap();
        assert!(enter(&guests, "203.0.113.9").is_none());
        assert!(enter(&guests, "203.0.113.10").is_some(), "another address");
        drop(first);
        assert!(enter(&guests, "203.0.113.9").is_some());
    }

    #[test]
    fn addresses_of_one_network_of_ipv6_share_and_proxies_do_not() {
        let guests = guests(100, 1);
        let _first = enter(&guests, "2001:db8::1").unwrap();
        assert!(enter(&guests, "2001:db8::2").is_none());
        let _other = enter(&guests, "2001:db8:0:1::1").unwrap();
        let proxies: Vec<_> = (0..10).map(|_| enter(&guests, "10.0.0.1").unwrap()).collect();
        assert_eq!(proxies.len(), 10);
    }

    #[test]
    fn who_never_asked_makes_room_then_who_waits_and_never_who_is_answered() {
        let guests = guests(3, 100);
        let answered = enter(&guests, "192.0.2.1").unwrap();
        answered.guest.note_request();
        let idle = enter(&guests, "192.0.2.2").unwrap();
        idle.guest.note_request();
        idle.guest.note_answered();
        let silent = enter(&guests, "192.0.2.3").unwrap();
        let next = enter(&guests, "192.0.2.4").expect("the silent one made room");
        next.guest.note_request();
        let last = enter(&guests, "192.0.2.5").expect("the idle one made room");
        last.guest.note_request();
        let left = |place: &Place| !guests.inside().guests.contains_key(&place.number);
        assert_eq!([&answered, &idle, &silent, &next, &last].map(left), [false, true, true, false, false]);
        assert!(enter(&guests, "192.0.2.6").is_none(), "all are answered");
        drop((silent, idle));
        assert_eq!(guests.inside().guests.len(), 3);
    }
}
