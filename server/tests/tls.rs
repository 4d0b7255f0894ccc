//! TLS of the program's own: real clients on real sockets, and what never passes in the clear (ASVS 5.0, 12.1.1, 12.3.1).

use crate::support::TestApp;
use crate::support::certificates::{AUTHORITY, END, Files, der};
use auth::Timestamp;
use auth::view::TlsFault;
use axum::Router;
use axum::routing::get;
use server::door::{DoorLimits, serve};
use server::tls::Tls;
use std::fs::{Permissions, set_permissions, write};
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};

const HEALTH: &str = "GET /health/live HTTP/1.1\r\nhost: id.example.com\r\nconnection: close\r\n\r\n";
const SHORT: Duration = Duration::from_millis(300);
/// What is still open after this was not closed by a bound of [`SHORT`].
const LONG: Duration = Duration::from_millis(1500);
const MINUTES: Duration = Duration::from_secs(600);
/// Nobody is asked to hurry.
const PATIENT: DoorLimits = DoorLimits {
    connections: 1000,
    connections_of_address: 1000,
    head: MINUTES,
    idle: MINUTES,
    stall: MINUTES,
    body: MINUTES,
    large_body: MINUTES,
};

struct Door {
    address: SocketAddr,
    tls: Tls,
    files: Files,
}

/// Opens a door that speaks TLS with the first certificate.
async fn open(limits: DoorLimits) -> Door {
    let files = Files::with("first");
    let tls = files.open();
    let never = get(|| async { pending::<()>().await });
    let router = Router::new().route("/health/live", get(|| async { "ok" })).route("/never", never);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, router, limits, Arc::from([]), Some(tls.clone()), pending::<()>()));
    Door { address, tls, files }
}

impl Door {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Shakes hands as somebody who knows the authority, and would have the weakest suite first.
    async fn shake(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[&str],
    ) -> io::Result<TlsStream<TcpStream>> {
        let mut known = RootCertStore::empty();
        known.add(CertificateDer::from_pem_slice(AUTHORITY).unwrap()).unwrap();
        let mut provider = aws_lc_rs::default_provider();
        provider.cipher_suites.reverse();
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(known)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let name = ServerName::try_from("id.example.com").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, self.connect().await).await
    }

    async fn is_well(&self) -> bool {
        let mut stream = self.shake(&[&TLS13], &[]).await.unwrap();
        say(&mut stream, HEALTH.as_bytes()).await.starts_with(b"HTTP/1.1 200 ")
    }

    /// The certificate that the next visitor sees.
    async fn served(&self) -> CertificateDer<'static> {
        let stream = self.shake(&[&TLS13], &[]).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].clone()
    }
}

/// Sends this, and reads to the end.
async fn say(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), bytes: &[u8]) -> Vec<u8> {
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
    let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(Ok(length)) = timeout(Duration::from_secs(10), stream.read(&mut buffer)).await
        && length > 0
    {
        said.extend_from_slice(&buffer[..length]);
    }
    said
}

/// The first message of a client that knows nothing newer than this version (RFC 4346, 7.4.1.2): one suite of TLS 1.2 and one
/// of before, one curve, one kind of signature.
fn hello(version: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend_from_slice(&[7; 32]);
    body.extend_from_slice(&[0, 0, 4, 0xc0, 0x2b, 0xc0, 0x09, 1, 0]);
    body.extend_from_slice(&[0, 22, 0, 10, 0, 4, 0, 2, 0, 0x17, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3]);
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend_from_slice(&body);
    record
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_1_2_and_1_3_are_spoken_and_http_2_and_1_1_over_them() {
    let door = open(PATIENT).await;
    for (version, number) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let both = door.shake(&[version], &["http/1.1", "h2"]).await.unwrap();
        assert_eq!(both.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()), "whatever the client would rather have");
        let mut stream = door.shake(&[version], &["http/1.1"]).await.unwrap();
        let session = stream.get_ref().1;
        assert_eq!(session.protocol_version(), Some(number));
        assert_eq!(session.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let suite = format!("{:?}", session.negotiated_cipher_suite().unwrap().suite());
        assert!(suite.starts_with("TLS13_") || suite.starts_with("TLS_ECDHE_"), "a key for each session: {suite}");
        assert!(suite.ends_with("AES_256_GCM_SHA384"), "the strongest, whatever the client would rather have: {suite}");
        let said = say(&mut stream, HEALTH.as_bytes()).await;
        assert!(said.starts_with(b"HTTP/1.1 200 ") && said.ends_with(b"ok"), "{}", String::from_utf8_lossy(&said));
    }
    assert!(door.shake(&[&TLS13], &["h2c"]).await.is_err(), "who wants something else hears so in the handshake");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_versions_are_refused() {
    let door = open(DoorLimits { head: SHORT, ..PATIENT }).await;
    for version in [[3, 0], [3, 1], [3, 2]] {
        let said = say(&mut door.connect().await, &hello(version)).await;
        // A fatal alert that the version is not spoken (RFC 8446, 6.2).
        assert_eq!((said[0], &said[said.len() - 2..]), (21, [2, 70].as_slice()), "{version:?}: {said:?}");
    }
    let said = say(&mut door.connect().await, &hello([3, 3])).await;
    assert_eq!(said[0], 22, "the control: the same words of TLS 1.2 begin a handshake");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_clear_nothing_is_answered() {
    let door = open(PATIENT).await;
    for text in [HEALTH, "GET http://id.example.com/ HTTP/1.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let said = say(&mut door.connect().await, text.as_bytes()).await;
        assert!(!said.windows(4).any(|part| part == b"HTTP"), "{text}: {said:?}");
    }
    assert!(door.is_well().await, "the control: over TLS it answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_place_is_told_nothing_in_the_clear() {
    let door = open(DoorLimits { connections: 1, ..PATIENT }).await;
    let mut answered = door.shake(&[&TLS13], &[]).await.unwrap();
    answered.write_all(b"GET /never HTTP/1.1\r\nhost: id.example.com\r\n\r\n").await.unwrap();
    answered.flush().await.unwrap();
    sleep(SHORT).await;
    assert_eq!(say(&mut door.connect().await, b"").await, b"", "and no 503 either");
    drop(answered);
    sleep(SHORT).await;
    assert!(door.is_well().await, "the place is free again");
}

/// Begins a handshake and goes on byte by byte; how long it was let, at most [`LONG`].
async fn dribble(mut stream: TcpStream) -> Duration {
    let started = Instant::now();
    stream.write_all(&hello([3, 3])[..12]).await.unwrap();
    let mut buffer = [0; 64];
    while started.elapsed() < LONG {
        let is_over = stream.write_all(&[0]).await.is_err()
            || matches!(timeout(Duration::from_millis(50), stream.read(&mut buffer)).await, Ok(Ok(0) | Err(_)));
        if is_over {
            break;
        }
    }
    started.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handshake_that_dribbles_is_let_go_and_others_are_served_meanwhile() {
    let door = open(DoorLimits { head: SHORT, ..PATIENT }).await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        slow.push(tokio::spawn(dribble(door.connect().await)));
    }
    for _ in 0..5 {
        assert!(door.is_well().await, "an honest visitor is served meanwhile");
    }
    for one in slow {
        let open = one.await.unwrap();
        assert!(open < LONG, "{open:?}");
    }
    let door = open(PATIENT).await;
    let patient = dribble(door.connect().await).await;
    assert!(patient >= LONG, "the control: who has minutes stays, {patient:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes_that_stand_still_keep_nobody_out() {
    let door = open(DoorLimits { connections: 4, ..PATIENT }).await;
    let mut silent = Vec::new();
    for _ in 0..4 {
        let mut stream = door.connect().await;
        stream.write_all(&hello([3, 3])[..12]).await.unwrap();
        silent.push(stream);
    }
    // A second is theirs.
    sleep(Duration::from_millis(1200)).await;
    for _ in 0..5 {
        assert!(door.is_well().await, "whoever says nothing makes room");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_certificate_is_served_without_a_start_and_a_broken_one_is_not() {
    let door = open(PATIENT).await;
    let now = Timestamp(END.0 - 365 * 24 * 60 * 60 * 1000);
    let fault = || {
        door.tls.look_again(now);
        door.tls.health(now).fault
    };
    assert_eq!((door.served().await, fault(), door.tls.health(now).ends_at), (der("first"), None, END));
    door.files.put("second");
    assert_eq!(door.served().await, der("first"), "nobody has looked yet");
    assert_eq!(fault(), None);
    assert_eq!(door.served().await, der("second"));

    let breaks: [(&str, &dyn Fn()); 5] = [
        ("half a certificate", &|| write(door.files.certificate(), &AUTHORITY[..200]).unwrap()),
        ("no certificate", &|| std::fs::remove_file(door.files.certificate()).unwrap()),
        ("another's key", &|| {
            door.files.put("first");
            let other = Files::with("second");
            std::fs::copy(other.key(), door.files.key()).unwrap();
        }),
        ("a key that others may read", &|| {
            door.files.put("first");
            set_permissions(door.files.key(), Permissions::from_mode(0o644)).unwrap();
        }),
        ("one that has ended", &|| door.files.put("ended")),
    ];
    for (what, break_it) in breaks {
        break_it();
        assert_eq!(fault(), Some(TlsFault::Unusable), "{what}");
        assert_eq!(door.served().await, der("second"), "{what}: the one before goes on");
        door.files.put("second");
        assert_eq!(fault(), None, "{what}: and all is well again");
    }
    door.files.put("first");
    door.tls.look_again(Timestamp(0));
    assert_eq!(door.served().await, der("second"), "one whose time has not come yet waits for it");
    assert_eq!(door.tls.health(Timestamp(0)).fault, Some(TlsFault::Unusable));
    assert_eq!((fault(), door.served().await), (None, der("first")));

    let in_days = |days: i64| door.tls.health(END.plus_seconds(-days * 24 * 60 * 60)).fault;
    assert_eq!([in_days(8), in_days(6), in_days(0)], [None, Some(TlsFault::EndsSoon), Some(TlsFault::Ended)]);
}

#[tokio::test]
async fn the_files_are_looked_at_by_themselves() {
    let app = TestApp::start().await;
    let files = Files::with("first");
    let tls = files.open();
    let before = tls.config();
    tokio::time::pause();
    let keeper = tokio::spawn(tls.clone().keep_certificate(app.application.auth.clone()));
    sleep(Duration::from_secs(31)).await;
    assert!(Arc::ptr_eq(&before, &tls.config()), "nothing changed");
    files.put("second");
    sleep(Duration::from_secs(31)).await;
    assert!(!Arc::ptr_eq(&before, &tls.config()), "within half a minute");
    keeper.abort();
}
