//! The one function that accepts an ID token of a provider (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725).
//!
//! Nothing of the payload is looked at before the signature. The header chooses no key by anything but a name: `jku`,
//! `x5u`, `jwk` and `x5c`, which bring or name a key of the sender's choice, are never followed, and what would change
//! the meaning of a token (`crit`, `b64`, `zip`, `enc`) refuses it.

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;

use super::issuer::Issuer;
use super::keys::{self, NoKey, ProviderKeys};
use super::profile::Profile;
use crate::Timestamp;
use crate::token::strict_json::{self, Json, Object};

/// Bytes of the longest token that is looked at; those with the groups of a person are long.
const MAX_LENGTH: usize = 32 * 1024;
/// Seconds that the clock of a provider may differ from ours.
const LEEWAY: i64 = 60;
/// Bytes of a subject (Core 1.0, 2).
const MAX_SUBJECT: usize = 255;
/// Header parameters that a token which means what it says never has.
const REFUSED_PARAMETERS: [&str; 4] = ["crit", "b64", "zip", "enc"];

/// What a token must say.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a Issuer,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// The access token that came with it.
    pub(super) access_token: Option<&'a str>,
}

/// A token that is accepted.
pub(super) struct Verified {
    /// `iss`
    pub(super) issuer: String,
    /// `sub`
    pub(super) subject: String,
    /// When the person last proved themselves there (`auth_time`), in seconds; none: it is not told.
    pub(super) auth_time: Option<i64>,
    /// What it says of the person.
    pub(super) profile: Profile,
}

/// Why a token is refused. For logs and tests.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rejection {
    /// Its key is not among these: there may be newer ones.
    UnknownKey,
    /// What is wrong, in a few words.
    Invalid(&'static str),
}

use Rejection::Invalid;

/// Accepts a token, or says why not.
pub(super) fn verify(
    token: &str,
    keys: &ProviderKeys,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Verified, Rejection> {
    let (algorithm, payload) = open(token, keys)?;
    let mut claims = strict_json::parse(&payload).ok_or(Invalid("its payload is not JSON, or a name stands twice"))?;
    let issuer = taken_text(&mut claims, "iss").ok_or(Invalid("iss"))?;
    let tenant = text(&claims, "tid");
    if !expected.issuer.has_issued(&issuer, tenant) {
        return Err(Invalid("it is of another issuer"));
    }
    check_audience(&claims, expected.client_id)?;
    check_times(&claims, now.seconds())?;
    if text(&claims, "nonce") != Some(expected.nonce) {
        return Err(Invalid("its nonce is not ours"));
    }
    if let Some(access_token) = expected.access_token {
        check_access_token(&claims, algorithm, access_token)?;
    }
    let subject = taken_text(&mut claims, "sub").filter(|sub| is_subject(sub)).ok_or(Invalid("sub"))?;
    let auth_time = match claims.get("auth_time") {
        Some(Json::Integer(seconds)) => Some(*seconds),
        _ => None,
    };
    Ok(Verified { issuer, subject, auth_time, profile: Profile(claims) })
}

/// Form, header, key, signature.
fn open(token: &str, keys: &ProviderKeys) -> Result<(Algorithm, Vec<u8>), Rejection> {
    if token.len() > MAX_LENGTH {
        return Err(Invalid("it is too long"));
    }
    let (message, signature) = token.rsplit_once('.').ok_or(Invalid("it has no three parts"))?;
    let (header, payload) = message.split_once('.').ok_or(Invalid("it has no three parts"))?;
    if payload.contains('.') {
        return Err(Invalid("it has no three parts"));
    }
    let header = strict_json::parse(&decode(header)?).ok_or(Invalid("its header is no JSON"))?;
    if header.members().iter().any(|(name, _)| REFUSED_PARAMETERS.contains(&name.as_str())) {
        return Err(Invalid("its header has a parameter that changes its meaning"));
    }
    // Another kind of token of the same provider is none of these (RFC 8725, 3.11).
    let is_typed = match header.get("typ") {
        None => true,
        Some(Json::Text(typ)) => typ.eq_ignore_ascii_case("JWT"),
        Some(_) => false,
    };
    if !is_typed {
        return Err(Invalid("it is a token of another kind"));
    }
    let algorithm = text(&header, "alg").and_then(keys::algorithm).ok_or(Invalid("its algorithm is not allowed"))?;
    let id = match header.get("kid") {
        None => None,
        Some(Json::Text(id)) => Some(id.as_str()),
        Some(_) => return Err(Invalid("kid")),
    };
    let key = keys.find(id, algorithm).map_err(|no_key| match no_key {
        NoKey::Unknown => Rejection::UnknownKey,
        NoKey::Other => Invalid("its key is for another algorithm, or several fit"),
    })?;
    if !key.has_signed(message.as_bytes(), signature) {
        return Err(Invalid("its signature is wrong"));
    }
    Ok((algorithm, decode(payload)?))
}

/// For us; and where it is for others too, or names one, requested by us (`azp`).
fn check_audience(claims: &Object, client_id: &str) -> Result<(), Rejection> {
    let is_us = |audience: &Json| matches!(audience, Json::Text(named) if named == client_id);
    let (is_for_us, are_several) = match claims.get("aud") {
        Some(audience @ Json::Text(_)) => (is_us(audience), false),
        Some(Json::List(all)) => (all.iter().any(is_us), all.len() > 1),
        _ => (false, false),
    };
    if !is_for_us {
        return Err(Invalid("it is for another client"));
    }
    match claims.get("azp") {
        Some(party) if is_us(party) => Ok(()),
        Some(_) => Err(Invalid("another client requested it")),
        None if are_several => Err(Invalid("it is for several clients, and names none")),
        None => Ok(()),
    }
}

fn check_times(claims: &Object, now: i64) -> Result<(), Rejection> {
    let Some(Json::Integer(end)) = claims.get("exp") else { return Err(Invalid("exp")) };
    if *end <= now.saturating_sub(LEEWAY) {
        return Err(Invalid("it is over"));
    }
    let Some(Json::Integer(issued)) = claims.get("iat") else { return Err(Invalid("iat")) };
    if *issued > now.saturating_add(LEEWAY) {
        return Err(Invalid("it is from the future"));
    }
    match claims.get("nbf") {
        None => {}
        Some(Json::Integer(from)) if *from <= now.saturating_add(LEEWAY) => {}
        Some(_) => return Err(Invalid("it is not valid yet")),
    }
    match claims.get("auth_time") {
        None | Some(Json::Integer(_)) => Ok(()),
        Some(_) => Err(Invalid("auth_time")),
    }
}

/// The left half of the digest of the access token (Core 1.0, 3.1.3.6).
fn check_access_token(claims: &Object, algorithm: Algorithm, access_token: &str) -> Result<(), Rejection> {
    let Some(told) = claims.get("at_hash") else { return Ok(()) };
    let function = match algorithm {
        Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => &SHA384,
        Algorithm::RS512 | Algorithm::PS512 | Algorithm::EdDSA => &SHA512,
        _ => &SHA256,
    };
    let whole = digest(function, access_token.as_bytes());
    let bytes: &[u8] = whole.as_ref();
    let half = BASE64_URL_SAFE_NO_PAD.encode(&bytes[..bytes.len() / 2]);
    match told {
        Json::Text(told) if *told == half => Ok(()),
        _ => Err(Invalid("it came with another access token")),
    }
}

/// ASCII that can be seen or is a blank, and not too much of it.
pub(super) fn is_subject(subject: &str) -> bool {
    (1..=MAX_SUBJECT).contains(&subject.len()) && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn decode(part: &str) -> Result<Vec<u8>, Rejection> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Invalid("a part is no base64url"))
}

fn text<'o>(object: &'o Object, name: &str) -> Option<&'o str> {
    match object.get(name) {
        Some(Json::Text(text)) => Some(text),
        _ => None,
    }
}

fn taken_text(object: &mut Object, name: &str) -> Option<String> {
    match object.take(name) {
        Some(Json::Text(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
