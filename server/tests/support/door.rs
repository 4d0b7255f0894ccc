//! A door on a real socket, and clients that take their time.

use axum::Router;
use server::door::{DoorLimits, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

pub const SHORT: Duration = Duration::from_millis(300);
/// What is still open after this was not closed by a bound of [`SHORT`].
pub const LONG: Duration = Duration::from_millis(1500);
pub const MINUTES: Duration = Duration::from_secs(600);
pub const HEALTH: &str = "GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Nobody is asked to hurry.
pub const PATIENT: DoorLimits = DoorLimits {
    connections: 1000,
    connections_of_address: 1000,
    head: MINUTES,
    idle: MINUTES,
    stall: MINUTES,
    body: MINUTES,
    large_body: MINUTES,
};

pub struct Door {
    pub address: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub serving: JoinHandle<()>,
}

pub async fn open_for(router: Router, limits: DoorLimits, trusted: &[&str]) -> Door {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let trusted: Arc<[ipnet::IpNet]> = trusted.iter().map(|network| network.parse().unwrap()).collect();
    let stopped = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(serve(listener, router, limits, trusted, None, stopped));
    Door { address, stop, serving }
}

pub async fn open(router: Router, limits: DoorLimits) -> Door {
    open_for(router, limits, &[]).await
}

impl Door {
    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// So many clients, each with an address of its own, say this; until it has arrived.
    pub async fn crowd(&self, size: u8, text: &str) -> Vec<TcpStream> {
        let mut crowd = Vec::new();
        for number in 0..size {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind(SocketAddr::from(([127, 0, 1, number], 0))).unwrap();
            let mut stream = socket.connect(self.address).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            crowd.push(stream);
        }
        sleep(SHORT).await;
        crowd
    }

    /// Sends this and reads to the end; gives what was said, also when the connection broke off.
    pub async fn say(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        let _ = stream.write_all(text.as_bytes()).await;
        rest(&mut stream).await
    }

    pub async fn is_well(&self) -> bool {
        self.say(HEALTH).await.starts_with("HTTP/1.1 200 ")
    }
}

/// What comes until the connection is closed.
pub async fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(Ok(length)) = timeout(Duration::from_secs(10), stream.read(&mut buffer)).await
        && length > 0
    {
        said.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// Sends a beginning, then a byte now and then; how long the connection was left open, at most [`LONG`].
pub async fn dribble(mut stream: TcpStream, beginning: &str) -> (Duration, String) {
    let started = Instant::now();
    let mut said = Vec::new();
    let mut buffer = [0; 4096];
    stream.write_all(beginning.as_bytes()).await.unwrap();
    while started.elapsed() < LONG {
        if stream.write_all(b"x").await.is_err() {
            break;
        }
        match timeout(Duration::from_millis(30), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => break,
            Ok(Ok(length)) => said.extend_from_slice(&buffer[..length]),
            Err(_) => {}
        }
    }
    (started.elapsed(), String::from_utf8_lossy(&said).into_owned())
}
