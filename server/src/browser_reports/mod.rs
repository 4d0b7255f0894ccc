//! `POST /reports/browser`: browsers tell what they refused by the rules of our pages (CSP 3, 5.3, `report-uri`; W3C, Reporting
//! API 1, `report-to`; ASVS 5.0, 3.4.7). Anybody may send one, and nobody is asked who they are: what comes is bounded in size,
//! number and time, and only what is known of it is counted. Nothing of it is logged.

use auth::{Auth, Context, ErrorCode, Timestamp, flow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api;
use crate::door::customer_of;
use crate::layer::origin::Origin;
use crate::problem::Refused;

mod read;

/// Where they are sent.
pub const REPORTS: &str = "/reports/browser";

const LARGEST: usize = 16 * 1024;
/// Reports that a node counts in a minute; more are thanked for and dropped. Each is a write.
const MOST_A_MINUTE: usize = 120;
/// Of them, those of one address; of IPv6 those of one /64. Nobody takes the minute from all others.
const MOST_OF_ADDRESS: usize = 20;

/// What the handler needs.
#[derive(Clone)]
struct Receiving {
    auth: Auth,
    public_url: Arc<str>,
    room: Arc<Mutex<Room>>,
}

/// The route.
pub fn routes(auth: Auth, public_url: Arc<str>) -> Router {
    let receiving = Receiving { auth, public_url, room: Arc::default() };
    Router::new().route(REPORTS, post(receive).fallback(api::method_not_allowed)).with_state(receiving)
}

async fn receive(
    State(receiving): State<Receiving>,
    Extension(context): Extension<Context>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refused> {
    let refuse = |code: ErrorCode| Refused::new(code, context.locale);
    let form = read::form_of(&headers).ok_or_else(|| refuse(ErrorCode::UnsupportedMediaType))?;
    if body.len() > LARGEST {
        return Err(refuse(ErrorCode::TooLarge));
    }
    let found = read::read(form, &body, &receiving.public_url).ok_or_else(|| refuse(ErrorCode::MalformedRequest))?;
    let (address, now) = (origin.client.map(customer_of), receiving.auth.now());
    let fit = receiving.room.lock().unwrap_or_else(PoisonError::into_inner).take(found.len(), address, now);
    let noted = flow::note_browser_reports(&receiving.auth, &found[..fit]).await;
    noted.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(StatusCode::NO_CONTENT)
}

/// What may still be counted in this minute.
#[derive(Default)]
struct Room {
    minute: i64,
    left: usize,
    /// What each address took of it: no more of them than there are reports.
    taken: HashMap<Option<IpAddr>, usize>,
}

impl Room {
    /// Takes room for so many reports, or for fewer.
    fn take(&mut self, wanted: usize, address: Option<IpAddr>, now: Timestamp) -> usize {
        let minute = now.seconds().div_euclid(60);
        if minute != self.minute {
            *self = Self { minute, left: MOST_A_MINUTE, taken: HashMap::new() };
        }
        let taken = self.taken.get(&address).copied().unwrap_or_default();
        let granted = wanted.min(self.left).min(MOST_OF_ADDRESS - taken);
        if granted > 0 {
            self.taken.insert(address, taken + granted);
        }
        self.left -= granted;
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_room_for_so_many() {
        let (mut room, now) = (Room::default(), Timestamp(1_800_000_000_000));
        for address in 0..5 {
            assert_eq!(room.take(MOST_OF_ADDRESS, of(address), now), MOST_OF_ADDRESS);
        }
        assert_eq!(room.take(15, of(5), now.plus_seconds(59)), 15);
        assert_eq!(room.take(15, of(6), now.plus_seconds(59)), 5);
        assert_eq!(room.take(1, of(7), now.plus_seconds(59)), 0);
        assert_eq!(room.taken.len(), 7, "who is granted nothing is not kept");
        assert_eq!(room.take(15, of(7), now.plus_seconds(60)), 15);
        assert_eq!(room.taken.len(), 1, "each minute begins with nobody");
    }

    #[test]
    fn one_address_takes_no_more_than_its_share() {
        let (mut room, now) = (Room::default(), Timestamp(1_800_000_000_000));
        assert_eq!(room.take(15, of(1), now), 15);
        assert_eq!(room.take(15, of(1), now), 5);
        assert_eq!(room.take(1, of(1), now), 0);
        assert_eq!(room.take(1, of(2), now), 1, "another one has its own");
        assert_eq!(room.take(1, of(1), now.plus_seconds(60)), 1);
    }

    fn of(number: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, number]))
    }
}
