//! The one function that accepts a token of ours (RFC 8725; RFC 9068, 4; ASVS 5.0, 9.1 and 9.2).
//!
//! It allows what our tokens are and refuses everything else; it does not look for known attacks. In this
//! order, the cheap before the dear, and nothing of the payload before the signature:
//!
//! 1. at most 8 KiB, in the compact form: three parts, two dots;
//! 2. the header: base64url without padding or spare bits, strict JSON, the three names that ours has;
//! 3. the key, looked up by `kid` among those in memory; `alg` is that key's algorithm, letter for letter.
//!    The header chooses neither: it only agrees, or the token is refused;
//! 4. the signature;
//! 5. the type; the payload: base64url and JSON as above; every claim there and of its type;
//! 6. issuer and audience, letter for letter; the times.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;

use super::strict_json::{self, Json};
use super::{Algorithm, Claims};
use crate::Timestamp;
use crate::weakened::{self, Defence};

/// Bytes of the longest token that is looked at.
pub const MAX_LENGTH: usize = 8 * 1024;
/// Seconds that the clock of another node may be ahead of ours.
pub const LEEWAY: i64 = 30;
/// Seconds of the longest life a token may be given by the settings.
pub const LONGEST_LIFE: i64 = 60 * 60;

/// Every name in the header of a token of ours. What is not here is refused with its token, whatever it
/// says: `crit` and with it `b64`; `zip` and `enc`, which would be decompressed or decrypted; and `jku`,
/// `x5u`, `jwk`, `x5c`, `x5t`, which bring or name a key of the sender's choice and are never followed.
const HEADER: [&str; 3] = ["typ", "alg", "kid"];

/// A key that may have signed a token, with its one algorithm.
#[derive(Clone, Copy)]
pub struct VerifyingKey<'k> {
    /// The only algorithm it verifies.
    pub algorithm: Algorithm,
    /// The public half, or the shared secret of HS256.
    pub key: &'k DecodingKey,
}

impl VerifyingKey<'_> {
    /// Whether it signed the message. The signature is base64url as it stands in a token.
    pub fn has_signed(&self, message: &[u8], signature: &str) -> bool {
        let verified = jsonwebtoken::crypto::verify(signature, message, self.key, self.algorithm.library());
        matches!(verified, Ok(true))
    }
}

/// What a token must say of itself.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The type, letter for letter: `application/at+jwt` and `AT+JWT` mean the same (RFC 7515, 4.1.9), and
    /// we write neither.
    pub typ: &'a str,
    /// Who issued it.
    pub issuer: &'a str,
    /// Whom it is for.
    pub audience: &'a str,
}

/// Which check refused a token. For logs and tests: whoever sent it hears the same of every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is longer than 8 KiB.
    Size,
    /// It is not three parts with dots between them.
    Form,
    /// A part is not base64url as RFC 7515 writes it.
    Encoding,
    /// A part is not the JSON of an object, or a name stands in it twice.
    Json,
    /// The header has a name that ours never has.
    Header,
    /// There is no key of that name, or no name.
    Key,
    /// It names another algorithm than that of its key.
    Algorithm,
    /// Its key did not sign it.
    Signature,
    /// It is a token of another kind.
    Type,
    /// A claim is missing, or is not what ours is.
    Claim,
    /// Somebody else issued it.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It is over, not yet valid, or lives longer than ours do.
    Time,
}

/// A token whose signature is right, and of which nothing else is known.
pub struct Opened {
    /// What it says it is.
    pub typ: Option<String>,
    /// Its payload, decoded and not read.
    pub payload: Vec<u8>,
}

/// Accepts a token, or says which check refused it. `key_of` finds the key of a name, among those in memory:
/// the name is whatever the sender wrote.
///
/// # Errors
/// The first check that failed.
pub fn verify<'k>(
    token: &str,
    expected: &Expected<'_>,
    key_of: impl FnOnce(&str) -> Option<VerifyingKey<'k>>,
    now: Timestamp,
) -> Result<Claims, Fault> {
    let Opened { typ, payload } = open(token, key_of)?;
    if typ.as_deref() != Some(expected.typ) {
        return Err(Fault::Type);
    }
    let payload = strict_json::parse(&payload).ok_or(Fault::Json)?;
    let claims = Claims::read(payload).ok_or(Fault::Claim)?;
    if claims.iss != expected.issuer {
        return Err(Fault::Issuer);
    }
    if claims.aud != expected.audience {
        return Err(Fault::Audience);
    }
    if !is_in_time(&claims, now.seconds()) {
        return Err(Fault::Time);
    }
    Ok(claims)
}

/// Opens a token: form, header, key, algorithm, signature. What its payload says is not looked at.
///
/// # Errors
/// The first check that failed.
pub fn open<'k>(token: &str, key_of: impl FnOnce(&str) -> Option<VerifyingKey<'k>>) -> Result<Opened, Fault> {
    if token.len() > MAX_LENGTH {
        return Err(Fault::Size);
    }
    // From both ends: however many dots there are, nothing is split at each of them.
    let (message, signature) = token.rsplit_once('.').ok_or(Fault::Form)?;
    let (header, payload) = message.split_once('.').ok_or(Fault::Form)?;
    if payload.contains('.') {
        return Err(Fault::Form);
    }
    let mut header = strict_json::parse(&decode(header)?).ok_or(Fault::Json)?;
    if header.members().iter().any(|(name, _)| !HEADER.contains(&name.as_str())) {
        return Err(Fault::Header);
    }
    let Some(Json::Text(kid)) = header.get("kid") else { return Err(Fault::Key) };
    let key = key_of(kid).ok_or(Fault::Key)?;
    if !matches!(header.get("alg"), Some(Json::Text(alg)) if alg == key.algorithm.as_str()) {
        return Err(Fault::Algorithm);
    }
    if !key.has_signed(message.as_bytes(), signature) && !weakened::is_off(Defence::Signature) {
        return Err(Fault::Signature);
    }
    let typ = match header.take("typ") {
        None => None,
        Some(Json::Text(typ)) => Some(typ),
        Some(_) => return Err(Fault::Type),
    };
    Ok(Opened { typ, payload: decode(payload)? })
}

/// RFC 7515, 2: no padding, no other alphabet, no white space, and no bits that say nothing.
fn decode(part: &str) -> Result<Vec<u8>, Fault> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::Encoding)
}

/// The end is judged without leeway: a token that is over is renewed without a word.
fn is_in_time(claims: &Claims, now: i64) -> bool {
    claims.exp > now
        && claims.iat <= now + LEEWAY
        && claims.nbf <= now + LEEWAY
        && (1..=LONGEST_LIFE).contains(&(claims.exp - claims.iat))
}
