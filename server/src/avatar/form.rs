//! The forms that send a picture: that of the profile, and that of an organization's settings.
//!
//! They are no server functions, because those read no files. They look like ones from outside: they are posted to
//! `/rpc/`, answered by 303, and a refusal comes back to its page with its words.

use app::error::AppError;
use app::page::{CHANGE_AVATAR, CHANGE_LOGO};
use auth::{Field, LocalPath, Locale, Refusal};
use axum::body::Bytes;
use axum::extract::Multipart;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, REFERER};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::server_fn::error::ServerFnUrlError;

use crate::layer::refused_later::note_refusal;
use crate::problem::Refused;

/// A form that sends a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PictureForm {
    /// The picture of a person.
    Avatar,
    /// The logo of an organization.
    Logo,
}

impl PictureForm {
    /// The form that is posted to this path.
    pub fn of(path: &str) -> Option<Self> {
        [Self::Avatar, Self::Logo].into_iter().find(|form| form.action() == path)
    }

    /// Where it is posted to.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Avatar => CHANGE_AVATAR,
            Self::Logo => CHANGE_LOGO,
        }
    }

    /// The field with the file.
    pub const fn field(self) -> Field {
        match self {
            Self::Avatar => Field::Avatar,
            Self::Logo => Field::Logo,
        }
    }

    /// The page that a refusal leads back to. Which organization's settings it was is known by the `Referer` alone, and
    /// only a page of ours below `/orgs` is taken from it: whoever sent it wrote it.
    fn page(self, headers: &HeaderMap) -> String {
        match self {
            Self::Avatar => "/account".to_owned(),
            Self::Logo => settings_of(headers).unwrap_or_else(|| "/orgs".to_owned()),
        }
    }

    /// Leads back to the page of the form, which finds the refusal in its address as it finds those of
    /// server functions.
    pub fn refused_page(self, refusal: Refusal, headers: &HeaderMap) -> Response {
        let (page, code) = (self.page(headers), refusal.code);
        let url = ServerFnUrlError::new(self.action(), AppError(refusal)).to_url(&format!("http://localhost{page}"));
        let led = url.ok().and_then(|url| Some(format!("{page}?{}", url.query()?)));
        let mut answer = Redirect::to(&led.unwrap_or(page)).into_response();
        note_refusal(&mut answer, code);
        answer
    }

    /// A refusal for whoever sent the form.
    pub fn refused(self, refusal: Refusal, headers: &HeaderMap, locale: Locale) -> Response {
        if wants_page(headers) {
            self.refused_page(refusal, headers)
        } else {
            Refused::new(refusal, locale).into_response()
        }
    }
}

/// Whether a browser posted the form by itself, and shows the page it is led to.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

fn settings_of(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(REFERER)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    let path = path.split(['?', '#']).next()?;
    let is_ours = path.starts_with("/orgs/") && path.ends_with("/settings");
    LocalPath::parse(path).filter(|_| is_ours).map(|path| path.as_str().to_owned())
}

/// What a form with a file says.
#[derive(Default)]
pub struct Sent {
    /// The file; empty when none was chosen.
    pub file: Bytes,
    /// The organization whose logo it is, by its slug; empty for the picture of a person.
    pub organization: String,
}

/// Reads the form: the one file, and the organization where there is one. Anything else is none of ours.
///
/// # Errors
/// [`auth::ErrorCode::MalformedRequest`].
pub async fn read(form: PictureForm, mut sent: Multipart) -> Result<Sent, auth::ErrorCode> {
    let malformed = auth::ErrorCode::MalformedRequest;
    let (mut file, mut organization) = (None, None);
    while let Some(field) = sent.next_field().await.map_err(|_| malformed)? {
        match field.name() {
            Some(name) if name == form.field().as_str() && file.is_none() => {
                file = Some(field.bytes().await.map_err(|_| malformed)?);
            }
            Some("organization") if form == PictureForm::Logo && organization.is_none() => {
                organization = Some(field.text().await.map_err(|_| malformed)?);
            }
            _ => return Err(malformed),
        }
    }
    Ok(Sent { file: file.unwrap_or_default(), organization: organization.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth::FieldIssue;
    use axum::http::HeaderValue;

    fn refused(form: PictureForm, referer: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REFERER, HeaderValue::from_str(referer).unwrap());
        let refusal = Refusal::invalid(vec![(form.field(), FieldIssue::ImageTooLarge)]);
        let answer = form.refused_page(refusal, &headers);
        assert_eq!(answer.status(), 303);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    #[test]
    fn a_refusal_leads_to_the_page_and_says_nothing_personal() {
        let location = refused(PictureForm::Avatar, "https://id.example.com/account?x=1");
        let error = location.strip_prefix("/account?__path=%2Frpc%2Fchange_avatar&__err=").unwrap();
        let error = ServerFnUrlError::<AppError>::decode_err(&error.replace("%3D", "="));
        assert_eq!(error.issue(Field::Avatar), Some(FieldIssue::ImageTooLarge));
    }

    #[test]
    fn that_of_a_logo_leads_to_the_settings_it_came_from_and_to_no_other_page() {
        let own = refused(PictureForm::Logo, "https://id.example.com/orgs/acme/settings?note=saved");
        assert!(own.starts_with("/orgs/acme/settings?__path=%2Frpc%2Fchange_logo&"), "{own}");
        for other in [
            "https://evil.example",
            "https://id.example.com/account",
            "https://id.example.com//evil.example/orgs/x/settings",
        ] {
            let led = refused(PictureForm::Logo, other);
            assert!(led.starts_with("/orgs?__path="), "{led}");
        }
    }
}
