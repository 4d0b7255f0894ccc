//! An authority that speaks ACME (RFC 8555) as far as one order needs it, and believes nothing that is not signed by the
//! account, for this address, with a nonce of its own. It looks at the door as RFC 8737 says.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CertifiedIssuer, IsCa, Issuer, KeyPair,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::aws_lc_rs as provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

pub const HOST: &str = "id.example.com";
const TOKEN: &str = "a-token-of-the-authority";

/// What happened.
#[derive(Default)]
pub struct World {
    nonces: HashSet<String>,
    given: u32,
    /// The public key of the account, and its thumbprint.
    account: Option<(Vec<u8>, String)>,
    pub accounts: u32,
    is_proved: bool,
    certificate: Option<String>,
    pub issued: u32,
    /// The last question, as it was sent.
    pub last: Vec<u8>,
    /// The year in which the next certificate ends.
    pub ends: i32,
}

/// The authority.
pub struct Acme {
    pub base: String,
    pub world: Mutex<World>,
    issuer: CertifiedIssuer<'static, KeyPair>,
    door: SocketAddr,
}

impl Acme {
    /// Listens; what it certifies is at this door.
    pub async fn start(door: SocketAddr) -> Arc<Self> {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let world = Mutex::new(World { ends: 2126, ..World::default() });
        let acme = Arc::new(Self { base, world, issuer, door });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&acme));
        tokio::spawn(async move { axum::serve(listener, router).await });
        acme
    }

    /// Whoever trusts it believes its certificates.
    pub fn authority(&self) -> String {
        self.issuer.pem()
    }

    fn nonce(&self) -> String {
        let mut world = self.world.lock().unwrap();
        world.given += 1;
        let nonce = format!("nonce-{}", world.given);
        world.nonces.insert(nonce.clone());
        nonce
    }

    /// What a question says, when it is signed as it must be (RFC 8555, 6.2 to 6.5).
    fn verified(&self, path: &str, body: &[u8]) -> Result<Value, &'static str> {
        let mut world = self.world.lock().unwrap();
        world.last = body.to_vec();
        let jws: Value = serde_json::from_slice(body).map_err(|_| "malformed")?;
        let part = |name: &str| jws[name].as_str().ok_or("malformed");
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| "malformed");
        let head: Value = serde_json::from_slice(&decode(part("protected")?)?).map_err(|_| "malformed")?;
        if !head["nonce"].as_str().is_some_and(|nonce| world.nonces.remove(nonce)) {
            return Err("badNonce");
        }
        if head["alg"] != "ES256" || head["url"] != format!("{}{path}", self.base) {
            return Err("unauthorized");
        }
        let (key, thumbprint) = if path == "/account" {
            let text = |name: &str| head["jwk"][name].as_str().ok_or("malformed");
            let (x, y) = (text("x")?, text("y")?);
            let canonical = format!("{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{x}\",\"y\":\"{y}\"}}");
            let key = [vec![4], decode(x)?, decode(y)?].concat();
            (key, URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)))
        } else {
            let known = world.account.clone().filter(|_| head["kid"] == format!("{}/account/1", self.base));
            known.ok_or("accountDoesNotExist")?
        };
        let signed = format!("{}.{}", part("protected")?, part("payload")?);
        let signature = decode(part("signature")?)?;
        let is_signed = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key).verify(signed.as_bytes(), &signature);
        is_signed.map_err(|_| "malformed")?;
        if path == "/account" {
            world.account = Some((key, thumbprint));
        }
        let payload = decode(part("payload")?)?;
        if payload.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&payload).map_err(|_| "malformed") }
    }

    fn order(&self) -> Value {
        let world = self.world.lock().unwrap();
        let status = match (&world.certificate, world.is_proved) {
            (Some(_), _) => "valid",
            (None, true) => "ready",
            (None, false) => "pending",
        };
        json!({
            "status": status,
            "identifiers": [{"type": "dns", "value": HOST}],
            "authorizations": [format!("{}/authorization/1", self.base)],
            "finalize": format!("{}/finalize/1", self.base),
            "certificate": world.certificate.as_ref().map(|_| format!("{}/certificate/1", self.base)),
        })
    }

    fn challenge(&self) -> Value {
        let status = if self.world.lock().unwrap().is_proved { "valid" } else { "pending" };
        json!({"type": "tls-alpn-01", "url": format!("{}/challenge/1", self.base), "token": TOKEN, "status": status})
    }

    /// Looks at the door as somebody who wants nothing but the proof.
    async fn look(&self) -> bool {
        let thumbprint = self.world.lock().unwrap().account.clone().unwrap().1;
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anything))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"acme-tls/1".to_vec()];
        let stream = TcpStream::connect(self.door).await.unwrap();
        let name = ServerName::try_from(HOST).unwrap();
        let Ok(stream) = TlsConnector::from(Arc::new(config)).connect(name, stream).await else { return false };
        let session = stream.get_ref().1;
        let shown = session.peer_certificates().unwrap()[0].clone();
        let (_, certificate) = x509_parser::parse_x509_certificate(&shown).unwrap();
        let proof = certificate.extensions().iter().find(|one| one.oid.to_id_string() == "1.3.6.1.5.5.7.1.31");
        let digest = Sha256::digest(format!("{TOKEN}.{thumbprint}"));
        let wanted = [[4, 32].as_slice(), digest.as_slice()].concat();
        session.alpn_protocol() == Some(b"acme-tls/1".as_slice())
            && proof.is_some_and(|proof| proof.critical && proof.value == wanted)
    }

    fn certify(&self, payload: &Value) {
        let request = URL_SAFE_NO_PAD.decode(payload["csr"].as_str().unwrap()).unwrap();
        let mut request = CertificateSigningRequestParams::from_der(&request.into()).unwrap();
        let mut world = self.world.lock().unwrap();
        request.params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        request.params.not_after = rcgen::date_time_ymd(world.ends, 1, 1);
        let issuer: &Issuer<'_, KeyPair> = &self.issuer;
        let certificate = request.signed_by(issuer).unwrap();
        world.certificate = Some(format!("{}{}", certificate.pem(), self.issuer.pem()));
        world.issued += 1;
    }
}

async fn answer(State(acme): State<Arc<Acme>>, method: Method, uri: Uri, body: Bytes) -> Response {
    let (path, base) = (uri.path(), &acme.base);
    let nonce = [("replay-nonce", acme.nonce())];
    let at = |place: &str| [("location", format!("{base}{place}"))];
    if method != Method::POST {
        let directory = json!({
            "newNonce": format!("{base}/nonce"), "newAccount": format!("{base}/account"), "newOrder": format!("{base}/order"),
        });
        return (nonce, axum::Json(directory)).into_response();
    }
    let payload = match acme.verified(path, &body) {
        Ok(payload) => payload,
        Err(why) => {
            let problem = json!({"type": format!("urn:ietf:params:acme:error:{why}"), "status": 400});
            return (axum::http::StatusCode::BAD_REQUEST, nonce, axum::Json(problem)).into_response();
        }
    };
    let created = axum::http::StatusCode::CREATED;
    match path {
        "/account" => {
            acme.world.lock().unwrap().accounts += 1;
            (created, nonce, at("/account/1"), axum::Json(json!({"status": "valid"}))).into_response()
        }
        "/order" => {
            {
                let mut world = acme.world.lock().unwrap();
                (world.is_proved, world.certificate) = (false, None);
            }
            (created, nonce, at("/order/1"), axum::Json(acme.order())).into_response()
        }
        "/authorization/1" => {
            let challenge = acme.challenge();
            let all = json!({
                "status": challenge["status"], "identifier": {"type": "dns", "value": HOST}, "challenges": [challenge],
            });
            (nonce, axum::Json(all)).into_response()
        }
        "/challenge/1" => {
            let is_proved = acme.look().await;
            acme.world.lock().unwrap().is_proved = is_proved;
            (nonce, axum::Json(acme.challenge())).into_response()
        }
        "/finalize/1" => {
            acme.certify(&payload);
            (nonce, axum::Json(acme.order())).into_response()
        }
        "/certificate/1" => {
            let chain = acme.world.lock().unwrap().certificate.clone().unwrap();
            (nonce, chain).into_response()
        }
        _ => (nonce, axum::Json(acme.order())).into_response(),
    }
}

/// Both versions of TLS are believed alike.
macro_rules! believes_signatures {
    ($($verify:ident),+) => {$(
        fn $verify(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }
    )+};
}

/// Believes every certificate: this one proves itself otherwise.
#[derive(Debug)]
struct Anything;

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    believes_signatures! { verify_tls12_signature, verify_tls13_signature }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
