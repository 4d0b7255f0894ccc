//! Cross-site request forgery by forms: a page of another site posts in the name of whoever reads it. It has the cookie,
//! whatever `SameSite` says (browsers send a young Lax cookie along, and a sub-domain is no other site), and tries what a
//! page may post without being asked: each content type of forms, and JSON, which old browsers let through.

use auth::weakened::Defence;
use image::{GrayImage, ImageFormat};
use serde_json::Value;
use std::io::Cursor;

use super::{Attack, Control};
use crate::Outcome;
use crate::http;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "csrf_form", settings: &[], control: Control::Without(Defence::Origin) };

/// What browsers say of the page that posts: those of today, those of before, and one that says nothing.
const SITES: [(&str, &str); 6] = [
    ("another site", "sec-fetch-site: cross-site\r\nsec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n"),
    ("a sub-domain", "sec-fetch-site: same-site\r\nsec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n"),
    (
        "another site and its origin",
        "sec-fetch-site: cross-site\r\nsec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n\
         origin: https://evil.example\r\n",
    ),
    ("an origin", "origin: https://evil.example\r\n"),
    ("no origin", "origin: null\r\n"),
    ("nothing", ""),
];

/// What is posted: a name for people, where it goes, its type and body.
type Post = (&'static str, &'static str, &'static str, Vec<u8>);

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let mut ways = Vec::new();
    for (number, (site, headers)) in SITES.iter().enumerate() {
        for (kind, path, media_type, body) in posts(number)? {
            let alice = target.sign_in("alice@example.com").await?;
            let before = seen(&target.me(&alice.token).await?);
            let headers =
                format!("accept: text/html\r\n{headers}cookie: {}\r\ncontent-type: {media_type}\r\n", alice.cookie);
            http::send(target.port, "POST", path, &headers, &body).await?;
            let is_changed = seen(&target.me(&alice.token).await?) != before;
            ways.push((format!("{kind} of {site}"), is_changed));
        }
    }
    Ok(Outcome::of_ways(&ways))
}

/// Each changes something that was otherwise before.
fn posts(number: usize) -> anyhow::Result<Vec<Post>> {
    let mut picture = Cursor::new(Vec::new());
    GrayImage::new(8, 8).write_to(&mut picture, ImageFormat::Png)?;
    let field = b"--x\r\ncontent-disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\
                  content-type: image/png\r\n\r\n";
    let file = [field.as_slice(), picture.get_ref().as_slice(), b"\r\n--x--\r\n".as_slice()].concat();
    let form = "application/x-www-form-urlencoded";
    Ok(vec![
        ("a form", "/rpc/change_name", form, format!("name=Owned{number}").into_bytes()),
        ("a form as text", "/rpc/change_name", "text/plain", format!("name=Text{number}\r\n").into_bytes()),
        ("a form with a file", "/rpc/change_avatar", "multipart/form-data; boundary=x", file),
        ("a sign-out by form", "/rpc/sign_out", form, Vec::new()),
        ("a sign-out in JSON", "/api/v1/sign-out", "application/json", b"{}".to_vec()),
    ])
}

/// What a page of another site can change of a person; nothing where they are signed out.
fn seen(me: &Value) -> [Value; 3] {
    ["name", "avatar", "email"].map(|member| me[member].clone())
}
