//! JSON that another reader would read, or read otherwise: names that stand twice, text around it, depth.

use auth::token::Fault;

use super::{Forge, Line, encode};

pub fn lines(forge: &Forge) -> Vec<Line> {
    let (header, claims) = (forge.header.to_string(), forge.claims.to_string());
    let mut lines = Vec::new();
    let mut add = |name: String, token: String| lines.push(Line { name, token, fault: Fault::Json });
    for (name, text) in changes(&header) {
        add(format!("header: {name}"), forge.sign_text(text, &claims));
    }
    for (name, text) in changes(&claims) {
        add(format!("payload: {name}"), forge.sign_text(&header, text));
    }
    for (name, member) in [
        ("the right algorithm twice", r#""alg":"EdDSA""#),
        ("another algorithm first", r#""alg":"none""#),
        ("another algorithm first, escaped", r#""\u0061lg":"none""#),
        ("another algorithm first, all of it escaped", r#""\u0061\u006C\u0067":"none""#),
        ("another type first", r#""typ":"JWT""#),
        ("another key first", r#""kid":"x""#),
        ("another key first, escaped", r#""ki\u0064":"x""#),
    ] {
        add(format!("header: {name}"), forge.sign_text(first(&header, member), &claims));
        add(format!("header: {name}, or last"), forge.sign_text(last(&header, member), &claims));
    }
    for (name, member) in [
        ("another user", r#""sub":"01890a5d-ac96-774b-bcce-000000000000""#),
        ("another user, escaped", r#""s\u0075b":"01890a5d-ac96-774b-bcce-000000000000""#),
        ("another end", r#""exp":253402300799"#),
        ("another audience", r#""aud":"https://evil.example""#),
        ("other roles", r#""roles":["admin"]"#),
        ("a name twice further down", r#""act":{"sub":"a","sub":"b"}"#),
        ("a name twice further down, escaped", r#""act":[{"sub":"a","\u0073ub":"b"}]"#),
    ] {
        add(format!("payload: {name} first"), forge.sign_text(&header, first(&claims, member)));
        add(format!("payload: {name} last"), forge.sign_text(&header, last(&claims, member)));
    }
    lines
}

/// Ways to spoil an object that are the same for both parts.
fn changes(object: &str) -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: String| text.into_bytes();
    let utf16 = object.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let open = &object[..object.len() - 1];
    vec![
        ("a blank after it", text(format!("{object} "))),
        ("a line break after it", text(format!("{object}\n"))),
        ("a null byte after it", text(format!("{object}\u{0}"))),
        ("a letter after it", text(format!("{object}x"))),
        ("a bracket after it", text(format!("{object}}}"))),
        ("another object after it", text(format!("{object}{{}}"))),
        ("itself after it", text(format!("{object}{object}"))),
        ("a blank before it", text(format!(" {object}"))),
        ("a byte order mark before it", text(format!("\u{feff}{object}"))),
        ("UTF-16", utf16),
        ("in an array", text(format!("[{object}]"))),
        ("in a string", text(serde_json::Value::from(object).to_string())),
        ("in base64", text(encode(object))),
        ("nothing", Vec::new()),
        ("null", text("null".to_owned())),
        ("a number", text("1".to_owned())),
        ("true", text("true".to_owned())),
        ("an empty array", text("[]".to_owned())),
        ("not closed", text(open.to_owned())),
        ("a comma at its end", text(format!("{open},}}"))),
        ("a comment", text(format!("{open}/**/}}"))),
        ("single quotes", text(object.replace('"', "'"))),
        ("no quotes around names", text(object.replacen("\"alg\"", "alg", 1).replacen("\"iss\"", "iss", 1))),
        ("bytes that are no UTF-8", with_bytes(object, b"\"x\":\"\xff\xfe\",")),
        ("UTF-8 that is too long", with_bytes(object, b"\"x\":\"\xc0\xaf\",")),
        ("a surrogate in UTF-8", with_bytes(object, b"\"x\":\"\xed\xa0\x80\",")),
        ("half of a surrogate pair", with_bytes(object, br#""x":"\ud800","#)),
        ("a line break in a string", with_bytes(object, b"\"x\":\"\n\",")),
        ("a null byte in a string", with_bytes(object, b"\"x\":\"\0\",")),
        ("an escape that is none", with_bytes(object, br#""x":"\x41","#)),
        ("a number that begins with zero", with_bytes(object, br#""x":01,"#)),
        ("a number that is none", with_bytes(object, br#""x":NaN,"#)),
        ("a number beyond all", with_bytes(object, br#""x":1e999,"#)),
        ("a name that is no string", with_bytes(object, b"1:1,")),
        ("an empty name twice", with_bytes(object, br#""":1,"":1,"#)),
        ("nine levels deep", with_bytes(object, &nested(9))),
        ("two thousand levels deep", with_bytes(object, &nested(2_000))),
        (
            "nine levels of objects",
            with_bytes(object, format!("\"x\":{}1{},", r#"{"x":"#.repeat(9), "}".repeat(9)).as_bytes()),
        ),
        ("too many elements", with_bytes(object, format!("\"x\":[{}0],", "0,".repeat(64)).as_bytes())),
        ("too many members", with_bytes(object, many().as_bytes())),
    ]
}

fn first(object: &str, member: &str) -> String {
    object.replacen('{', &format!("{{{member},"), 1)
}

fn last(object: &str, member: &str) -> String {
    format!("{},{member}}}", &object[..object.len() - 1])
}

/// The object with these bytes as its first.
fn with_bytes(object: &str, bytes: &[u8]) -> Vec<u8> {
    [&b"{"[..], bytes, &object.as_bytes()[1..]].concat()
}

fn nested(levels: usize) -> Vec<u8> {
    format!("\"x\":{}1{},", "[".repeat(levels), "]".repeat(levels)).into_bytes()
}

fn many() -> String {
    (0..65).map(|number| format!("\"{number}\":0,")).collect()
}
