//! Claims that are missing, of another type, of somebody else, or out of time.

use auth::token::Fault;
use serde_json::{Value, json};

use super::{Forge, Line, without};

pub fn lines(forge: &Forge) -> Vec<Line> {
    [numbers(forge), times(forge), parties(forge), texts(forge), organizations(forge), lists(forge)]
        .into_iter()
        .flatten()
        .collect()
}

/// Numbers, written in every way that is not an integer of ours.
fn numbers(forge: &Forge) -> Vec<Line> {
    let mut lines = Vec::new();
    for claim in ["exp", "nbf", "iat", "auth_time", "ver"] {
        lines.push(forge.line(format!("no {claim}"), &forge.header, &without(&forge.claims, claim), Fault::Claim));
        let now = forge.now();
        for written in [
            format!("\"{now}\""),
            format!("{now}.0"),
            format!("{now}.5"),
            "1e3".to_owned(),
            "1.8e9".to_owned(),
            "18E8".to_owned(),
            "1e-3".to_owned(),
            "5.0".to_owned(),
            "-1".to_owned(),
            "-0".to_owned(),
            format!("-{now}"),
            "-9223372036854775808".to_owned(),
            "9223372036854775807".to_owned(),
            "9223372036854775808".to_owned(),
            "99999999999999999999999999".to_owned(),
            // The first second of the year 10000.
            "253402300800".to_owned(),
            "null".to_owned(),
            "true".to_owned(),
            "\"\"".to_owned(),
            format!("[{now}]"),
            "[]".to_owned(),
            "{}".to_owned(),
        ] {
            let claims = forge.claims_with(claim, "here").to_string().replace("\"here\"", &written);
            let token = forge.sign_text(forge.header.to_string(), claims);
            lines.push(Line { name: format!("{claim} {written}"), token, fault: Fault::Claim });
        }
    }
    lines
}

/// Moments that are right in themselves. Those to come are far enough for a slow test.
fn times(forge: &Forge) -> Vec<Line> {
    let now = forge.now();
    let mut lines = Vec::new();
    for (name, claim, moment) in [
        ("it ended now", "exp", now),
        ("it ended a second ago", "exp", now - 1),
        ("it ended in 1970", "exp", 0),
        ("it ended before it began", "exp", now - 300),
        ("it lives for more than an hour", "exp", now + 3601),
        ("it lives for a year", "exp", now + 365 * 24 * 60 * 60),
        ("it lives for ever", "exp", 253_402_300_799),
        ("it is for later", "nbf", now + 120),
        ("it is for the end of time", "nbf", 253_402_300_799),
        ("it was issued in the future", "iat", now + 120),
        ("it was issued in 1970", "iat", 0),
        ("it was issued after its end", "iat", now + 400),
    ] {
        lines.push(forge.line(name, &forge.header, &forge.claims_with(claim, moment), Fault::Time));
    }
    lines
}

/// Issuer and audience, close to ours and far from it.
fn parties(forge: &Forge) -> Vec<Line> {
    let own = forge.issuer();
    let host = own.split_once("://").unwrap().1;
    let mut lines = Vec::new();
    for (claim, fault) in [("iss", Fault::Issuer), ("aud", Fault::Audience)] {
        lines.push(forge.line(format!("no {claim}"), &forge.header, &without(&forge.claims, claim), Fault::Claim));
        for text in [
            "https://evil.example".to_owned(),
            format!("{own}/"),
            format!("{own}."),
            format!("{own}.evil.example"),
            format!("{own}@evil.example"),
            format!("{own}?"),
            format!("{own}#"),
            format!("{own}\u{0}"),
            format!(" {own}"),
            format!("{own} "),
            format!("{own} https://evil.example"),
            own.to_uppercase(),
            own[..own.len() - 1].to_owned(),
            host.to_owned(),
            format!("//{host}"),
            format!("https://evil.example/{own}"),
            "keywright".to_owned(),
            "*".to_owned(),
            " ".to_owned(),
        ] {
            let name = format!("{claim} {text:?}");
            lines.push(forge.line(name, &forge.header, &forge.claims_with(claim, text), fault));
        }
        for value in [
            json!([own]),
            json!([own, "https://evil.example"]),
            json!(["https://evil.example"]),
            json!([]),
            json!(""),
            json!({ "url": own }),
            json!(1),
            json!(true),
            Value::Null,
        ] {
            let name = format!("{claim} {value}");
            lines.push(forge.line(name, &forge.header, &forge.claims_with(claim, value), Fault::Claim));
        }
    }
    lines
}

fn texts(forge: &Forge) -> Vec<Line> {
    let mut lines = Vec::new();
    for claim in ["sub", "sid", "jti", "client_id", "scope"] {
        lines.push(forge.line(format!("no {claim}"), &forge.header, &without(&forge.claims, claim), Fault::Claim));
        for value in
            [json!("x".repeat(513)), json!(1), json!(0), json!(true), json!(["x"]), json!({"x": 1}), Value::Null]
        {
            let name = format!("{claim} {value:.60}");
            lines.push(forge.line(name, &forge.header, &forge.claims_with(claim, value), Fault::Claim));
        }
        if claim != "scope" {
            let empty = forge.claims_with(claim, "");
            lines.push(forge.line(format!("an empty {claim}"), &forge.header, &empty, Fault::Claim));
        }
    }
    lines
}

/// The organization that a session works in: it may be missing, and nothing else.
fn organizations(forge: &Forge) -> Vec<Line> {
    [
        json!(""),
        json!("x".repeat(513)),
        json!(1),
        json!(true),
        json!(["01890a5d-ac96-774b-bcce-b302099a8057"]),
        json!({"id": "01890a5d-ac96-774b-bcce-b302099a8057"}),
        Value::Null,
    ]
    .into_iter()
    .map(|value| {
        let name = format!("org {value:.60}");
        forge.line(name, &forge.header, &forge.claims_with("org", value), Fault::Claim)
    })
    .collect()
}

fn lists(forge: &Forge) -> Vec<Line> {
    let mut lines = Vec::new();
    for claim in ["roles", "amr"] {
        lines.push(forge.line(format!("no {claim}"), &forge.header, &without(&forge.claims, claim), Fault::Claim));
        for value in [
            json!("admin"),
            json!([1]),
            json!([["admin"]]),
            json!(["user", null]),
            json!([""]),
            json!(["x".repeat(513)]),
            json!({"admin": true}),
            json!(1),
            json!(true),
            Value::Null,
        ] {
            let name = format!("{claim} {value:.60}");
            lines.push(forge.line(name, &forge.header, &forge.claims_with(claim, value), Fault::Claim));
        }
    }
    lines.push(forge.line("no claims at all", &forge.header, &json!({}), Fault::Claim));
    lines
}
