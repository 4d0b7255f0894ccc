//! The door: accepts connections, bounds how many there are and how long each may take, and hands their requests to the
//! router (ASVS 5.0, 13.1.2 and 15.2.2; slow clients are MITRE's CWE-400 and CWE-770).
//!
//! HTTP/1.1 (RFC 9112), and over TLS HTTP/2 for who asks for it in the handshake (RFC 7301). TLS is spoken with a certificate
//! of the settings, and then nothing else (12.3.1). A head that dribbles in is not waited for, its handshake included, and who takes
//! nothing of an answer is let go. When all places are taken, whoever says nothing makes
//! room, then whoever is idle, then whoever is slow, so a thousand connections of such clients keep nobody out.

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tower::ServiceExt as _;

mod answered;
mod customer;
mod guest;
mod guests;
mod http2;
mod limits;
mod no_place;
mod pieces;
mod routes;
mod stream;

use answered::{Answered, Asked, Serving};
use guests::{Guests, Place};
use limits::{BUFFER_BYTES, HEAD_BYTES};
use no_place::TurnedAway;
use stream::WatchedStream;

pub(crate) use customer::customer_of;
pub(crate) use http2::RETRY_SECONDS;
pub use limits::DoorLimits;
pub(crate) use limits::most_open_files;
pub use no_place::turned_away;
pub(crate) use routes::NoTurn;
pub use routes::Routes;

use crate::tls::{ACME, HTTP2, Tls};

/// How long is waited after the system refused to accept: as a rule too many files are open.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop` is done; then nobody comes in, and who is inside may finish. With `tls` nothing is said in the clear.
pub async fn serve(
    listener: TcpListener,
    routes: impl Into<Routes>,
    limits: DoorLimits,
    trusted: Arc<[IpNet]>,
    tls: Option<Tls>,
    stop: impl Future<Output = ()>,
) {
    let routes = routes.into().made_whole();
    let guests = Guests::new(limits, trusted);
    let (closing, told) = watch::channel(());
    let mut look = tokio::time::interval(limits.look());
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stop = pin!(stop);
    let mut turned_away = TurnedAway::default();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            _ = look.tick() => {
                guests.dismiss_late();
                turned_away.tell();
                continue;
            }
            () = &mut stop => break,
        };
        let Some(place) = guests.enter(peer.ip()) else {
            let answer = turned_away.note();
            if tls.is_none() {
                no_place::say(stream, answer);
            }
            continue;
        };
        let guest = Arc::clone(&place.guest);
        let tls = tls.as_ref().map(Tls::config);
        let task = tokio::spawn(attend(stream, peer, place, tls, routes.clone(), told.clone()));
        guest.is_served_by(task.abort_handle());
    }
    // The id that they were told leads to a line in any case.
    turned_away.tell();
    drop((listener, told));
    let _ = closing.send(());
    // A head that is on its way has one look's time to be here.
    look.reset();
    // Each connection holds a receiver.
    let mut all_gone = pin!(closing.closed());
    loop {
        tokio::select! {
            () = &mut all_gone => break,
            _ = look.tick() => guests.dismiss_waiting(),
        }
    }
}

/// Serves one connection to its end.
async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    tls: Option<Arc<ServerConfig>>,
    routes: Routes,
    told: watch::Receiver<()>,
) {
    let stream = WatchedStream::new(stream, Arc::clone(&place.guest));
    let Some(tls) = tls else { return converse(stream, peer, &place, routes.router, told).await };
    // To its guest a handshake is the beginning of the first head, with the time of that. One that fails ends with an alert.
    let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await else { return };
    match stream.get_ref().1.alpn_protocol() {
        Some(HTTP2) => http2::converse(stream, peer, &place, routes, told).await,
        // The authority has seen what it wanted.
        Some(ACME) => {}
        _ => converse(stream, peer, &place, routes.router, told).await,
    }
}

/// Answers the requests of HTTP/1.1 that come over a stream.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    place: &Place,
    router: Router,
    told: watch::Receiver<()>,
) {
    let guest = Arc::clone(&place.guest);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let serving = Serving::begin(&guest);
        request.extensions_mut().insert(ConnectInfo(peer));
        let request = request.map(|body| Asked::body(body, &guest));
        let answer = router.clone().oneshot(request);
        async move { answer.await.map(|response| response.map(|body| Answered::new(body, serving))) }
    });
    let mut builder = http1::Builder::new();
    builder.max_header_size(HEAD_BYTES as usize).max_buf_size(BUFFER_BYTES);
    let connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    to_its_end(connection, http1::Connection::graceful_shutdown, told).await;
}

/// Follows a connection to its end; once the door closes, `close` has it take nothing new.
async fn to_its_end<C: Future>(mut connection: Pin<&mut C>, close: fn(Pin<&mut C>), mut told: watch::Receiver<()>) {
    let mut is_closing = false;
    loop {
        tokio::select! {
            // A client that breaks off is no fault of ours.
            _ = connection.as_mut() => break,
            _ = told.changed(), if !is_closing => {
                is_closing = true;
                close(connection.as_mut());
            }
        }
    }
}

/// The next connection, whatever happens meanwhile.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Whether the client was gone before it was accepted.
fn is_of_connection(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}
