//! HTTP/2 by hand (RFC 9113), for what no client of good manners says: frames over TLS, heads in HPACK without its table
//! (RFC 7541, 6).

use super::certificates::AUTHORITY;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const CONTINUATION: u8 = 9;
/// Of HEADERS and CONTINUATION: the head ends here.
pub const END_HEADERS: u8 = 4;
/// Of DATA and HEADERS: the stream ends here; of SETTINGS: it was read.
pub const END_STREAM: u8 = 1;
/// That a stream was not looked at.
pub const REFUSED_STREAM: u8 = 7;
/// That nobody wants it any more.
pub const CANCEL: u8 = 8;

/// What came.
#[derive(Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

/// One connection.
pub struct Wire(TlsStream<TcpStream>);

impl Wire {
    /// Shakes hands, and says with these settings that it speaks HTTP/2.
    pub async fn open(address: SocketAddr, settings: &[u8]) -> Self {
        let mut known = RootCertStore::empty();
        known.add(CertificateDer::from_pem_slice(AUTHORITY).unwrap()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_root_certificates(known)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let name = ServerName::try_from("id.example.com").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let mut wire = Self(TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap());
        assert!(wire.bytes(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await);
        assert!(wire.send(SETTINGS, 0, 0, settings).await);
        wire
    }

    /// Sends a frame; whether the connection took it.
    pub async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> bool {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend_from_slice(&[kind, flags]);
        frame.extend_from_slice(&stream.to_be_bytes());
        frame.extend_from_slice(payload);
        self.bytes(&frame).await
    }

    /// Asks for a path, without a body.
    pub async fn get(&mut self, stream: u32, path: &str) -> bool {
        self.send(HEADERS, END_HEADERS | END_STREAM, stream, &head(path)).await
    }

    /// The next frame; none when the connection is over, or nothing comes for two seconds.
    pub async fn next(&mut self) -> Option<Frame> {
        timeout(Duration::from_secs(2), self.read()).await.ok().flatten()
    }

    /// The first frame of this kind that comes.
    pub async fn first(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.kind == kind {
                return Some(frame);
            }
        }
    }

    /// Whether it is over, after whatever still comes.
    pub async fn is_over(&mut self, patience: Duration) -> bool {
        let end = async { while self.read().await.is_some() {} };
        timeout(patience, end).await.is_ok()
    }

    async fn read(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).await.ok()?;
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        Some(Frame { kind: head[3], flags: head[4], stream, payload })
    }

    async fn bytes(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok() && self.0.flush().await.is_ok()
    }
}

/// The head of a GET.
pub fn head(path: &str) -> Vec<u8> {
    // The method and the scheme stand in the table of the standard, the path and the authority are written out.
    let mut head = vec![0x82, 0x87];
    for (name, value) in [(0x04, path), (0x01, "id.example.com")] {
        head.extend_from_slice(&[name, u8::try_from(value.len()).unwrap()]);
        head.extend_from_slice(value.as_bytes());
    }
    head
}

/// One line of a head, with a value of so many letters, at most 126.
pub fn line(name: &str, length: u8) -> Vec<u8> {
    let mut line = vec![0, u8::try_from(name.len()).unwrap()];
    line.extend_from_slice(name.as_bytes());
    line.push(length);
    line.extend(std::iter::repeat_n(b'x', usize::from(length)));
    line
}
