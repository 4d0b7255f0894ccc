//! Cross-site request forgery: a page of another site posts in the name of whoever reads it. It has the cookie, whatever
//! `SameSite` says (browsers send a young Lax cookie along, and a sub-domain is no other site), and tries each form, each
//! simple content type, the methods that frameworks read from elsewhere, and acts by GET.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "csrf", settings: &[], control: Control::Without(Defence::Origin) };

const NAME: &str = "Owned";
const FORM: &str = "application/x-www-form-urlencoded";

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let form = format!("name={NAME}");
    let json = format!(r#"{{"name":"{NAME}"}}"#);
    for site in
        ["sec-fetch-site: cross-site", "sec-fetch-site: same-site", "origin: https://evil.example", "origin: null"]
    {
        let page = format!("{NAVIGATION}{site}\r\ncookie: {}\r\n", alice.cookie);
        for (method, path, more, body) in [
            ("POST", "/rpc/change_name", format!("content-type: {FORM}\r\n"), form.as_str()),
            ("POST", "/rpc/change_name", "content-type: text/plain\r\n".to_owned(), form.as_str()),
            ("POST", "/rpc/change_name", "content-type: multipart/form-data; boundary=x\r\n".to_owned(), form.as_str()),
            ("GET", "/rpc/change_name?name=Owned", String::new(), ""),
            ("GET", "/rpc/change_name?name=Owned&_method=POST", "x-http-method-override: POST\r\n".to_owned(), ""),
            ("POST", "/api/v1/me?_method=PATCH", "content-type: text/plain\r\n".to_owned(), json.as_str()),
            ("POST", "/api/v1/me", "x-http-method-override: PATCH\r\n".to_owned(), json.as_str()),
            ("PATCH", "/api/v1/me", "content-type: application/json\r\n".to_owned(), json.as_str()),
        ] {
            target.send(method, path, &format!("{page}{more}"), body).await?;
            if target.me(&alice.token).await?["name"] == NAME {
                return Ok(Outcome::Succeeded(format!("{method} {path} with {site}")));
            }
        }
    }
    let page = format!("{NAVIGATION}sec-fetch-site: cross-site\r\ncookie: {}\r\n", alice.cookie);
    target.send("POST", "/rpc/sign_out", &format!("{page}content-type: {FORM}\r\n"), "").await?;
    let is_out = target.me(&alice.token).await?["name"].is_null();
    Ok(Outcome::of(is_out.then(|| "signed out by another site".to_owned())))
}
