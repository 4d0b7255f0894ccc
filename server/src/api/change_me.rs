//! `PATCH /api/v1/me`

use auth::form::ProfileForm;
use auth::session::Actor;
use auth::view::Me;
use auth::{Auth, Context, Scope, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::any_caller::AnyCaller;
use super::body::JsonBody;
use super::me::MeShape;
use crate::problem::{Problem, Refused};

/// What is to change: at least one of these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::ProfileForm` for the document")]
struct ChangeMe {
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: Option<String>,
    /// The zone to show times in, by its IANA name, or `UTC`.
    #[schema(example = "Europe/Paris")]
    time_zone: Option<String>,
    /// The language of mails, `en` or `fr`.
    #[schema(example = "fr")]
    locale: Option<String>,
}

/// Changes the name, the time zone and the language of the signed-in person. What is missing stays.
#[utoipa::path(patch, path = "/me", request_body = ChangeMe, tag = "account", responses(
    (status = 200, description = "The person as known now.", body = MeShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: a personal access token needs `profile:write`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn change_me(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    caller: AnyCaller,
    JsonBody(form): JsonBody<ProfileForm>,
) -> Result<Json<Me>, Refused> {
    let actor = caller.with(Scope::ProfileWrite)?;
    let changed = change(&auth, &actor, &form, &context).await;
    changed.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}

async fn change(auth: &Auth, actor: &Actor, form: &ProfileForm, context: &Context) -> auth::Result<Me> {
    let change = form.parse()?;
    // Before the language, which asks for no session: it may also be chosen by somebody signed out.
    auth.me(actor).await?;
    if let Some(name) = change.name {
        flow::change_name(auth, actor, name, context).await?;
    }
    if let Some(zone) = change.time_zone {
        flow::change_time_zone(auth, actor, zone, context).await?;
    }
    if let Some(locale) = change.locale {
        flow::change_locale(auth, actor, locale).await?;
    }
    auth.me(actor).await
}
