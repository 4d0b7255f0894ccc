use super::*;
use crate::federation::http::Answer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

const ISSUER: &str = "https://id.example.com";
const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn keys_of(jwk: &Value) -> ProviderKeys {
    let body = json!({"keys": [jwk]}).to_string().into_bytes();
    ProviderKeys::read(&Answer { status: StatusCode::OK, date: None, body }).ok().unwrap()
}

fn keys() -> ProviderKeys {
    let x = encoded(pair().public_key());
    keys_of(&json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "one", "alg": "EdDSA"}))
}

fn header() -> Value {
    json!({"alg": "EdDSA", "kid": "one", "typ": "JWT"})
}

fn claims() -> Value {
    let now = NOW.seconds();
    json!({"iss": ISSUER, "sub": "248289761001", "aud": "client", "nonce": "n", "exp": now + 300, "iat": now})
}

fn token_of(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", encoded(header), encoded(payload));
    let signature = encoded(pair().sign(message.as_bytes()));
    format!("{message}.{signature}")
}

fn signed(claims: &Value) -> String {
    token_of(&header().to_string(), &claims.to_string())
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn judged_with(token: &str, keys: &ProviderKeys, access_token: Option<&str>) -> Result<Verified, Rejection> {
    let issuer = Issuer::admit(ISSUER.to_owned(), ISSUER).unwrap();
    let expected = Expected { issuer: &issuer, client_id: "client", nonce: "n", access_token };
    verify(token, keys, &expected, NOW)
}

fn rejection(token: &str) -> Option<Rejection> {
    judged_with(token, &keys(), None).err()
}

#[test]
fn a_good_token_is_accepted() {
    let mut good = claims();
    good["email"] = json!("alice@example.com");
    let verified = judged_with(&signed(&good), &keys(), None).ok().unwrap();
    assert_eq!((verified.issuer.as_str(), verified.subject.as_str()), (ISSUER, "248289761001"));
    assert_eq!(verified.profile.text("email"), Some("alice@example.com"));
    for good in [
        with("aud", json!(["client"])),
        with("azp", json!("client")),
        with("exp", json!(NOW.seconds() - 59)),
        with("iat", json!(NOW.seconds() + 60)),
        with("auth_time", json!(NOW.seconds() - 9)),
        with("sub", json!("a".repeat(255))),
    ] {
        assert_eq!(rejection(&signed(&good)), None, "{good}");
    }
    for typ in [json!("JWT"), json!("jwt")] {
        let header = json!({"alg": "EdDSA", "typ": typ}).to_string();
        assert_eq!(rejection(&token_of(&header, &claims().to_string())), None, "without kid: one key fits");
    }
    let mut several = with("aud", json!(["other", "client"]));
    several["azp"] = json!("client");
    assert_eq!(rejection(&signed(&several)), None);
}

#[test]
fn a_token_that_says_something_else_is_refused() {
    let now = NOW.seconds();
    for bad in [
        without("iss"),
        with("iss", json!("https://id.example.com/")),
        with("iss", json!("https://evil.example.com")),
        with("iss", json!([ISSUER])),
        without("sub"),
        with("sub", json!("")),
        with("sub", json!(7)),
        with("sub", json!(["248289761001"])),
        with("sub", json!("a".repeat(256))),
        with("sub", json!("a\u{0}b")),
        with("sub", json!("é")),
        without("aud"),
        with("aud", json!("other")),
        with("aud", json!("Client")),
        with("aud", json!([])),
        with("aud", json!([["client"]])),
        with("aud", json!({"client": true})),
        with("aud", json!(["client", "other"])),
        with("azp", json!("other")),
        with("azp", json!(["client"])),
        with("azp", Value::Null),
        without("nonce"),
        with("nonce", json!("other")),
        with("nonce", json!(["n"])),
        without("exp"),
        with("exp", json!(now - 60)),
        with("exp", json!(now - 86_400)),
        with("exp", json!((now + 300).to_string())),
        with("exp", json!(1.9e9)),
        without("iat"),
        with("iat", json!(now + 61)),
        with("iat", json!("now")),
        with("nbf", json!(now + 61)),
        with("auth_time", json!("now")),
    ] {
        assert!(matches!(rejection(&signed(&bad)), Some(Rejection::Invalid(_))), "{bad}");
    }
    let twice = claims().to_string().replacen('{', r#"{"sub":"admin","#, 1);
    assert!(matches!(rejection(&token_of(&header().to_string(), &twice)), Some(Rejection::Invalid(_))));
}

#[test]
fn a_header_of_another_kind_is_refused() {
    let payload = claims().to_string();
    let with = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        token_of(&header.to_string(), &payload)
    };
    assert_eq!(rejection(&with("kid", json!("two"))), Some(Rejection::UnknownKey));
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
        ("alg", json!("ES256")),
        ("alg", json!(["EdDSA"])),
        ("alg", Value::Null),
        ("kid", json!(1)),
        ("typ", json!("at+jwt")),
        ("typ", json!(7)),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        let token = with(name, value.clone());
        assert!(matches!(rejection(&token), Some(Rejection::Invalid(_))), "{name}: {value}");
    }
    let twice = token_of(r#"{"alg":"EdDSA","alg":"none","kid":"one"}"#, &payload);
    assert!(matches!(rejection(&twice), Some(Rejection::Invalid(_))));
}

#[test]
fn a_token_without_a_signature_of_the_provider_is_refused() {
    let good = signed(&claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let other_payload = encoded(with("sub", json!("admin")).to_string());
    let unsigned = encoded(json!({"alg": "none"}).to_string());
    for bad in [
        format!("{message}."),
        format!("{header}.{other_payload}.{signature}"),
        format!("{unsigned}.{other_payload}."),
        format!("{good}."),
        format!("{good}.{good}"),
        format!("{good}="),
        message.to_owned(),
        String::new(),
        "..".to_owned(),
        "x".repeat(MAX_LENGTH + 1),
    ] {
        assert!(matches!(rejection(&bad), Some(Rejection::Invalid(_))), "{bad}");
    }
}

#[test]
fn a_key_that_a_token_brings_is_never_used() {
    let own = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(own.public_key()), "kid": "one"});
    let header = json!({"alg": "EdDSA", "kid": "one", "jwk": jwk, "jku": "https://evil.example.com/keys"});
    let message = format!("{}.{}", encoded(header.to_string()), encoded(claims().to_string()));
    let token = format!("{message}.{}", encoded(own.sign(message.as_bytes())));
    assert_eq!(rejection(&token), Some(Rejection::Invalid("its signature is wrong")));
}

#[test]
fn the_access_token_is_the_one_that_it_came_with() {
    let half = |token: &str| {
        let whole = digest(&SHA512, token.as_bytes());
        let bytes: &[u8] = whole.as_ref();
        encoded(&bytes[..32])
    };
    let judged = |claims: &Value| judged_with(&signed(claims), &keys(), Some("access")).err();
    assert_eq!(judged(&claims()), None, "it need not say");
    assert_eq!(judged(&with("at_hash", json!(half("access")))), None);
    for other in [json!(half("other")), json!(""), json!(7), Value::Null] {
        assert!(judged(&with("at_hash", other.clone())).is_some(), "{other}");
    }
}

fn verifies(alg: &str, mut jwk: Value, sign: impl Fn(&[u8]) -> Vec<u8>) {
    jwk["kid"] = json!("one");
    jwk["alg"] = json!(alg);
    let header = json!({"alg": alg, "kid": "one"}).to_string();
    let message = format!("{}.{}", encoded(header), encoded(claims().to_string()));
    let token = format!("{message}.{}", encoded(sign(message.as_bytes())));
    assert_eq!(judged_with(&token, &keys_of(&jwk), None).err(), None, "{alg}");
    assert!(matches!(judged_with(&token, &keys(), None).err(), Some(Rejection::Invalid(_))), "{alg} by another key");
}

#[test]
fn rsa_signs_in_both_ways() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let padded: [(&str, &'static dyn RsaEncoding); 2] = [("RS256", &RSA_PKCS1_SHA256), ("PS256", &RSA_PSS_SHA256)];
    for (alg, padding) in padded {
        verifies(alg, json!({"kty": "RSA", "n": encoded(&n), "e": encoded(&e)}), |message| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        });
    }
}

#[test]
fn curves_sign() {
    let curves: [(&str, &str, &'static EcdsaSigningAlgorithm); 2] =
        [("ES256", "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING), ("ES384", "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)];
    for (alg, curve, algorithm) in curves {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
        let point: &[u8] = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(point.len() / 2);
        verifies(alg, json!({"kty": "EC", "crv": curve, "x": encoded(x), "y": encoded(y)}), |message| {
            pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
        });
    }
}
