//! What an access token says (RFC 9068, 2.2).

use serde::{Deserialize, Serialize};

use super::strict_json::{Json, Object};

/// Bytes that a text may have at most; all of ours are shorter.
const MAX_TEXT: usize = 512;
/// 9999-12-31T23:59:59Z: what is later is no moment.
const END_OF_TIME: i64 = 253_402_300_799;

/// The strength of one factor (NIST SP 800-63B-4, 2.1).
pub(super) const AAL1: &str = "aal1";
/// The strength of two, or of a passkey that verified its user (NIST SP 800-63B-4, 2.2).
pub(super) const AAL2: &str = "aal2";

/// The claims of an access token (RFC 9068, 2.2). Times are seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: String,
    /// The session.
    pub sid: String,
    /// Who issued it: the public address.
    pub iss: String,
    /// Whom it is for: the public address.
    pub aud: String,
    /// The client it was issued to.
    pub client_id: String,
    /// When it was issued.
    pub iat: i64,
    /// Before when it is not accepted: when it was issued.
    pub nbf: i64,
    /// When it ends.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// How often the rights of the user changed; a token with a lower number than the user's is over.
    pub ver: i64,
    /// What it allows in the organization that the session works in, separated by blanks.
    pub scope: String,
    /// That organization; none while it works in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// What the user is, on the platform and in the organization; nothing while a second factor is owed.
    pub roles: Vec<String>,
    /// How the user was proved (RFC 8176).
    pub amr: Vec<String>,
    /// How strong that proof is: `aal2` after a second factor, else `aal1` (NIST SP 800-63B-4, 2).
    pub acr: String,
    /// When the user was proved last.
    pub auth_time: i64,
    /// Who acts in the place of the user (RFC 8693, 4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ActingParty>,
    /// Whether nothing may be changed with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}

/// Who acts in the place of somebody else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActingParty {
    /// The user who acts.
    pub sub: String,
    /// Their own session: the token is over with it.
    pub sid: String,
}

impl ActingParty {
    fn read(mut members: Object) -> Option<Self> {
        let members = &mut members;
        Some(Self { sub: text(members, "sub")?, sid: text(members, "sid")? })
    }
}

impl Claims {
    /// Reads the claims of a payload; none when one is missing or of another type than ours. A claim that
    /// is not known is left alone: a newer node may write more than an older one knows (RFC 7519, 4).
    pub(super) fn read(mut payload: Object) -> Option<Self> {
        let payload = &mut payload;
        // Who works in no organization says nothing of one.
        let org = match payload.take("org") {
            None => None,
            Some(Json::Text(text)) if is_bounded(&text) => Some(text),
            Some(_) => return None,
        };
        let act = match payload.take("act") {
            None => None,
            Some(Json::Object(members)) => Some(ActingParty::read(members)?),
            Some(_) => return None,
        };
        Some(Self {
            sub: text(payload, "sub")?,
            sid: text(payload, "sid")?,
            iss: text(payload, "iss")?,
            // A string and no array: we issue none, and a token for many is not for us.
            aud: text(payload, "aud")?,
            client_id: text(payload, "client_id")?,
            iat: number(payload, "iat")?,
            nbf: number(payload, "nbf")?,
            exp: number(payload, "exp")?,
            jti: text(payload, "jti")?,
            ver: number(payload, "ver")?,
            scope: scope(payload)?,
            org,
            roles: texts(payload, "roles")?,
            amr: texts(payload, "amr")?,
            acr: acr(payload)?,
            auth_time: number(payload, "auth_time")?,
            act,
            read_only: flag(payload, "read_only")?,
        })
    }
}

/// A string that says something.
fn text(payload: &mut Object, name: &str) -> Option<String> {
    match payload.take(name)? {
        Json::Text(text) if is_bounded(&text) => Some(text),
        _ => None,
    }
}

/// What a token allows; nothing beyond the person's own rights is an empty string.
fn scope(payload: &mut Object) -> Option<String> {
    match payload.take("scope")? {
        Json::Text(text) if text.len() <= MAX_TEXT => Some(text),
        _ => None,
    }
}

/// A node of before second factors says nothing of the strength: it knew one.
fn acr(payload: &mut Object) -> Option<String> {
    match payload.take("acr") {
        None => Some(AAL1.to_owned()),
        Some(Json::Text(text)) if is_bounded(&text) => Some(text),
        Some(_) => None,
    }
}

/// What is so when the token says it, and otherwise not.
fn flag(payload: &mut Object, name: &str) -> Option<bool> {
    match payload.take(name) {
        None => Some(false),
        Some(Json::Bool(flag)) => Some(flag),
        Some(_) => None,
    }
}

fn texts(payload: &mut Object, name: &str) -> Option<Vec<String>> {
    let Json::List(list) = payload.take(name)? else { return None };
    let text = |element| match element {
        Json::Text(text) if is_bounded(&text) => Some(text),
        _ => None,
    };
    list.into_iter().map(text).collect()
}

/// A moment or a count: an integer that is not negative.
fn number(payload: &mut Object, name: &str) -> Option<i64> {
    match payload.take(name)? {
        Json::Integer(number) if (0..=END_OF_TIME).contains(&number) => Some(number),
        _ => None,
    }
}

const fn is_bounded(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_TEXT
}
