//! The extractors that other programs guard their routes with, on routes of their own.

use crate::support::TestApp;
use auth::organization::OrganizationPermission;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Locale, Permission};
use axum::body::{Body, to_bytes};
use axum::extract::Extension;
use axum::http::Request;
use axum::routing::{get, post};
use axum::{Json, Router};
use server::extract::{CurrentUser, Guard, Needed, Require};
use tower::ServiceExt;

const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a9001";
const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a9002";

struct ReadUsers;

impl Guard for ReadUsers {
    const NEEDED: Needed = Needed::OnPlatform(Permission::ReadUsers);
}

struct DeleteDocuments;

impl Guard for DeleteDocuments {
    const NEEDED: Needed = Needed::InOrganization(OrganizationPermission::DeleteDocuments);
}

struct ReadDocuments;

impl Guard for ReadDocuments {
    const NEEDED: Needed = Needed::InOrganization(OrganizationPermission::ReadDocuments);
}

/// Routes as somebody else writes them, for a request of this caller.
fn routes(auth: Auth, caller: Result<Caller, ErrorCode>) -> Router {
    let context =
        Context { address: String::new(), device: String::new(), locale: Locale::En, request_id: String::new() };
    Router::new()
        .route("/me", get(|user: CurrentUser| async move { user.caller.user_id.0 }))
        .route("/users", post(|_: Require<ReadUsers>, Json(_): Json<u8>| async { "users" }))
        .route(
            "/orgs/{organization}/documents",
            get(|member: Require<ReadDocuments>| async move {
                member.within.map(|within| within.membership.role_name).unwrap_or_default()
            }),
        )
        .route("/orgs/{organization}/old", get(|_: Require<DeleteDocuments>| async { "gone" }))
        .layer(Extension(context))
        .layer(Extension(caller))
        .with_state(auth)
}

async fn ask(auth: &Auth, caller: &Result<Caller, ErrorCode>, request: Request<Body>) -> (u16, String) {
    let response = routes(auth.clone(), caller.clone()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    let code =
        serde_json::from_str::<serde_json::Value>(&body).ok().and_then(|body| Some(body["code"].as_str()?.to_owned()));
    (status, code.unwrap_or(body))
}

fn to(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_is_reached_by_who_may() {
    let app = TestApp::start().await;
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;
    let auth = &app.application.auth;
    let alice = auth.caller_of_access_token(&token.into()).unwrap();
    let id = alice.user_id.0.clone();
    app.execute(
        "INSERT INTO organizations (id, slug, name, created_at) VALUES \
         ('01890a5d-ac96-774b-bcce-b302099a9001', 'acme', 'Acme', 0), \
         ('01890a5d-ac96-774b-bcce-b302099a9002', 'other', 'Other', 0)",
    )
    .await;
    app.execute(
        "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
         SELECT '01890a5d-ac96-774b-bcce-b302099a9001', id, 'member', 0 FROM users",
    )
    .await;
    let (nobody, alice) = (Err(ErrorCode::SignedOut), Ok(alice));
    let (documents, old) = (|of: &str| format!("/orgs/{of}/documents"), |of: &str| format!("/orgs/{of}/old"));

    assert_eq!(ask(auth, &nobody, to("/me")).await, (401, "signed_out".into()));
    assert_eq!(ask(auth, &alice, to("/me")).await, (200, id));
    let broken = || Request::post("/users").body(Body::from("nonsense")).unwrap();
    assert_eq!(ask(auth, &alice, broken()).await, (404, "not_found".into()), "before the body is read");
    assert_eq!(ask(auth, &nobody, broken()).await, (401, "signed_out".into()));

    assert_eq!(ask(auth, &alice, to(&documents(ACME))).await, (200, "member".into()));
    assert_eq!(ask(auth, &alice, to(&old(ACME))).await, (403, "forbidden".into()));
    for elsewhere in [OTHER, "01890a5d-ac96-774b-bcce-b302099a9009"] {
        assert_eq!(ask(auth, &alice, to(&documents(elsewhere))).await, (404, "not_found".into()), "{elsewhere}");
    }
    for bad in ["x", "acme", "%00", "01890a5d-ac96-774b-bcce-b302099a900g"] {
        assert_eq!(ask(auth, &alice, to(&documents(bad))).await, (400, "malformed_request".into()), "{bad}");
    }
    assert_eq!(ask(auth, &nobody, to(&documents(ACME))).await, (401, "signed_out".into()));
}
