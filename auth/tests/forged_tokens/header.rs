//! Algorithms, keys, types, and names that a header of ours never has.

use auth::token::Fault;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{Forge, Line, decode, encode, without};

pub fn lines(forge: &Forge) -> Vec<Line> {
    [none(forge), algorithms(forge), public_key_as_secret(forge), kids(forge), types(forge), names(forge)]
        .into_iter()
        .flatten()
        .collect()
}

/// No algorithm, in every letter case, with a signature and without.
fn none(forge: &Forge) -> Vec<Line> {
    let mut lines = Vec::new();
    for bits in 0..16_u32 {
        let cased = |(place, letter): (usize, char)| {
            if (bits >> place) & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
        };
        let alg: String = "none".char_indices().map(cased).collect();
        let header = forge.header_with("alg", alg.as_str());
        lines.push(forge.line(format!("alg {alg}, signed"), &header, &forge.claims, Fault::Algorithm));
        let token = format!("{}.{}.", encode(header.to_string()), encode(forge.claims.to_string()));
        lines.push(Line { name: format!("alg {alg}, not signed"), token, fault: Fault::Algorithm });
    }
    lines
}

/// Other names than that of the key's algorithm, each over a signature of the key.
fn algorithms(forge: &Forge) -> Vec<Line> {
    let mut lines = Vec::new();
    for alg in [
        "HS256",
        "HS384",
        "HS512",
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "Ed25519",
        "Ed448",
        "eddsa",
        "EDDSA",
        "EdDSA ",
        " EdDSA",
        "EdDSA\u{0}",
        "dir",
        "A256GCM",
        "",
    ] {
        let header = forge.header_with("alg", alg);
        lines.push(forge.line(format!("alg {alg:?}"), &header, &forge.claims, Fault::Algorithm));
    }
    for alg in [Value::Null, json!(true), json!(1), json!(["EdDSA"]), json!({"alg": "EdDSA"})] {
        let name = format!("alg {alg}");
        lines.push(forge.line(name, &forge.header_with("alg", alg), &forge.claims, Fault::Algorithm));
    }
    lines.push(forge.line("no alg", &without(&forge.header, "alg"), &forge.claims, Fault::Algorithm));
    lines
}

/// HMAC under what everybody knows: the public key, in each way it is written down.
fn public_key_as_secret(forge: &Forge) -> Vec<Line> {
    let raw = decode(&forge.x());
    // SubjectPublicKeyInfo (RFC 8410, 4).
    let der = [&[0x30_u8, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], &raw].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(&der));
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": forge.x(), "kid": forge.kid(), "alg": "EdDSA", "use": "sig"});
    let forms: [(&str, Vec<u8>); 8] = [
        ("PEM", pem.clone().into_bytes()),
        ("PEM without its last line break", pem.trim_end().as_bytes().to_vec()),
        ("DER in base64", BASE64_STANDARD.encode(&der).into_bytes()),
        ("DER", der),
        ("JWK", jwk.to_string().into_bytes()),
        ("text of its JWK", forge.x().into_bytes()),
        ("bytes", raw),
        ("nothing", Vec::new()),
    ];
    let mut lines = Vec::new();
    for (form, secret) in forms {
        for (alg, hash) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
            let header = encode(forge.header_with("alg", alg).to_string());
            let message = format!("{header}.{}", encode(forge.claims.to_string()));
            let tag = hmac::sign(&hmac::Key::new(hash, &secret), message.as_bytes());
            lines.push(Line {
                name: format!("{alg} with the public key as {form}"),
                token: format!("{message}.{}", encode(tag)),
                fault: Fault::Algorithm,
            });
        }
    }
    lines
}

fn kids(forge: &Forge) -> Vec<Line> {
    let kid = forge.kid();
    let texts = [
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned(),
        String::new(),
        "*".to_owned(),
        "' OR '1'='1' --".to_owned(),
        "x' UNION SELECT 'secret".to_owned(),
        "'; DROP TABLE signing_keys; --".to_owned(),
        "../../../../dev/null".to_owned(),
        "/dev/null".to_owned(),
        "..\\..\\windows\\win.ini".to_owned(),
        "file:///etc/passwd".to_owned(),
        "https://evil.example/key.pem".to_owned(),
        "*)(uid=*))(|(uid=*".to_owned(),
        "$(id)".to_owned(),
        "%00".to_owned(),
        "\u{0}".to_owned(),
        "\r\nX-Injected: yes".to_owned(),
        format!("{kid}\u{0}"),
        format!(" {kid}"),
        format!("{kid} "),
        format!("{kid}="),
        kid.to_lowercase(),
        kid.to_uppercase(),
        kid[1..].to_owned(),
        "\u{202e}".to_owned(),
        "k".repeat(5_000),
    ];
    let mut lines = Vec::new();
    for text in texts {
        let name = format!("kid {text:.60?}");
        lines.push(forge.line(name, &forge.header_with("kid", text), &forge.claims, Fault::Key));
    }
    for value in [Value::Null, json!(0), json!(1.5), json!(false), json!([kid]), json!({"kid": kid})] {
        let name = format!("kid {value:.60}");
        lines.push(forge.line(name, &forge.header_with("kid", value), &forge.claims, Fault::Key));
    }
    lines.push(forge.line("no kid", &without(&forge.header, "kid"), &forge.claims, Fault::Key));
    lines.push(forge.line("an empty header", &json!({}), &forge.claims, Fault::Key));
    let huge = forge.header_with("kid", "k".repeat(1_000_000));
    lines.push(forge.line("a kid of 1 MB", &huge, &forge.claims, Fault::Size));
    lines
}

fn types(forge: &Forge) -> Vec<Line> {
    let mut lines = Vec::new();
    for typ in [
        "JWT",
        "jwt",
        "JOSE",
        "JWE",
        "id_token",
        "id+jwt",
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "rt+jwt",
        "AT+JWT",
        "At+Jwt",
        "application/at+jwt",
        "at+jwt ",
        " at+jwt",
        "at+jwt; charset=utf-8",
        "at+jwt\u{0}",
        "at",
        "",
    ] {
        let header = forge.header_with("typ", typ);
        lines.push(forge.line(format!("typ {typ:?}"), &header, &forge.claims, Fault::Type));
    }
    for typ in [Value::Null, json!(1), json!(["at+jwt"]), json!({"typ": "at+jwt"})] {
        let name = format!("typ {typ}");
        lines.push(forge.line(name, &forge.header_with("typ", typ), &forge.claims, Fault::Type));
    }
    lines.push(forge.line("no typ", &without(&forge.header, "typ"), &forge.claims, Fault::Type));
    lines
}

/// Names that ours never has: keys of the sender's choice, extensions, compression, encryption.
fn names(forge: &Forge) -> Vec<Line> {
    let stranger = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "x": encode(stranger.public_key()), "kid": forge.kid(), "alg": "EdDSA"
    });
    let mut lines = Vec::new();
    for (name, value) in [
        ("jwk", jwk.clone()),
        ("jwk", Value::Null),
        ("jku", json!("https://evil.example/jwks.json")),
        ("jku", json!(format!("{}/.well-known/jwks.json", forge.issuer()))),
        ("x5u", json!("https://evil.example/certificate.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("dGh1bWI")),
        ("x5t#S256", json!("dGh1bWI")),
        ("crit", json!(["exp"])),
        ("crit", json!(["http://evil.example/unknown"])),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("crit", json!("exp")),
        ("crit", Value::Null),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("epk", json!({})),
        ("p2c", json!(2_000_000_000)),
        ("url", json!("https://evil.example/")),
        ("nonce", json!("x")),
        ("iss", json!(forge.issuer())),
        ("ALG", json!("EdDSA")),
        ("", json!("")),
    ] {
        let label = format!("{name} {value:.60} in the header");
        lines.push(forge.line(label, &forge.header_with(name, value), &forge.claims, Fault::Header));
    }

    let message = format!("{}.{}", encode(forge.header_with("jwk", jwk).to_string()), encode(forge.claims.to_string()));
    let signature = encode(stranger.sign(message.as_bytes()));
    let name = "a key in the header, which signed it".to_owned();
    lines.push(Line { name, token: format!("{message}.{signature}"), fault: Fault::Header });

    let mut unencoded = forge.header_with("b64", false);
    unencoded["crit"] = json!(["b64"]);
    // RFC 7797: the payload stands there as it is.
    let token = forge.sign_parts(&encode(unencoded.to_string()), "plain");
    lines.push(Line { name: "a payload that is not encoded".to_owned(), token, fault: Fault::Header });

    let compressed = stored(forge.claims.to_string().as_bytes());
    let token = forge.sign_text(forge.header_with("zip", "DEF").to_string(), &compressed);
    lines.push(Line { name: "a compressed payload".to_owned(), token, fault: Fault::Header });
    let token = forge.sign_text(forge.header.to_string(), &compressed);
    lines.push(Line { name: "a compressed payload, unsaid".to_owned(), token, fault: Fault::Json });
    lines
}

/// One stored block of DEFLATE (RFC 1951, 3.2.4): compressed as far as its form goes.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&[1_u8][..], &length.to_le_bytes(), &(!length).to_le_bytes(), bytes].concat()
}
