//! `/api/v1/organizations/{organization}/documents`: a resource that every rule is at work on, for people and for
//! programs with a personal access token.

use auth::Locale;
use auth::id::{DocumentId, OrganizationId};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::Method;

use super::path_id::{one_id, two_ids};
use crate::problem::Refused;

pub mod change;
pub mod change_sensitivity;
pub mod change_state;
pub mod create;
pub mod delete;
pub mod hand_over;
pub mod list;
pub mod shape;
pub mod show;

/// Whether a request may carry the text of a document: that of a program, or the post of a form.
pub fn may_carry_document(method: &Method, path: &str) -> bool {
    if matches!(path, "/rpc/create_document" | "/rpc/change_document") {
        return *method == Method::POST;
    }
    let Some((_, below)) = path.strip_prefix("/api/v1/organizations/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    match *method {
        Method::POST => below == "documents",
        Method::PATCH => below.strip_prefix("documents/").is_some_and(|document| !document.contains('/')),
        _ => false,
    }
}

/// The organization of an address.
fn organization_of(path: Result<Path<String>, PathRejection>, locale: Locale) -> Result<OrganizationId, Refused> {
    one_id(path, OrganizationId::parse, locale)
}

/// The organization and the document of an address.
fn document_of(
    path: Result<Path<(String, String)>, PathRejection>,
    locale: Locale,
) -> Result<(OrganizationId, DocumentId), Refused> {
    two_ids(path, (OrganizationId::parse, DocumentId::parse), locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_carries_a_text_may_be_large() {
        for (method, path) in [
            (Method::POST, "/rpc/create_document"),
            (Method::POST, "/rpc/change_document"),
            (Method::POST, "/api/v1/organizations/x/documents"),
            (Method::PATCH, "/api/v1/organizations/x/documents/y"),
        ] {
            assert!(may_carry_document(&method, path), "{method} {path}");
        }
        for (method, path) in [
            (Method::GET, "/rpc/create_document"),
            (Method::POST, "/rpc/delete_document"),
            (Method::POST, "/api/v1/organizations/x"),
            (Method::POST, "/api/v1/organizations/documents"),
            (Method::PUT, "/api/v1/organizations/x/documents/y/state"),
            (Method::PATCH, "/api/v1/organizations/x/documents/y/state"),
            (Method::POST, "/api/v1/tokens"),
        ] {
            assert!(!may_carry_document(&method, path), "{method} {path}");
        }
    }
}
