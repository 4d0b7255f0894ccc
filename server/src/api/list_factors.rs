//! `GET /api/v1/factors`

use auth::factor::Ladder;
use auth::session::Caller;
use auth::view::FactorsOverview;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::start_account_recovery::AccountRecoveryShape;
use crate::problem::{Problem, Refused};

/// The overview, with what follows from it.
#[derive(Serialize)]
pub struct Factors {
    #[serde(flatten)]
    overview: FactorsOverview,
    ladder: Ladder,
}

/// The second factors of an account. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Factors)]
#[expect(dead_code, reason = "the shape of `auth::view::FactorsOverview` for the document")]
struct FactorsShape {
    /// Whether there is a password to sign in with.
    has_password: bool,
    /// The kinds that are active, strongest first: `passkey`, `totp`, `sms_code`, `email_code`.
    active: Vec<String>,
    /// The kinds that can be added here.
    available: Vec<String>,
    /// The passkeys, newest first.
    passkeys: Vec<PasskeyFactShape>,
    /// Since when codes of an authenticator app are asked for.
    totp_since: Option<i64>,
    /// Where codes by SMS go.
    phone: Option<PhoneFactShape>,
    /// How many recovery codes are unused.
    recovery_codes_left: u32,
    /// When they were made.
    recovery_codes_since: Option<i64>,
    /// In how many browsers the second factor is not asked for.
    trusted_devices: u32,
    /// The recovery by mail that runs.
    recovery: Option<AccountRecoveryShape>,
    /// How its person gets in whose phone is lost.
    ladder: LadderShape,
}

/// A passkey by its name.
#[derive(ToSchema)]
#[schema(as = PasskeyFact)]
#[expect(dead_code, reason = "the shape of `auth::view::PasskeyFact` for the document")]
struct PasskeyFactShape {
    /// What its owner calls it.
    name: String,
    /// When it was added.
    created_at: i64,
    /// When it was last used.
    last_used_at: Option<i64>,
}

/// A proven phone number.
#[derive(ToSchema)]
#[schema(as = PhoneFact)]
#[expect(dead_code, reason = "the shape of `auth::view::PhoneFact` for the document")]
struct PhoneFactShape {
    /// Its last digits.
    masked: String,
    /// When it was proven.
    since: i64,
}

/// The recovery ladder.
#[derive(ToSchema)]
#[schema(as = Ladder)]
#[expect(dead_code, reason = "the shape of `auth::factor::Ladder` for the document")]
struct LadderShape {
    /// From the top.
    rungs: Vec<LadderRungShape>,
    /// What happens when the phone is lost: `no_factor`, `passkey`, `recovery_code`, `email_code` or `wait`.
    rescue: String,
    /// What would help most: `add_passkey`, `add_another_passkey`, `add_authenticator`, `make_recovery_codes` or
    /// `nothing`.
    next: String,
}

/// A way in without the phone.
#[derive(ToSchema)]
#[schema(as = LadderRung)]
#[expect(dead_code, reason = "the shape of `auth::factor::LadderRung` for the document")]
struct LadderRungShape {
    /// `another_passkey`, `recovery_code`, `authenticator`, `sms_code`, `email_code` or `mail`.
    rung: String,
    /// `holds`, `gone` (it goes with the phone) or `missing`.
    footing: String,
}

/// Which second factors the account has, since when, and how its person gets in whose phone is lost.
#[utoipa::path(get, path = "/factors", tag = "factors", responses(
    (status = 200, description = "The factors.", body = FactorsShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_factors(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<Factors>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    match flow::factors_overview(&auth, &caller).await {
        Ok(overview) => Ok(Json(Factors { ladder: Ladder::of(&overview), overview })),
        Err(error) => Err(Refused::from_error(&error, context.locale)),
    }
}
