//! The public address that a service is told. Behind it are the published keys of Keywright and one of the test; it
//! counts who asks for them and for anything else, and can be cut off from Keywright.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

pub struct Front {
    pub url: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// The port of Keywright; 0 while it is cut off.
    keywright: AtomicU16,
    fetched: AtomicUsize,
    strayed: AtomicUsize,
}

impl Front {
    /// Opens it on a free port, with a key as a JWK that is published besides those of Keywright.
    pub fn open(own: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (state, own) = (Arc::clone(&shared), own.clone());
                std::thread::spawn(move || answer(&connection.unwrap(), &state, &own));
            }
        });
        Self { url, state }
    }

    /// Lets the keys of the Keywright on this port through.
    pub fn lead_to(&self, port: u16) {
        self.state.keywright.store(port, Ordering::SeqCst);
    }

    /// How often the keys were asked for.
    pub fn fetched(&self) -> usize {
        self.state.fetched.load(Ordering::SeqCst)
    }

    /// How often something else was asked for.
    pub fn strayed(&self) -> usize {
        self.state.strayed.load(Ordering::SeqCst)
    }
}

fn answer(mut connection: &TcpStream, state: &State, own: &Value) {
    connection.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut head = BufReader::new(connection).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let Some(asked) = head.next() else { return };
    head.for_each(drop);
    let (status, body) = if asked.starts_with("GET /.well-known/jwks.json ") {
        state.fetched.fetch_add(1, Ordering::SeqCst);
        match state.keywright.load(Ordering::SeqCst) {
            0 => ("503 Service Unavailable", String::new()),
            port => ("200 OK", keys(port, own)),
        }
    } else {
        state.strayed.fetch_add(1, Ordering::SeqCst);
        ("404 Not Found", String::new())
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n");
    // Who asked may have gone away.
    let _ = write!(connection, "{head}connection: close\r\n\r\n{body}");
}

fn keys(port: u16, own: &Value) -> String {
    let mut answer = ureq::get(format!("http://127.0.0.1:{port}/.well-known/jwks.json")).call().unwrap();
    let mut keys: Value = answer.body_mut().read_json().unwrap();
    keys["keys"].as_array_mut().unwrap().push(own.clone());
    keys.to_string()
}
