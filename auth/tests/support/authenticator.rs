//! An authenticator and its browser in software: they answer rightly, and in every wrong way that somebody asks for.
//! What they are about to say is a value with public fields; a story changes some and lets it be said.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub const ORIGIN: &str = "https://id.example.com";
pub const RP_ID: &str = "id.example.com";

pub const PRESENT: u8 = 1;
pub const VERIFIED: u8 = 1 << 2;
pub const BACKUP_ELIGIBLE: u8 = 1 << 3;
pub const BACKED_UP: u8 = 1 << 4;
pub const ATTESTED: u8 = 1 << 6;
pub const EXTENDED: u8 = 1 << 7;
/// Of a passkey that a password manager keeps in step.
pub const SYNCED: u8 = BACKUP_ELIGIBLE | BACKED_UP;

/// iCloud Keychain.
pub const ICLOUD: [u8; 16] =
    [0xfb, 0xfc, 0x30, 0x07, 0x15, 0x4e, 0x4e, 0xcc, 0x8c, 0x0b, 0x6e, 0x02, 0x05, 0x57, 0xd7, 0xbd];

/// One passkey in its authenticator.
pub struct Authenticator {
    key: EcdsaKeyPair,
    pub origin: String,
    pub rp_id: String,
    pub id: Vec<u8>,
    pub user_handle: Vec<u8>,
    /// Counts uses; 0 for ever where it does not count.
    pub counter: u32,
    /// Beside the person, who is there and verified.
    pub flags: u8,
}

/// What is about to be said of a new passkey.
pub struct Making {
    pub client: Value,
    /// What stands before the client data.
    pub mark: &'static [u8],
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub aaguid: [u8; 16],
    pub id: Vec<u8>,
    /// The length of the id that is told.
    pub id_length: u16,
    /// The public key as a COSE key.
    pub cose: Vec<u8>,
    /// Extensions of the authenticator.
    pub extensions: Vec<u8>,
    pub format: &'static str,
    pub statement: Vec<u8>,
    /// Changes the bytes of the attestation object at last.
    pub change: fn(Vec<u8>) -> Vec<u8>,
}

/// What is about to be said by a passkey.
pub struct Using {
    pub client: Value,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub extensions: Vec<u8>,
    pub id: Vec<u8>,
    pub user_handle: Option<Vec<u8>>,
    /// Changes the bytes of the authenticator's data, before they are signed.
    pub change: fn(Vec<u8>) -> Vec<u8>,
    /// Changes the signature.
    pub forge: fn(Vec<u8>) -> Vec<u8>,
}

pub fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub fn bytes_of(text: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

impl Authenticator {
    /// One for Keywright at its usual address, whose passkeys are synced and not counted.
    pub fn new() -> Self {
        Self::at(ORIGIN, RP_ID)
    }

    pub fn at(origin: &str, rp_id: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let id = digest(&SHA256, key.public_key().as_ref()).as_ref()[..20].to_vec();
        Self { key, origin: origin.into(), rp_id: rp_id.into(), id, user_handle: Vec::new(), counter: 0, flags: SYNCED }
    }

    /// One whose passkey stays on its device and counts.
    pub fn device_bound() -> Self {
        Self { counter: 1, flags: 0, ..Self::new() }
    }

    /// Makes a passkey for a question.
    pub fn making(&mut self, options: &Value) -> Making {
        self.user_handle = bytes_of(&options["user"]["id"]);
        Making {
            client: self.client("webauthn.create", options),
            mark: b"",
            rp_id: self.rp_id.clone(),
            flags: PRESENT | VERIFIED | ATTESTED | self.flags,
            counter: self.counter,
            aaguid: ICLOUD,
            id_length: u16::try_from(self.id.len()).unwrap(),
            id: self.id.clone(),
            cose: self.cose(-7),
            extensions: Vec::new(),
            format: "none",
            statement: cbor_map(&[]),
            change: |object| object,
        }
    }

    /// The answer of a new passkey.
    pub fn make(&mut self, options: &Value) -> Value {
        self.making(options).said()
    }

    /// Is about to answer a question with the passkey.
    pub fn using(&mut self, options: &Value) -> Using {
        if self.counter > 0 {
            self.counter += 1;
        }
        Using {
            client: self.client("webauthn.get", options),
            rp_id: self.rp_id.clone(),
            flags: PRESENT | VERIFIED | self.flags,
            counter: self.counter,
            extensions: Vec::new(),
            id: self.id.clone(),
            user_handle: Some(self.user_handle.clone()),
            change: |data| data,
            forge: |signature| signature,
        }
    }

    /// The answer of the passkey.
    pub fn prove(&mut self, options: &Value) -> Value {
        let using = self.using(options);
        self.say(&using)
    }

    /// Signs what is said.
    pub fn say(&self, using: &Using) -> Value {
        let client = using.client.to_string().into_bytes();
        let head = [hash(using.rp_id.as_bytes()).as_slice(), &[using.flags], &using.counter.to_be_bytes()].concat();
        let data = (using.change)([head, using.extensions.clone()].concat());
        let signed = [data.clone(), hash(&client)].concat();
        let signature = (using.forge)(self.sign(&signed));
        json!({
            "id": base64url(&using.id),
            "rawId": base64url(&using.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client),
                "authenticatorData": base64url(&data),
                "signature": base64url(&signature),
                "userHandle": using.user_handle.as_deref().map(base64url),
            },
        })
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    }

    /// The public key as a COSE key (RFC 9053, 7.1) of this algorithm, from -1 to -24.
    pub fn cose(&self, alg: i8) -> Vec<u8> {
        // 4, then x and y.
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let alg = 0x20 | u8::try_from(-1 - alg).unwrap();
        [&[0xa5, 0x01, 0x02, 0x03, alg, 0x20, 0x01, 0x21][..], &cbor_bytes(x)[..], &[0x22], &cbor_bytes(y)[..]].concat()
    }

    fn client(&self, kind: &str, options: &Value) -> Value {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
    }
}

impl Making {
    /// The data of the authenticator.
    pub fn data(&self) -> Vec<u8> {
        let head = [hash(self.rp_id.as_bytes()).as_slice(), &[self.flags], &self.counter.to_be_bytes()].concat();
        let attested = [&self.aaguid[..], &self.id_length.to_be_bytes(), &self.id[..], &self.cose[..]].concat();
        [head, if self.flags & ATTESTED == 0 { Vec::new() } else { attested }, self.extensions.clone()].concat()
    }

    /// The client data in bytes.
    pub fn client_bytes(&self) -> Vec<u8> {
        [self.mark, self.client.to_string().as_bytes()].concat()
    }

    /// What the passkey itself signs, for an attestation of its own.
    pub fn attested_bytes(&self) -> Vec<u8> {
        [self.data(), hash(&self.client_bytes())].concat()
    }

    pub fn said(&self) -> Value {
        let object = cbor_map(&[
            (cbor_text("fmt"), cbor_text(self.format)),
            (cbor_text("attStmt"), self.statement.clone()),
            (cbor_text("authData"), cbor_bytes(&self.data())),
        ]);
        json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "clientDataJSON": base64url(&self.client_bytes()),
                "attestationObject": base64url(&(self.change)(object)),
                "transports": ["internal", "hybrid"],
                "publicKeyAlgorithm": -7,
            },
        })
    }
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

pub fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    [cbor_head(2, bytes.len()), bytes.to_vec()].concat()
}

pub fn cbor_text(text: &str) -> Vec<u8> {
    [cbor_head(3, text.len()), text.as_bytes().to_vec()].concat()
}

/// A map of encoded keys and values.
pub fn cbor_map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut map = cbor_head(5, entries.len());
    for (key, value) in entries {
        map.extend_from_slice(key);
        map.extend_from_slice(value);
    }
    map
}

fn cbor_head(kind: u8, argument: usize) -> Vec<u8> {
    let kind = kind << 5;
    match argument {
        0..24 => vec![kind | u8::try_from(argument).unwrap()],
        24..256 => vec![kind | 24, u8::try_from(argument).unwrap()],
        _ => [vec![kind | 25], u16::try_from(argument).unwrap().to_be_bytes().to_vec()].concat(),
    }
}
