//! Whether the proxies before the program are set up as the settings say, found from what passes (ASVS 5.0, 4.1.3). A
//! proxy that is not listed makes all people one address, to every limit and in every notice; a list that is too wide
//! lets anybody be any address. Nothing fails then, so nobody would notice.
//!
//! Only requests of people who are signed in are looked at: strangers without an account can neither cause a finding nor
//! hide one. Whoever has accounts can, so no finding tells people to trust an address that they do not know.

use auth::Timestamp;
use auth::view::{ProxyFault, ProxyFinding};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::layer::origin::Origin;
use distinct::place_of;
use window::{Address, Window};

mod distinct;
mod window;

/// A finding is about the last ten to twenty minutes.
const WINDOW_SECONDS: i64 = 10 * 60;
/// From so many accounts on an address is shared by more than a household.
const MANY_PEOPLE: i64 = 10;
/// Proxies that one installation has at most.
const MANY_TRUSTED: i64 = 32;
/// Addresses from which a header that is not believed is no accident.
const MANY_UNLISTED: i64 = 8;
/// Public networks of a delivery network are no wider.
const WIDEST_OF_IPV4: u8 = 12;
const WIDEST_OF_IPV6: u8 = 28;

/// What passes.
pub struct Proxies {
    /// Networks of the settings that are too wide.
    wide: Vec<IpNet>,
    /// Whether the program is for this machine alone: then people do share its address, and no proxy need stand before it.
    is_local: bool,
    windows: Mutex<Windows>,
}

#[derive(Default)]
struct Windows {
    began_at: Option<Timestamp>,
    now: Window,
    before: Window,
}

impl Proxies {
    /// Nothing passed yet.
    pub fn new(trusted: &[IpNet], is_local: bool) -> Self {
        Self { wide: wide_networks(trusted), is_local, windows: Mutex::default() }
    }

    /// Notes a request of somebody who is signed in. A few additions under a lock of this process.
    pub fn note(&self, origin: &Origin, person: &str, now: Timestamp) {
        let person = place_of(&person);
        let mut windows = self.windows();
        windows.turn(now);
        windows.now.note(origin, person);
    }

    /// What is wrong.
    pub fn findings(&self, now: Timestamp) -> Vec<ProxyFinding> {
        let mut window = {
            let mut windows = self.windows();
            windows.turn(now);
            windows.now.clone()
        };
        window.add(&self.windows().before);
        let mut findings: Vec<_> =
            self.wide.iter().map(|network| finding(ProxyFault::WideNetwork, Some(network.to_string()), 1)).collect();
        findings.extend(self.shared_address(&window));
        let trusted = window.listed.count();
        if trusted > MANY_TRUSTED {
            findings.push(finding(ProxyFault::ManyTrusted, None, trusted));
        }
        let unlisted = window.unlisted.count();
        if unlisted >= MANY_UNLISTED && window.unlisted_requests * 10 >= window.requests {
            findings.push(finding(ProxyFault::ManyUnlisted, None, unlisted));
        }
        findings
    }

    /// An address that most people come from, and why it is taken for a proxy's.
    fn shared_address(&self, window: &Window) -> Option<ProxyFinding> {
        let all = window.people.count();
        let shared = window.addresses.iter().max_by_key(|address| address.people.count())?;
        let people = shared.people.count();
        if people < MANY_PEOPLE || people * 2 < all {
            return None;
        }
        self.fault_of(shared).map(|fault| finding(fault, Some(shared.address.to_string()), people))
    }

    fn fault_of(&self, shared: &Address) -> Option<ProxyFault> {
        if shared.names_more * 2 > shared.requests {
            return Some(ProxyFault::UnlistedProxy);
        }
        let is_silent = shared.is_silent * 2 > shared.requests;
        // Whoever is listed is there to name people, also on a machine of its own.
        let is_proxy = shared.is_listed || (is_private(shared.address) && !self.is_local);
        (is_silent && is_proxy).then_some(ProxyFault::SilentProxy)
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Windows {
    fn turn(&mut self, now: Timestamp) {
        let age = now.seconds_since(*self.began_at.get_or_insert(now));
        if (0..WINDOW_SECONDS).contains(&age) {
            return;
        }
        let last = std::mem::take(&mut self.now);
        // A node that was quiet for long has nothing to say of before.
        self.before = if (0..2 * WINDOW_SECONDS).contains(&age) { last } else { Window::default() };
        self.began_at = Some(now);
    }
}

/// Networks that hold a large part of the public internet.
pub fn wide_networks(trusted: &[IpNet]) -> Vec<IpNet> {
    let is_wide = |network: &&IpNet| {
        let widest = if network.addr().is_ipv4() { WIDEST_OF_IPV4 } else { WIDEST_OF_IPV6 };
        network.prefix_len() < widest && !is_private(network.network())
    };
    trusted.iter().filter(is_wide).copied().collect()
}

/// Whether an address belongs to no one on the public internet: this machine, a private network (RFC 1918, RFC 4193), one
/// behind a carrier (RFC 6598), or a link.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

fn finding(fault: ProxyFault, address: Option<String>, count: i64) -> ProxyFinding {
    ProxyFinding { fault, address, count }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::origin::origin;
    use axum::http::HeaderMap;

    const START: Timestamp = Timestamp(1_800_000_000_000);

    struct World {
        trusted: Vec<IpNet>,
        proxies: Proxies,
        now: Timestamp,
    }

    impl World {
        fn new(trusted: &[&str]) -> Self {
            let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
            Self { proxies: Proxies::new(&trusted, false), trusted, now: START }
        }

        /// A request of somebody from this peer, with this header.
        fn ask(&self, peer: &str, header: Option<&str>, person: usize) {
            let mut headers = HeaderMap::new();
            if let Some(header) = header {
                headers.insert("x-forwarded-for", header.parse().unwrap());
            }
            let origin = origin(peer.parse().ok(), &headers, &self.trusted);
            self.proxies.note(&origin, &format!("person {person}"), self.now);
        }

        fn faults(&self) -> Vec<(ProxyFault, Option<String>)> {
            self.proxies.findings(self.now).into_iter().map(|found| (found.fault, found.address)).collect()
        }
    }

    fn one(fault: ProxyFault, address: &str) -> Vec<(ProxyFault, Option<String>)> {
        vec![(fault, Some(address.to_owned()))]
    }

    #[test]
    fn a_good_set_up_and_few_people_are_no_finding() {
        let world = World::new(&["10.0.0.0/8"]);
        for person in 0..200 {
            world.ask("10.0.0.1", Some(&format!("1.2.3.4, 203.0.113.{person}")), person);
        }
        assert_eq!(world.faults(), vec![]);
        let small = World::new(&[]);
        (0..8).for_each(|person| small.ask("10.0.0.1", Some("203.0.113.7"), person));
        assert_eq!(small.faults(), vec![], "a household of eight behind its proxy");
    }

    #[test]
    fn a_proxy_that_is_not_listed_is_named() {
        let world = World::new(&[]);
        for person in 0..50 {
            world.ask("10.0.0.1", Some(&format!("203.0.113.{person}")), person);
        }
        assert_eq!(world.faults(), one(ProxyFault::UnlistedProxy, "10.0.0.1"));
        assert!((45..=55).contains(&world.proxies.findings(world.now)[0].count));
        let outer = World::new(&["10.0.0.0/8"]);
        for person in 0..50 {
            outer.ask("10.0.0.1", Some(&format!("203.0.113.{person}, 192.0.2.80")), person);
        }
        assert_eq!(outer.faults(), one(ProxyFault::UnlistedProxy, "192.0.2.80"), "one before the listed one");
    }

    #[test]
    fn a_proxy_that_names_nobody_is_named() {
        for (trusted, peer, is_found) in [
            (&["10.0.0.0/8"][..], "10.0.0.1", true),
            (&[][..], "127.0.0.1", true),
            (&[][..], "172.17.0.1", true),
            (&["192.0.2.80/32"][..], "192.0.2.80", true),
            (&[][..], "203.0.113.7", false),
        ] {
            let world = World::new(trusted);
            (0..50).for_each(|person| world.ask(peer, None, person));
            let expected = if is_found { one(ProxyFault::SilentProxy, peer) } else { vec![] };
            assert_eq!(world.faults(), expected, "{peer}: an office is no proxy");
        }
        let local = |trusted: &[&str]| World { proxies: Proxies::new(&[], true), ..World::new(trusted) };
        let developers = local(&[]);
        (0..50).for_each(|person| developers.ask("127.0.0.1", None, person));
        assert_eq!(developers.faults(), vec![], "a developer's machine");
        let behind_a_proxy = local(&["127.0.0.1/32"]);
        (0..50).for_each(|person| behind_a_proxy.ask("127.0.0.1", None, person));
        assert_eq!(behind_a_proxy.faults(), one(ProxyFault::SilentProxy, "127.0.0.1"), "who is listed names people");
    }

    #[test]
    fn networks_full_of_clients_are_found() {
        let world = World::new(&["10.0.0.0/8"]);
        for person in 0..60 {
            world.ask(&format!("10.0.1.{person}"), Some(&format!("203.0.113.{person}")), person);
        }
        assert_eq!(world.faults(), vec![(ProxyFault::ManyTrusted, None)]);
    }

    #[test]
    fn a_header_that_comes_from_anybody_is_found() {
        let world = World::new(&["10.0.0.0/8"]);
        for person in 0..60 {
            world.ask(&format!("203.0.113.{person}"), Some("1.2.3.4"), person);
        }
        assert_eq!(world.faults(), vec![(ProxyFault::ManyUnlisted, None)]);
        for person in 0..60 {
            for number in 0..15 {
                world.ask("10.0.0.1", Some(&format!("198.51.100.{number}")), person);
            }
        }
        assert_eq!(world.faults(), vec![], "a few who try it");
    }

    #[test]
    fn a_list_that_is_too_wide_is_found_without_any_request() {
        let world =
            World::new(&["10.0.0.0/8", "fd00::/8", "104.16.0.0/13", "2400:cb00::/32", "8.0.0.0/8", "2a00::/12"]);
        let faults: Vec<_> = world.faults().into_iter().map(|(_, address)| address.unwrap()).collect();
        assert_eq!(faults, ["8.0.0.0/8", "2a00::/12"]);
    }

    #[test]
    fn what_was_mended_is_forgotten_within_twenty_minutes() {
        let mut world = World::new(&[]);
        let wrong = |world: &World| (0..50).for_each(|person| world.ask("10.0.0.1", Some("203.0.113.7"), person));
        wrong(&world);
        world.now = START.plus_seconds(11 * 60);
        assert_eq!(world.faults().len(), 1);
        world.now = START.plus_seconds(21 * 60 + 1);
        assert_eq!(world.faults(), vec![]);
        wrong(&world);
        world.now = START.plus_seconds(24 * 60 * 60);
        assert_eq!(world.faults(), vec![], "after a quiet day");
    }
}
