//! What the address of a page asks for, and the addresses that ask for something else.

use auth::form::{AuditForm, AuditFormat};

use super::super::account::{after, query};
use crate::page::address::with_query;

/// Whose log a page shows.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it.
    Platform,
    /// That of the organization with this slug.
    Organization(String),
}

impl Scope {
    /// The address of the page.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Platform => "/admin/audit".to_owned(),
            Self::Organization(slug) => format!("/orgs/{slug}/audit"),
        }
    }

    /// Whether it is all of it.
    pub(super) fn is_platform(&self) -> bool {
        *self == Self::Platform
    }
}

/// What the address of this page asks for.
pub(super) fn asked() -> AuditForm {
    AuditForm {
        kind: query("kind"),
        person: query("person"),
        organization: query("organization"),
        outcome: query("outcome"),
        address: query("address"),
        request_id: query("request_id"),
        from: query("from"),
        to: query("to"),
        after: after(),
    }
}

/// Whether anything is sought.
pub(super) fn is_filtered(form: &AuditForm) -> bool {
    sought(form).iter().any(|(_, value)| !value.is_empty())
}

/// The first page of what is sought.
pub(super) fn list_path(scope: &Scope, form: &AuditForm) -> String {
    with_query(&scope.path(), &sought(form))
}

/// The file of what is sought.
pub(super) fn export_path(scope: &Scope, form: &AuditForm, format: AuditFormat) -> String {
    let format = ("format", format.as_str());
    let parameters: Vec<_> = std::iter::once(format).chain(sought(form)).collect();
    with_query(&format!("{}/export", scope.path()), &parameters)
}

/// The page of one thing alone.
pub(super) fn only(scope: &Scope, name: &str, value: &str) -> String {
    with_query(&scope.path(), &[(name, value)])
}

/// What is sought, by its name in an address.
fn sought(form: &AuditForm) -> [(&'static str, &str); 8] {
    let fields = [
        ("kind", &form.kind),
        ("person", &form.person),
        ("organization", &form.organization),
        ("outcome", &form.outcome),
        ("address", &form.address),
        ("request_id", &form.request_id),
        ("from", &form.from),
        ("to", &form.to),
    ];
    fields.map(|(name, value)| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sought_is_in_every_address() {
        let form = AuditForm { person: " a+b@example.com ".into(), kind: "session".into(), ..AuditForm::default() };
        let query = "kind=session&person=a%2Bb%40example.com";
        assert_eq!(list_path(&Scope::Platform, &form), format!("/admin/audit?{query}"));
        let of_acme = Scope::Organization("acme".into());
        let file = format!("/orgs/acme/audit/export?format=csv&{query}");
        assert_eq!(export_path(&of_acme, &form, AuditFormat::Csv), file);
        assert_eq!(list_path(&of_acme, &AuditForm::default()), "/orgs/acme/audit");
        assert_eq!(
            export_path(&Scope::Platform, &AuditForm::default(), AuditFormat::Jsonl),
            "/admin/audit/export?format=jsonl"
        );
        assert!(is_filtered(&form) && !is_filtered(&AuditForm { to: " ".into(), ..AuditForm::default() }));
    }
}
