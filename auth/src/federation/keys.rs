//! The keys of a provider (RFC 7517). Each is for one algorithm of a short list (RFC 8725, 3.1 and 3.2): a signature of
//! a shared secret is none, and a token says nothing about which key is right but its name.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use url::Url;

use super::ProviderFault;
use super::http::{Answer, Http, Named, invalid};

/// Every algorithm that is taken, named as in RFC 7518, 3.1, and RFC 8037, 3.1.
const ALLOWED: [(&str, Algorithm); 9] = [
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("PS384", Algorithm::PS384),
    ("PS512", Algorithm::PS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];
/// Keys of one provider that are looked at.
const MAX_KEYS: usize = 100;
/// Bytes of a modulus: 2048 bits and more (RFC 7518, 3.3), and not so many that verifying is slow.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;

/// The keys of a provider that can verify.
pub(super) struct ProviderKeys(Vec<ProviderKey>);

/// One key.
pub(super) struct ProviderKey {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Why there is no key for a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoKey {
    /// There is none of that name: a newer document may have it.
    Unknown,
    /// There is one, for another algorithm; or several, and no name.
    Other,
}

#[derive(Deserialize)]
struct WrittenSet {
    keys: Vec<Value>,
}

/// A key as it is written. What else stands in it (`x5u`, `x5c`, …) is not looked at.
#[derive(Deserialize)]
struct Written {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The allowed algorithm of exactly this name.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    ALLOWED.into_iter().find(|(known, _)| *known == name).map(|(_, algorithm)| algorithm)
}

impl ProviderKeys {
    /// Asks for the keys.
    pub(super) async fn fetch(http: Http, url: Url) -> Result<Self, ProviderFault> {
        Self::read(&http.fetch(http.get(&url)).await?)
    }

    /// Reads them. What is no key of ours is passed over (RFC 7517, 5); at least one must be.
    pub(super) fn read(answer: &Answer) -> Result<Self, ProviderFault> {
        let Named(written): Named<WrittenSet> = answer.read("the document of keys")?;
        let keys: Vec<ProviderKey> = written.keys.into_iter().take(MAX_KEYS).filter_map(ProviderKey::read).collect();
        if keys.is_empty() { Err(invalid("the document of keys has none that can be used")) } else { Ok(Self(keys)) }
    }

    /// The key of a token's header. A token without `kid` has one only where one key fits (Core 1.0, 10.1).
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<&ProviderKey, NoKey> {
        let is_named = |key: &&ProviderKey| id.is_none() || key.id.as_deref() == id;
        let mut fitting = self.0.iter().filter(is_named).filter(|key| key.algorithm == algorithm);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(NoKey::Other),
            (None, _) if id.is_some() && self.0.iter().any(|key| is_named(&key)) => Err(NoKey::Other),
            (None, _) => Err(NoKey::Unknown),
        }
    }
}

impl ProviderKey {
    /// Whether it signed the message. The signature is base64url as it stands in a token.
    pub(super) fn has_signed(&self, message: &[u8], signature: &str) -> bool {
        matches!(jsonwebtoken::crypto::verify(signature, message, &self.key, self.algorithm), Ok(true))
    }

    fn read(value: Value) -> Option<Self> {
        let Named(written): Named<Written> = serde_json::from_value(value).ok()?;
        let is_for_signatures = written.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && written.key_ops.as_ref().is_none_or(|all| all.iter().any(|operation| operation == "verify"));
        if !is_for_signatures {
            return None;
        }
        let (algorithm, key) = match (written.kty.as_str(), written.crv.as_deref()) {
            ("RSA", _) => (written.rsa_algorithm()?, written.rsa_key()?),
            ("EC", Some("P-256")) => (written.only(Algorithm::ES256)?, written.point(32)?),
            ("EC", Some("P-384")) => (written.only(Algorithm::ES384)?, written.point(48)?),
            ("OKP", Some("Ed25519")) => (written.only(Algorithm::EdDSA)?, written.edwards_point()?),
            _ => return None,
        };
        Some(Self { id: written.kid, algorithm, key })
    }
}

impl Written {
    /// A key of RSA could be for six. One that does not say is for that which every provider must have (Core 1.0,
    /// 15.1).
    fn rsa_algorithm(&self) -> Option<Algorithm> {
        let name = self.alg.as_deref().unwrap_or("RS256");
        algorithm(name).filter(|_| name.starts_with("RS") || name.starts_with("PS"))
    }

    fn only(&self, fitting: Algorithm) -> Option<Algorithm> {
        match self.alg.as_deref() {
            None => Some(fitting),
            Some(name) => algorithm(name).filter(|algorithm| *algorithm == fitting),
        }
    }

    fn rsa_key(&self) -> Option<DecodingKey> {
        let n = BASE64_URL_SAFE_NO_PAD.decode(self.n.as_deref()?).ok()?;
        let e = BASE64_URL_SAFE_NO_PAD.decode(self.e.as_deref()?).ok()?;
        (MODULUS.contains(&n.len()) && e.len() <= 8).then(|| DecodingKey::from_rsa_raw_components(&n, &e))
    }

    /// Coordinates are as long as the field, to the byte (RFC 7518, 6.2.1.2).
    fn point(&self, length: usize) -> Option<DecodingKey> {
        let (x, y) = (self.x.as_deref()?, self.y.as_deref()?);
        let are_whole = [x, y].into_iter().all(|part| decoded(part).is_some_and(|bytes| bytes.len() == length));
        are_whole.then(|| DecodingKey::from_ec_components(x, y).ok())?
    }

    /// A point of small order verifies signatures that nobody made (RFC 8032, 5.1.7; "Taming the many EdDSAs", 2020).
    fn edwards_point(&self) -> Option<DecodingKey> {
        let x = self.x.as_deref()?;
        let bytes: [u8; 32] = decoded(x)?.try_into().ok()?;
        (!is_of_small_order(bytes)).then(|| DecodingKey::from_ed_components(x).ok())?
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// The eight points of small order of Ed25519 have five values of `y` (0, 1, -1 and two more), each of which may be
/// written with either sign, and the small ones with the prime added, too.
fn is_of_small_order(mut point: [u8; 32]) -> bool {
    const ORDER_EIGHT: [[u8; 32]; 2] = [
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
            0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
            0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
    ];
    point[31] &= 0x7f;
    // p = 2^255 - 19: p - 1, p and p + 1 differ in their first byte.
    let is_around_prime =
        matches!(point[0], 0xec..=0xee) && point[1..31].iter().all(|byte| *byte == 0xff) && point[31] == 0x7f;
    let is_zero_or_one = point[0] <= 1 && point[1..].iter().all(|byte| *byte == 0);
    is_zero_or_one || is_around_prime || ORDER_EIGHT.contains(&point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use serde_json::json;

    fn read(document: &Value) -> Result<ProviderKeys, ProviderFault> {
        let body = document.to_string().into_bytes();
        ProviderKeys::read(&Answer { status: StatusCode::OK, date: None, body })
    }

    fn ed(kid: &str) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": kid})
    }

    fn rsa(kid: &str, alg: Option<&str>) -> Value {
        json!({"kty": "RSA", "n": BASE64_URL_SAFE_NO_PAD.encode([0xb5; 256]), "e": "AQAB", "kid": kid, "alg": alg})
    }

    #[test]
    fn points_that_sign_for_nobody_are_no_keys() {
        let ed = |bytes: &[u8]| json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64_URL_SAFE_NO_PAD.encode(bytes)});
        let mut weak = vec![[0; 32], [0xff; 32], [0xff; 32], [0xff; 32]];
        (weak[1][0], weak[2][0], weak[3][0]) = (0xec, 0xed, 0xee);
        weak.push([0; 32]);
        weak[4][0] = 1;
        for point in weak {
            for sign in [0, 0x80] {
                let mut point = point;
                point[31] = point[31] & 0x7f | sign;
                assert!(read(&json!({"keys": [ed(&point)]})).is_err(), "{point:02x?}");
            }
        }
        let order_eight = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
        let bytes: Vec<u8> =
            (0..32).map(|place| u8::from_str_radix(&order_eight[2 * place..2 * place + 2], 16).unwrap()).collect();
        assert!(read(&json!({"keys": [ed(&bytes)]})).is_err());
        assert!(read(&json!({"keys": [ed(&[9; 31])]})).is_err());
        let good =
            json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]});
        assert!(read(&good).is_ok());
    }

    #[test]
    fn coordinates_are_whole() {
        let key = |x: &[u8], y: &[u8]| {
            let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
            json!({"keys": [{"kty": "EC", "crv": "P-256", "x": x, "y": y}]})
        };
        assert!(read(&key(&[7; 32], &[7; 32])).is_ok());
        for (x, y) in [(31, 32), (32, 31), (33, 32), (0, 0), (48, 48)] {
            assert!(read(&key(&vec![7; x], &vec![7; y])).is_err(), "{x}, {y}");
        }
    }

    #[test]
    fn only_exact_names_of_the_list_are_algorithms() {
        for (name, _) in ALLOWED {
            assert!(algorithm(name).is_some(), "{name}");
        }
        for other in ["", "none", "None", "HS256", "HS384", "HS512", "rs256", "ES512", "ES256K", "RSA-OAEP", "EdDSA "] {
            assert!(algorithm(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_key_is_for_one_algorithm() {
        let keys = read(&json!({"keys": [ed("a"), rsa("b", None), rsa("c", Some("PS384"))]})).ok().unwrap();
        assert!(keys.find(Some("a"), Algorithm::EdDSA).is_ok());
        assert!(keys.find(Some("b"), Algorithm::RS256).is_ok());
        assert!(keys.find(Some("c"), Algorithm::PS384).is_ok());
        let fault = |id, algorithm| keys.find(id, algorithm).err();
        assert_eq!(fault(Some("a"), Algorithm::RS256), Some(NoKey::Other));
        assert_eq!(fault(Some("b"), Algorithm::PS256), Some(NoKey::Other));
        assert_eq!(fault(Some("c"), Algorithm::RS256), Some(NoKey::Other));
        assert_eq!(fault(Some("d"), Algorithm::EdDSA), Some(NoKey::Unknown));
    }

    #[test]
    fn a_token_without_a_name_has_a_key_where_one_fits() {
        let keys = read(&json!({"keys": [ed("a"), rsa("b", None), rsa("c", None)]})).ok().unwrap();
        assert!(keys.find(None, Algorithm::EdDSA).is_ok());
        assert_eq!(keys.find(None, Algorithm::RS256).err(), Some(NoKey::Other), "two fit");
        assert_eq!(keys.find(None, Algorithm::ES256).err(), Some(NoKey::Unknown));
    }

    #[test]
    fn what_is_no_key_of_ours_is_passed_over() {
        let mut encrypts = ed("a");
        encrypts["use"] = json!("enc");
        let mut signs = ed("b");
        signs["key_ops"] = json!(["sign"]);
        let mut other = ed("c");
        other["alg"] = json!("ES256");
        let small = json!({"kty": "RSA", "n": BASE64_URL_SAFE_NO_PAD.encode([0xb5; 128]), "e": "AQAB", "kid": "d"});
        let secret = json!({"kty": "oct", "k": "c2VjcmV0", "kid": "e", "alg": "HS256"});
        let useless = [encrypts, signs, other, small, secret, rsa("f", Some("none")), json!({"kty": 1}), json!(7)];
        for key in &useless {
            assert!(read(&json!({"keys": [key]})).is_err(), "{key}");
        }
        let all: Vec<Value> = useless.into_iter().chain([ed("z")]).collect();
        assert!(read(&json!({"keys": all})).ok().unwrap().find(Some("z"), Algorithm::EdDSA).is_ok());
        for bad in [json!({}), json!({"keys": {}}), json!({"keys": []}), json!([])] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
