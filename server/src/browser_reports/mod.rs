//! `POST /reports/browser`: browsers tell what they refused by the rules of our pages (CSP 3, 5.3, `report-uri`; W3C, Reporting
//! API 1, `report-to`; ASVS 5.0, 3.4.7). Anybody may send one, and nobody is asked who they are: what comes is bounded in size,
//! number and time, and only what is known of it is counted. Nothing of it is logged.

use auth::{Auth, Context, ErrorCode, Timestamp, flow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api;
use crate::problem::Refused;

mod read;

/// Where they are sent.
pub const REPORTS: &str = "/reports/browser";

const LARGEST: usize = 16 * 1024;
/// Reports that a node counts in a minute; more are thanked for and dropped. Each is a write.
const MOST_A_MINUTE: usize = 120;

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
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refused> {
    let refuse = |code: ErrorCode| Refused::new(code, context.locale);
    let form = read::form_of(&headers).ok_or_else(|| refuse(ErrorCode::UnsupportedMediaType))?;
    if body.len() > LARGEST {
        return Err(refuse(ErrorCode::TooLarge));
    }
    let found = read::read(form, &body, &receiving.public_url).ok_or_else(|| refuse(ErrorCode::MalformedRequest))?;
    let now = receiving.auth.now();
    let fit = receiving.room.lock().unwrap_or_else(PoisonError::into_inner).take(found.len(), now);
    let noted = flow::note_browser_reports(&receiving.auth, &found[..fit]).await;
    noted.map_err(|error| Refused::from_error(&error, context.locale))?;
    Ok(StatusCode::NO_CONTENT)
}

/// What may still be counted in this minute.
#[derive(Default)]
struct Room {
    minute: i64,
    left: usize,
}

impl Room {
    /// Takes room for so many reports, or for fewer.
    fn take(&mut self, wanted: usize, now: Timestamp) -> usize {
        let minute = now.seconds().div_euclid(60);
        if minute != self.minute {
            *self = Self { minute, left: MOST_A_MINUTE };
        }
        let granted = wanted.min(self.left);
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
        assert_eq!(room.take(100, now), 100);
        assert_eq!(room.take(100, now.plus_seconds(59)), 20);
        assert_eq!(room.take(1, now.plus_seconds(59)), 0);
        assert_eq!(room.take(1000, now.plus_seconds(60)), MOST_A_MINUTE);
    }
}
