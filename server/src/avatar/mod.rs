//! Pictures of people and logos of organizations: the forms that send one, and the addresses that show it.

use auth::avatar::MAX_BYTES;
use axum::extract::Request;
use axum::http::Method;

mod change;
mod change_logo;
mod form;
mod show;

pub use change::change;
pub use change_logo::change_logo;
pub use form::{PictureForm, wants_page};
pub use show::{show, show_logo};

/// What a request with a picture may weigh: the file, and what a form writes around it.
pub const MAX_REQUEST: usize = MAX_BYTES + 16 * 1024;

/// Whether a request may carry a picture: a post of a form, or the call of a program.
pub fn is_upload(request: &Request) -> bool {
    let (method, path) = (request.method(), request.uri().path());
    match *method {
        Method::POST => PictureForm::of(path).is_some(),
        Method::PUT => path == "/api/v1/me/avatar" || is_logo(path),
        _ => false,
    }
}

/// Whether an address is that of the logo of an organization.
fn is_logo(path: &str) -> bool {
    path.strip_prefix("/api/v1/organizations/").is_some_and(|rest| rest.ends_with("/logo"))
}

/// The form that a browser posted by itself, and shows the page it is led to.
pub fn form_post(request: &Request) -> Option<PictureForm> {
    let form = PictureForm::of(request.uri().path()).filter(|_| request.method() == Method::POST);
    form.filter(|_| wants_page(request.headers()))
}
