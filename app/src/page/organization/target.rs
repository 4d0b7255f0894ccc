//! The organization that a form is about: it names it by its slug.

use auth::id::OrganizationId;
use auth::organization::Slug;
use auth::session::Caller;
use auth::{Auth, Context, flow};

use crate::error::AppError;
use crate::server;

/// Who acts, and the organization they are in.
pub(in crate::page) struct Target {
    pub(in crate::page) auth: Auth,
    pub(in crate::page) caller: Caller,
    pub(in crate::page) context: Context,
    pub(in crate::page) id: OrganizationId,
    /// As it stands in addresses.
    name: String,
}

impl Target {
    /// The organization that is called so.
    ///
    /// # Errors
    /// They are in none; nobody is signed in.
    pub(in crate::page) async fn of(slug: &str) -> Result<Self, AppError> {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        let id = flow::organization_of_slug(&auth, &caller, slug).await?;
        // Nothing strange gets into an address of ours.
        let name = Slug::parse(slug).map_or_else(|_| id.as_str().to_owned(), |slug| slug.as_str().to_owned());
        Ok(Self { auth, caller, context, id, name })
    }

    /// The address of one of its pages.
    pub(in crate::page) fn page(&self, rest: &str) -> String {
        format!("{}/{}{rest}", super::PATH, self.name)
    }
}
