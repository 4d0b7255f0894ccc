//! Tokens as an attacker makes them. Most are signed with a key that services trust, because the test publishes it
//! ([`super::front`]), and differ in one thing from a token that is good.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

/// The `kid` of the key that services trust.
const TRUSTED: &str = "of-the-test";

/// An Ed25519 key made of one byte: PKCS#8 (RFC 8410, 7).
fn key(seed: u8) -> EncodingKey {
    let mut der = vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    der.extend([seed; 32]);
    EncodingKey::from_ed_der(&der)
}

fn public(key: &EncodingKey) -> Value {
    serde_json::to_value(Jwk::from_encoding_key(key, Algorithm::EdDSA).unwrap()).unwrap()
}

/// The trusted key as Keywright would publish it.
pub fn trusted_jwk() -> Value {
    with(&with(&public(&key(1)), "kid", TRUSTED), "use", "sig")
}

/// A part of a token: its header (0) or its claims (1).
pub fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn with(object: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut object = object.clone();
    object[name] = value.into();
    object
}

fn without(object: &Value, name: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

fn encoded(part: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part)
}

fn signed(header: &Value, claims: &Value, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

/// Makes tokens with the claims of a real one.
pub struct Forger {
    real: String,
    header: Value,
    claims: Value,
    trusted: EncodingKey,
    stranger: EncodingKey,
}

impl Forger {
    pub fn new(real: &str) -> Self {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": TRUSTED});
        Self { real: real.to_owned(), header, claims: part(real, 1), trusted: key(1), stranger: key(2) }
    }

    /// A token with nothing wrong: what shows that the others are refused for their fault.
    pub fn good(&self) -> String {
        self.of_claims(&self.claims)
    }

    /// A token of a key that nobody published.
    pub fn of_unknown_key(&self, kid: &str) -> String {
        self.of_stranger(&with(&self.header, "kid", kid))
    }

    fn of_claims(&self, claims: &Value) -> String {
        signed(&self.header, claims, &self.trusted, Algorithm::EdDSA)
    }

    fn of_header(&self, header: &Value) -> String {
        signed(header, &self.claims, &self.trusted, Algorithm::EdDSA)
    }

    fn of_stranger(&self, header: &Value) -> String {
        signed(header, &self.claims, &self.stranger, Algorithm::EdDSA)
    }

    /// Everything that must be refused, by its fault. `elsewhere` is an address that must not be asked.
    pub fn bad(&self, elsewhere: &str) -> Vec<(&'static str, String)> {
        let mut all = self.changed();
        all.extend(self.of_other_algorithms());
        all.extend(self.of_other_headers());
        all.extend(self.of_other_keys(elsewhere));
        all.extend(self.of_other_claims());
        all
    }

    fn changed(&self) -> Vec<(&'static str, String)> {
        let parts: Vec<&str> = self.real.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("no token: {}", self.real) };
        let other = |text: &str| format!("{}{}", if text.starts_with('A') { 'B' } else { 'A' }, &text[1..]);
        let (first, last) = claims.split_at(claims.len() / 2);
        let nested = encoded("[".repeat(3000) + &"]".repeat(3000));
        vec![
            ("a byte of the claims changed", format!("{header}.{first}{}.{signature}", other(last))),
            ("a byte of the signature changed", format!("{header}.{claims}.{}", other(signature))),
            ("no signature", format!("{header}.{claims}")),
            ("an empty signature", format!("{header}.{claims}.")),
            ("twice", format!("{0}.{0}", self.real)),
            ("blanks", self.real.replace('.', " . ")),
            ("no base64", "!!!.???.###".to_owned()),
            ("nothing but dots", "..".to_owned()),
            ("ten thousand dots", ".".repeat(10_000)),
            ("a deep header", format!("{nested}.{claims}.{signature}")),
        ]
    }

    fn of_other_algorithms(&self) -> Vec<(&'static str, String)> {
        let (x, jwk) = (public(&self.trusted)["x"].as_str().unwrap().to_owned(), trusted_jwk().to_string());
        let raw = BASE64_URL_SAFE_NO_PAD.decode(&x).unwrap();
        // SubjectPublicKeyInfo (RFC 8410, 4).
        let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        der.extend(&raw);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(&der));
        let keys: [&[u8]; 5] = [&raw, x.as_bytes(), jwk.as_bytes(), &der, pem.as_bytes()];
        let header = with(&self.header, "alg", "HS256");
        let hmac = keys.into_iter().map(|public| {
            let token = signed(&header, &self.claims, &EncodingKey::from_secret(public), Algorithm::HS256);
            ("HS256 under the public key", token)
        });
        let none = ["none", "None", "NONE", "nOnE"].into_iter().map(|name| {
            let header = with(&self.header, "alg", name).to_string();
            ("no algorithm", format!("{}.{}.", encoded(header), encoded(self.claims.to_string())))
        });
        let other = ("another algorithm than the key's", self.of_header(&with(&self.header, "alg", "ES256")));
        hmac.chain(none).chain([other]).collect()
    }

    fn of_other_headers(&self) -> Vec<(&'static str, String)> {
        let header = &self.header;
        [
            ("an id token", with(header, "typ", "JWT")),
            ("another typ", with(header, "typ", "refresh+jwt")),
            ("a typ that is no text", with(header, "typ", 7)),
            ("no typ", without(header, "typ")),
            ("an unknown kid", with(header, "kid", "nobody's")),
            ("a kid that is a number", with(header, "kid", 7)),
            ("a kid that is a list", with(header, "kid", vec![TRUSTED])),
            ("crit", with(&with(header, "crit", vec!["x"]), "x", 1)),
            ("crit of a claim", with(&with(header, "crit", vec!["exp"]), "exp", 1)),
            ("empty crit", with(header, "crit", Vec::<Value>::new())),
        ]
        .map(|(fault, header)| (fault, self.of_header(&header)))
        .into()
    }

    fn of_other_keys(&self, elsewhere: &str) -> Vec<(&'static str, String)> {
        let (header, jwk) = (&self.header, with(&public(&self.stranger), "kid", "stranger"));
        let unnamed = without(header, "kid");
        let named = with(header, "kid", "stranger");
        [
            ("a stranger under a trusted name", header.clone()),
            ("a stranger without a name", unnamed.clone()),
            ("a name that is a path", with(header, "kid", "../../../../dev/null")),
            ("a name that is SQL", with(header, "kid", "' OR '1'='1")),
            ("its own key", with(&named, "jwk", jwk.clone())),
            ("its own key without a name", with(&unnamed, "jwk", jwk)),
            ("its own key elsewhere", with(&named, "jku", format!("{elsewhere}/jku.json"))),
            ("its own certificate elsewhere", with(&named, "x5u", format!("{elsewhere}/x5u.pem"))),
        ]
        .map(|(fault, header)| (fault, self.of_stranger(&header)))
        .into()
    }

    fn of_other_claims(&self) -> Vec<(&'static str, String)> {
        let claims = &self.claims;
        let now = claims["iat"].as_i64().unwrap();
        let slash = format!("{}/", claims["iss"].as_str().unwrap());
        [
            // More than the 30 seconds by which clocks may differ.
            ("ended", with(claims, "exp", now - 31)),
            ("no end", without(claims, "exp")),
            ("an end that is null", with(claims, "exp", Value::Null)),
            ("an end that is a word", with(claims, "exp", "soon")),
            ("an end in a list", with(claims, "exp", vec![now + 300])),
            ("an end before 1970", with(claims, "exp", -1)),
            ("not begun", with(claims, "nbf", now + 120)),
            ("no beginning", without(claims, "nbf")),
            ("another issuer", with(claims, "iss", "https://evil.example")),
            ("nearly the issuer", with(claims, "iss", slash)),
            ("no issuer", without(claims, "iss")),
            ("for somebody else", with(claims, "aud", "https://other.example")),
            ("for two others", with(claims, "aud", vec!["https://other.example", "https://third.example"])),
            ("for nobody", without(claims, "aud")),
            ("nobody", without(claims, "sub")),
            ("claims in a list", json!([])),
            ("no claims", Value::Null),
        ]
        .map(|(fault, claims)| (fault, self.of_claims(&claims)))
        .into()
    }
}
