//! Who finds no place is told so in words, without a look at what they ask. The id of a request stands in the answer as in any
//! other, and leads to the line of the log that tells of it. That line tells of everybody since the one before, so all of them have one
//! id: drawn once in a while, and never for each of a crowd.

use auth::random::{Random, SystemRandom};
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpStream;

const HEAD: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\n\
    x-content-type-options: nosniff\r\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'\r\n\
    cache-control: no-store\r\ncontent-type: application/problem+json\r\n";
const BODY: &str = "{\"type\":\"/problems/busy\",\"status\":503,\"code\":\"busy\",\
    \"title\":\"Many people are here right now. Try again in a moment; nothing was lost.\"}";

/// Connections that found no place, since the start of the process.
static TURNED_AWAY: AtomicU64 = AtomicU64::new(0);

/// How many connections found no place.
pub fn turned_away() -> u64 {
    TURNED_AWAY.load(Ordering::Relaxed)
}

/// Those who found no place since the log told of them.
#[derive(Default)]
pub(super) struct TurnedAway {
    count: u64,
    id: String,
    /// What each of them is told.
    answer: String,
}

impl TurnedAway {
    /// Notes one more; gives what to tell them.
    pub(super) fn note(&mut self) -> &str {
        if self.count == 0 {
            let random: &dyn Random = &SystemRandom;
            self.id = random.request_id();
            let length = BODY.len();
            self.answer = format!("{HEAD}content-length: {length}\r\nx-request-id: {}\r\n\r\n{BODY}", self.id);
        }
        self.count += 1;
        TURNED_AWAY.fetch_add(1, Ordering::Relaxed);
        &self.answer
    }

    /// Tells the log of them, if there are any.
    pub(super) fn tell(&mut self) {
        let turned_away = std::mem::take(&mut self.count);
        if turned_away > 0 {
            tracing::warn!(id = self.id, turned_away, "connections were refused: the places are taken");
        }
    }
}

/// Says so without waiting: what a new connection can hold, it holds.
pub(super) fn say(stream: TcpStream, answer: &str) {
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write_all(answer.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::TurnedAway;

    #[test]
    fn who_finds_no_place_is_told_a_problem_to_its_last_letter() {
        let mut turned_away = TurnedAway::default();
        let (head, body) = turned_away.note().split_once("\r\n\r\n").unwrap();
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), body.len());
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(problem["code"], auth::ErrorCode::Busy.as_str());
        assert_eq!(problem["title"], auth::text::text(auth::Locale::En, "error.busy"));
    }

    #[test]
    fn all_of_whom_one_line_tells_have_its_id_and_the_next_ones_another() {
        let mut turned_away = TurnedAway::default();
        let first = turned_away.note().to_owned();
        assert!(first.contains(&format!("\r\nx-request-id: {}\r\n", turned_away.id)), "{first}");
        assert_eq!(turned_away.note(), first);
        turned_away.tell();
        assert_ne!(turned_away.note(), first);
    }
}
