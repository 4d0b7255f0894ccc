//! Who is inside: counted in all and for each address.

use ipnet::IpNet;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::customer::customer_of;
use super::guest::Guest;
use super::limits::DoorLimits;

mod turns;

pub(super) use turns::Turn;

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
    /// Requests of HTTP/2 that are answered now.
    turns: usize,
    turns_of_address: HashMap<IpAddr, usize>,
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

    /// Lets somebody in. When the address has its share, its own eldest idle connection makes room for it; when all places
    /// are taken, the eldest who says nothing does, then who is idle, then who is slow, then who waits. None when nobody can.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let counted = self.counted(peer);
        let mut leaving = None;
        let mut inside = self.inside();
        let of_address = counted.map_or(0, |address| inside.of_address.get(&address).copied().unwrap_or_default());
        if of_address >= self.limits.connections_of_address {
            leaving = Some(inside.take_eldest(|guest| guest.is_idle() && guest.address() == counted)?);
        } else if inside.guests.len() >= self.limits.connections {
            leaving = Some(inside.make_room()?);
        }
        let number = inside.next;
        inside.next += 1;
        if let Some(address) = counted {
            inside.of_address.insert(address, of_address + 1);
        }
        let guest = Arc::new(Guest::new(counted));
        inside.guests.insert(number, Arc::clone(&guest));
        drop(inside);
        if let Some(leaving) = leaving {
            leaving.dismiss();
        }
        Some(Place { guests: Arc::clone(self), number, counted, guest })
    }

    /// Closes the connections that took longer than they may.
    pub(super) fn dismiss_late(&self) {
        self.dismiss(|guest| guest.is_late(&self.limits));
    }

    /// Closes the connections that nothing is made for at this moment: they wait, or are waited for.
    pub(super) fn dismiss_waiting(&self) {
        self.dismiss(|guest| guest.waits() || guest.is_slow());
    }

    fn dismiss(&self, is_meant: impl Fn(&Guest) -> bool) {
        let inside = self.inside();
        let meant: Vec<_> = inside.guests.values().filter(|guest| is_meant(guest)).cloned().collect();
        drop(inside);
        for guest in meant {
            guest.dismiss();
        }
    }

    /// A trusted proxy speaks for many.
    fn counted(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        let is_trusted = self.trusted.iter().any(|network| network.contains(&peer));
        (!is_trusted).then(|| customer_of(peer))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Who makes room, when anybody does.
    fn make_room(&mut self) -> Option<Arc<Guest>> {
        self.take_eldest(Guest::is_silent)
            .or_else(|| self.take_eldest(Guest::is_idle))
            .or_else(|| self.take_eldest(Guest::is_slow))
            .or_else(|| self.take_eldest(Guest::waits))
    }

    fn take_eldest(&mut self, is_meant: impl Fn(&Guest) -> bool) -> Option<Arc<Guest>> {
        let number = self.guests.iter().find(|(_, guest)| is_meant(guest)).map(|(number, _)| *number)?;
        self.guests.remove(&number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.guests.inside();
        inside.guests.remove(&self.number);
        if let Some(address) = self.counted {
            take_one_off(&mut inside.of_address, address);
        }
    }
}

/// An address that has nothing is not kept.
fn take_one_off(counts: &mut HashMap<IpAddr, usize>, address: IpAddr) {
    match counts.get_mut(&address) {
        Some(count) if *count > 1 => *count -= 1,
        _ => {
            counts.remove(&address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::guest::GRACE;
    use super::*;
    use std::thread::sleep;
    use std::time::Duration;

    fn guests(connections: usize, connections_of_address: usize) -> Arc<Guests> {
        let limits = DoorLimits { connections, connections_of_address, ..DoorLimits::default() };
        Guests::new(limits, Arc::from(["10.0.0.0/8".parse().unwrap()]))
    }

    fn enter(guests: &Arc<Guests>, peer: &str) -> Option<Place> {
        guests.enter(peer.parse().unwrap())
    }

    fn has_left(guests: &Guests, place: &Place) -> bool {
        !guests.inside().guests.contains_key(&place.number)
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
    fn an_address_that_has_its_share_puts_out_its_own_idle_connection_and_no_other() {
        let guests = guests(100, 2);
        let other = enter(&guests, "203.0.113.10").unwrap();
        let first = enter(&guests, "203.0.113.9").unwrap();
        let second = enter(&guests, "203.0.113.9").unwrap();
        for place in [&other, &first, &second] {
            place.guest.note_request();
        }
        other.guest.note_answered();
        assert!(enter(&guests, "203.0.113.9").is_none(), "both of its own are answered");
        second.guest.note_answered();
        let third = enter(&guests, "203.0.113.9").expect("its idle one made room");
        assert_eq!(
            [&other, &first, &second, &third].map(|place| has_left(&guests, place)),
            [false, false, true, false]
        );
        drop(second);
        assert!(enter(&guests, "203.0.113.9").is_none(), "it has its share again");
    }

    #[test]
    fn idle_ones_make_room_then_slow_ones_then_newcomers() {
        let guests = guests(4, 100);
        let newcomer = enter(&guests, "192.0.2.1").unwrap();
        let unsent = enter(&guests, "192.0.2.2").unwrap();
        let unread = enter(&guests, "192.0.2.3").unwrap();
        let idle = enter(&guests, "192.0.2.4").unwrap();
        for place in [&unsent, &unread, &idle] {
            place.guest.note_request();
        }
        unsent.guest.note_body(true);
        unread.guest.note_write(false);
        idle.guest.note_answered();
        let mut answered = Vec::new();
        for leaving in [&idle, &unsent, &unread, &newcomer] {
            assert!(!has_left(&guests, leaving));
            let next = enter(&guests, "192.0.2.5").expect("there is room");
            next.guest.note_request();
            answered.push(next);
            assert!(has_left(&guests, leaving));
        }
        assert!(enter(&guests, "192.0.2.6").is_none(), "all are answered");
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
        sleep(Duration::from_millis(GRACE + 50));
        let next = enter(&guests, "192.0.2.4").expect("the silent one made room");
        assert!(has_left(&guests, &silent));
        next.guest.note_request();
        let last = enter(&guests, "192.0.2.5").expect("the idle one made room");
        last.guest.note_request();
        let left = [&answered, &idle, &silent, &next, &last].map(|place| has_left(&guests, place));
        assert_eq!(left, [false, true, true, false, false]);
        assert!(enter(&guests, "192.0.2.6").is_none(), "all are answered");
        drop((silent, idle));
        assert_eq!(guests.inside().guests.len(), 3);
    }
}
