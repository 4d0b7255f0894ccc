//! `GET /api/v1/providers`

use auth::view::ProviderItem;
use auth::{Auth, flow};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The providers, in the order in which they are shown.
#[derive(Serialize, ToSchema)]
pub struct ProviderList {
    #[schema(value_type = Vec<ProviderItemShape>)]
    items: Vec<ProviderItem>,
}

/// A provider to sign in with.
#[derive(ToSchema)]
#[schema(as = ProviderItem)]
#[expect(dead_code, reason = "the shape of `auth::view::ProviderItem` for the document")]
struct ProviderItemShape {
    /// Its name in addresses.
    #[schema(example = "google")]
    id: String,
    /// Its name for people.
    #[schema(example = "Google")]
    name: String,
    /// Its picture: `google`, `github`, `microsoft`, `gitlab` or `openid`.
    #[schema(example = "google")]
    icon: String,
    /// Where a browser may ask by itself (FedCM); missing where it may not.
    fedcm: Option<FedCmItemShape>,
}

/// What a browser needs to ask by itself.
#[derive(ToSchema)]
#[schema(as = FedCmItem)]
#[expect(dead_code, reason = "the shape of `auth::view::FedCmItem` for the document")]
struct FedCmItemShape {
    /// The provider's file for browsers.
    #[schema(example = "https://accounts.google.com/gsi/fedcm.json")]
    config_url: String,
    /// Who we are there.
    client_id: String,
}

/// The providers that people may sign in with. Everybody may know them: the sign-in page shows them.
#[utoipa::path(get, path = "/providers", tag = "provider", responses(
    (status = 200, description = "All of them; none where none is set.", body = ProviderList),
))]
pub async fn list_providers(State(auth): State<Auth>) -> Json<ProviderList> {
    Json(ProviderList { items: flow::list_providers(&auth) })
}
