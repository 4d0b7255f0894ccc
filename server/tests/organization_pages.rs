//! The pages of organizations as a browser without script sees them.

use crate::support::{Answer, TestApp};
use auth::organization::BuiltInRole;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

const OWNER: &str = "olga@example.com";
const MEMBER: &str = "mia@example.com";
/// A file that is no picture of a kind that is read.
const NO_PNG: &[u8] = include_bytes!("../../public/favicon.svg");

/// An organization with a member; the cookies of both.
async fn start() -> (TestApp, String, String) {
    let app = TestApp::start().await;
    for email in [OWNER, MEMBER] {
        app.create_account(email).await;
    }
    let (owner, token) = app.sign_in(OWNER).await;
    let body = json!({"name": "Acme"}).to_string();
    let made = app.bearer_body(Method::POST, "/api/v1/organizations", &token, body.into()).await.value();
    let (member, token) = app.sign_in(MEMBER).await;
    let me = app.bearer(Method::GET, "/api/v1/me", &token).await.value();
    app.join(made["id"].as_str().unwrap(), me["id"].as_str().unwrap(), BuiltInRole::Member).await;
    (app, owner, member)
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let page = app.get(path, cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page
}

/// The page that a posted form leads to.
async fn led(app: &TestApp, from: &str, form: (&str, &str), cookie: &str) -> Answer {
    let posted = app.form_of(from, form.0, form.1, cookie).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}: {}", form.0, posted.body);
    let cookies = match posted.cookie("__Host-chosen") {
        Some(chosen) => format!("{cookie}; {chosen}"),
        None => cookie.to_owned(),
    };
    app.get(posted.location(), &cookies).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_in_none_is_told_what_one_is_for_and_makes_one() {
    let app = TestApp::start().await;
    app.create_account(OWNER).await;
    let (cookie, _) = app.sign_in(OWNER).await;
    let empty = page(&app, "/orgs", &cookie).await;
    assert!(empty.says("page.organizations.first") && !empty.body.contains("class=\"switcher\""), "{}", empty.body);
    assert!(page(&app, "/dashboard", &cookie).await.says("page.organizations.first"));

    let refused = led(&app, "/orgs/new", ("/rpc/create_organization", "name=Acme&slug=a+b"), &cookie).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("issue.invalid_slug") && refused.body.contains("value=\"a b\""), "{}", refused.body);
    let made = app.form_of("/orgs/new", "/rpc/create_organization", "name=Acme&slug=", &cookie).await;
    assert_eq!(made.location(), "/orgs/acme?note=created");
    let first = page(&app, made.location(), &cookie).await;
    assert!(first.says("page.organization.created") && first.body.contains("class=\"switcher\""), "{}", first.body);
    assert!(first.body.contains("<title>Overview · Keywright</title>"), "no word of a person: {}", first.body);
    assert!(page(&app, "/dashboard", &cookie).await.body.contains("href=\"/orgs/acme\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sees_the_places_of_their_role_and_strangers_see_none() {
    let (app, owner, member) = start().await;
    let own = page(&app, "/orgs/acme", &owner).await.body;
    let hers = page(&app, "/orgs/acme", &member).await.body;
    for (place, is_hers) in [("members", true), ("roles", true), ("settings", false), ("audit", false)] {
        let link = format!("href=\"/orgs/acme/{place}\"");
        assert!(own.contains(&link), "{place}");
        assert_eq!(hers.contains(&link), is_hers, "{place}");
    }
    let closed = app.get("/orgs/acme/settings", &member).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.says("page.organization.forbidden_title") && !closed.body.contains("/rpc/rename_organization"));
    let members = page(&app, "/orgs/acme/members", &member).await.body;
    assert!(members.contains(OWNER) && !members.contains("/rpc/change_member"), "seen, and not to be changed");

    app.create_account("sven@example.com").await;
    let (stranger, _) = app.sign_in("sven@example.com").await;
    for path in
        ["/orgs/acme", "/orgs/acme/members", "/orgs/acme/roles", "/orgs/acme/settings", "/orgs/nothing", "/orgs/%00"]
    {
        let nothing = app.get(path, &stranger).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND, "{path}");
        assert!(nothing.says("page.not_found.title") && !nothing.body.contains("Acme"), "{path}: {}", nothing.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_change_what_they_say_and_a_refusal_comes_back_with_its_words() {
    let (app, owner, _) = start().await;
    let members = page(&app, "/orgs/acme/members", &owner).await.body;
    let (_, rest) = members.split_once("id=\"role-").unwrap();
    let user = rest.split('"').next().unwrap();
    let changed = format!("organization=acme&user={user}&role=viewer&department=Sales");
    let page_of = "/orgs/acme/members";
    let shown = led(&app, page_of, ("/rpc/change_member", &changed), &owner).await;
    assert!(shown.says("page.members.changed") && shown.body.contains("Sales"), "{}", shown.body);
    let unknown = format!("organization=acme&user={user}&role=root&department=");
    let refused = led(&app, page_of, ("/rpc/change_member", &unknown), &owner).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("issue.unknown"), "{}", refused.body);
    let left = led(&app, page_of, ("/rpc/leave_organization", "organization=acme"), &owner).await;
    assert_eq!(left.status, StatusCode::CONFLICT);
    assert!(left.says("error.last_owner"), "{}", left.body);

    let role = "organization=acme&name=Editor&permissions[]=documents:update";
    let made = led(&app, "/orgs/acme/roles", ("/rpc/create_role", role), &owner).await;
    assert!(made.says("page.organization_roles.created") && made.body.contains("Editor"), "{}", made.body);
    let again = led(&app, "/orgs/acme/roles", ("/rpc/create_role", role), &owner).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.says("issue.taken") && again.body.contains("value=\"Editor\""), "{}", again.body);

    let renamed = "organization=acme&name=Acme+Sons&slug=acme-sons";
    let shown = led(&app, "/orgs/acme/settings", ("/rpc/rename_organization", renamed), &owner).await;
    assert!(shown.says("page.organization_settings.saved") && shown.body.contains("acme-sons"), "{}", shown.body);
    let chosen = app.form_of("/dashboard", "/rpc/choose_organization", "organization=acme-sons", &owner).await;
    assert_eq!(chosen.location(), "/orgs/acme-sons");
    let none = app.form_of("/dashboard", "/rpc/choose_organization", "organization=", &owner).await;
    assert_eq!(none.location(), "/dashboard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_proof_is_asked_for_and_the_act_goes_on_by_itself() {
    let (app, owner, _) = start().await;
    app.forget_proofs().await;
    let asked = app.form_of("/orgs/acme/settings", "/rpc/delete_organization", "organization=acme", &owner).await;
    assert!(asked.location().starts_with("/account/confirm?act="), "{}", asked.location());
    let confirm = page(&app, asked.location(), &owner).await;
    assert!(confirm.says("page.organization.act_delete"), "{}", confirm.body);
    let act = asked.location().split_once("act=").unwrap().1;
    let proof = format!("act={act}&current_password={}", crate::support::PASSWORD.replace(' ', "+"));
    let done = app.form_of("/account/confirm", "/rpc/confirm_identity", &proof, &owner).await;
    assert_eq!(done.location(), "/orgs/acme/settings?note=deleting", "{}", done.body);
    let shown = page(&app, done.location(), &owner).await;
    assert!(shown.says("page.organization_settings.deleting") && shown.says("page.organization.going"));
    let kept = led(&app, "/orgs/acme/settings", ("/rpc/keep_organization", "organization=acme"), &owner).await;
    assert!(kept.says("page.organization_settings.kept"), "{}", kept.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rule_about_second_factors_waits_for_a_fresh_proof_both_ways() {
    let (app, owner, _) = start().await;
    for (wanted, label, note, said) in [
        ("required=on", "page.organization.act_require_factor", "required", "page.factor_rule.now_on"),
        ("required=", "page.organization.act_release_factor", "optional", "page.factor_rule.now_off"),
    ] {
        app.forget_proofs().await;
        let form = format!("organization=acme&{wanted}");
        let asked = app.form_of("/orgs/acme/security", "/rpc/set_factor_rule", &form, &owner).await;
        let confirm = page(&app, asked.location(), &owner).await;
        assert!(confirm.says(label), "{}", confirm.body);
        let act = asked.location().split_once("act=").unwrap().1;
        let proof = format!("act={act}&current_password={}", crate::support::PASSWORD.replace(' ', "+"));
        let done = app.form_of("/account/confirm", "/rpc/confirm_identity", &proof, &owner).await;
        assert_eq!(done.location(), format!("/orgs/acme/security?note={note}"), "{}", done.body);
        assert!(page(&app, done.location(), &owner).await.says(said));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_logo_comes_back_to_the_settings_with_words() {
    let (app, owner, member) = start().await;
    let send = |cookie: &str| {
        let head = "--x\r\ncontent-disposition: form-data; name=\"organization\"\r\n\r\nacme\r\n\
                    --x\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"a.png\"\r\n\
                    content-type: image/png\r\n\r\n";
        let body = [head.as_bytes(), NO_PNG, b"\r\n--x--\r\n"].concat();
        let request = Request::post("/rpc/change_logo")
            .header("content-type", "multipart/form-data; boundary=x")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
            .header("referer", "http://localhost:3000/orgs/acme/settings")
            .header("cookie", cookie);
        app.send(request.body(Body::from(body)).unwrap())
    };
    let sent = send(&owner).await;
    assert!(sent.location().starts_with("/orgs/acme/settings?__path="), "{}", sent.location());
    let shown = app.get(sent.location(), &owner).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.says("issue.invalid_image"), "{}", shown.body);
    let forbidden = send(&member).await;
    assert_eq!(app.get(forbidden.location(), &member).await.status, StatusCode::FORBIDDEN);
}
