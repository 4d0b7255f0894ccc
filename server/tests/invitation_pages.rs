//! Invitations, mail domains and the rule for second factors as pages and plain forms.

use crate::support::browser::Browser;
use crate::support::{Answer, PASSWORD, TestApp, token_of};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const EVE: &str = "eve@example.com";
const PAGE: &str = "/orgs/acme/invitations";
const COOKIE: &str = "__Host-invitation";

/// Ada, who owns the organization Acme; gives its id and her access token as well.
async fn start(settings: &str) -> (TestApp, String, String) {
    let app = TestApp::start_with(settings).await;
    app.create_account(ADA).await;
    let (_, ada) = app.sign_in(ADA).await;
    let body = json!({"name": "Acme"}).to_string();
    let made = app.bearer_body(Method::POST, "/api/v1/organizations", &ada, body.into()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id = made.value()["id"].as_str().unwrap().to_owned();
    (app, id, ada)
}

/// An organization that invites Bob; gives the mail.
async fn invited() -> (TestApp, Value) {
    let (app, id, ada) = start("").await;
    let body = json!({"email": BOB, "role": "member"}).to_string();
    let path = format!("/api/v1/organizations/{id}/invitations");
    let made = app.bearer_body(Method::POST, &path, &ada, body.into()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let mail = app.mail(BOB, "invitation").await;
    (app, mail)
}

async fn signed_in<'a>(app: &'a TestApp, email: &str) -> Browser<'a> {
    let (cookie, _) = app.sign_in(email).await;
    Browser::with(app, &cookie)
}

fn link_of(mail: &Value) -> String {
    format!("/invitation?token={}", token_of(mail))
}

fn assert_leads_to(answer: &Answer, place: &str) {
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, place), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_account_makes_one_and_comes_back() {
    let (app, mail) = invited().await;
    let (link, token) = (link_of(&mail), token_of(&mail));
    let mut browser = Browser::new(&app);
    for _ in 0..2 {
        let page = browser.come_back(&link).await;
        assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"), "{}", page.body);
        assert!(page.body.contains("Sam invites you to join Acme.") && page.body.contains(BOB), "{}", page.body);
        assert!(page.says("page.invitation.account_first") && page.says("page.invitation.decline_action"));
        assert!(!page.says("page.invitation.accept"), "looking at a link is no answer");
    }
    let kept = browser.post(&link, "/rpc/keep_invitation", &format!("token={token}&way=sign_up")).await;
    assert_leads_to(&kept, "/sign-up?next=/invitation");
    let line = kept.set_cookie(COOKIE).unwrap();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(line.contains(attribute), "{attribute} in {line}");
    }
    assert!(!line.contains(&token), "sealed");
    let sign_up = browser.follow(&link, kept.location()).await;
    assert!(sign_up.body.contains(&format!("value=\"{BOB}\"")), "the address is filled in: {}", sign_up.body);

    app.create_account(BOB).await;
    let sign_in = browser.follow("/verify-email", "/sign-in").await;
    assert!(sign_in.body.contains("name=\"next\" value=\"/invitation\""), "{}", sign_in.body);
    let form = format!("email={BOB}&password={}&next=/invitation", PASSWORD.replace(' ', "+"));
    assert_leads_to(&browser.post("/sign-in", "/rpc/sign_in", &form).await, "/invitation");
    let dashboard = browser.follow("/sign-in", "/dashboard").await;
    assert!(dashboard.says("page.invitation.kept"), "{}", dashboard.body);
    let page = browser.follow("/sign-in", "/invitation").await;
    assert!(page.says("page.invitation.accept") && page.body.contains("Acme"), "{}", page.body);
    assert!(!page.body.contains(&token), "the page needs no token of the browser's");

    let accepted = browser.post("/invitation", "/rpc/accept_invitation", "token=").await;
    assert_leads_to(&accepted, "/orgs/acme");
    assert_eq!(browser.cookie(COOKIE), None);
    let again = browser.post(&link, "/rpc/accept_invitation", &format!("token={token}")).await;
    assert!(again.status == StatusCode::SEE_OTHER && again.location().starts_with(&link), "{}", again.location());
    let dead = browser.follow("/", &link).await;
    assert_eq!(dead.status, StatusCode::GONE);
    assert!(dead.says("page.invitation.dead") && !dead.body.contains("Acme"), "{}", dead.body);
    assert!(!browser.follow("/", "/dashboard").await.says("page.invitation.kept"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forwarded_link_says_so_and_leads_out() {
    let (app, mail) = invited().await;
    let (link, token) = (link_of(&mail), token_of(&mail));
    app.create_account(EVE).await;
    let mut browser = signed_in(&app, EVE).await;
    let page = browser.come_back(&link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.says("page.invitation.sign_out") && page.body.contains(EVE), "{}", page.body);
    assert!(!page.says("page.invitation.accept") && !page.says("page.invitation.decline_action"));
    let refused = browser.post(&link, "/rpc/accept_invitation", &format!("token={token}")).await;
    assert!(refused.status == StatusCode::SEE_OTHER && refused.location().starts_with(&link), "{}", refused.location());
    assert_eq!(browser.follow("/", "/orgs/acme").await.status, StatusCode::NOT_FOUND);

    let back = format!("{link}&note=signed_out");
    let next = back.replace('?', "%3F").replace('&', "%26").replace('=', "%3D");
    assert_leads_to(&browser.post(&link, "/rpc/sign_out", &format!("next={next}")).await, &back);
    assert!(browser.follow(&link, &back).await.says("page.invitation.account_first"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_declined_without_an_account() {
    let (app, mail) = invited().await;
    let (link, token) = (link_of(&mail), token_of(&mail));
    let mut browser = Browser::new(&app);
    let declined = browser.post(&link, "/rpc/decline_invitation", &format!("token={token}")).await;
    assert_leads_to(&declined, "/invitation?note=declined");
    let page = browser.follow(&link, declined.location()).await;
    assert!(page.status == StatusCode::OK && page.says("page.invitation.declined_title"), "{}", page.body);
    assert_eq!(browser.come_back(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.come_back("/invitation?token=never").await.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_of_the_mail_is_typed_by_whoever_is_signed_in() {
    let (app, mail) = invited().await;
    let nobody = Browser::new(&app).come_back("/invitation").await;
    assert!(nobody.status == StatusCode::OK && nobody.says("page.invitation.without_lead"), "{}", nobody.body);
    app.create_account(BOB).await;
    let mut browser = signed_in(&app, BOB).await;
    let page = browser.follow("/", "/invitation").await;
    assert!(page.says("page.invitation.code_lead") && page.body.contains(BOB), "{}", page.body);
    let code = mail["code"].as_str().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for (typed, told) in [("", "issue.required"), (wrong, "error.wrong_code")] {
        let refused = browser.post("/invitation", "/rpc/accept_invitation_code", &format!("code={typed}")).await;
        let page = browser.follow("/invitation", refused.location()).await;
        assert!(page.says(told), "{told}: {}", page.body);
    }
    let accepted = browser.post("/invitation", "/rpc/accept_invitation_code", &format!("code={code}")).await;
    assert_leads_to(&accepted, "/orgs/acme");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_invites_sends_again_and_takes_back() {
    let (app, id, _) = start("").await;
    let mut browser = signed_in(&app, ADA).await;
    let empty = browser.follow("/", PAGE).await;
    assert!(empty.status == StatusCode::OK && empty.says("page.invitations.empty"), "{}", empty.body);

    let form = "organization=acme&email=nobody&role=viewer&department=Sales";
    let refused = browser.post(PAGE, "/rpc/invite", form).await;
    let page = browser.follow(PAGE, refused.location()).await;
    assert!(page.says("issue.invalid_email"), "{}", page.body);
    for kept in ["value=\"nobody\"", "value=\"Sales\""] {
        assert!(page.body.contains(kept), "{kept}: {}", page.body);
    }

    let form = format!("organization=acme&email={BOB}&role=viewer&department=Sales");
    let sent = browser.post(PAGE, "/rpc/invite", &form).await;
    assert_leads_to(&sent, &format!("{PAGE}?note=sent"));
    let page = browser.follow(PAGE, sent.location()).await;
    for told in ["page.invitations.sent", "page.invitations.state_open", "page.invitations.resend"] {
        assert!(page.says(told), "{told}: {}", page.body);
    }
    assert!(page.body.contains(BOB) && page.body.contains("Sales"), "{}", page.body);
    let mail = app.mail(BOB, "invitation").await;
    assert!(!page.body.contains(&token_of(&mail)), "whoever invites does not see the link");
    let (_, rest) = page.body.split_once("name=\"invitation\" value=\"").unwrap();
    let form = format!("organization=acme&invitation={}", rest.split('"').next().unwrap());

    let soon = browser.post(PAGE, "/rpc/resend_invitation", &form).await;
    let page = browser.follow(PAGE, soon.location()).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{}", page.body);
    assert!(page.body.contains("role=\"alert\""), "{}", page.body);
    let revoked = browser.post(PAGE, "/rpc/revoke_invitation", &form).await;
    assert_leads_to(&revoked, &format!("{PAGE}?note=revoked"));
    assert!(browser.follow(PAGE, revoked.location()).await.says("page.invitations.revoked"));
    let again = browser.post(PAGE, "/rpc/revoke_invitation", &form).await;
    assert!(browser.follow(PAGE, again.location()).await.says("page.invitations.answered"));
    assert_eq!(browser.come_back(&link_of(&mail)).await.status, StatusCode::GONE);

    app.create_account(EVE).await;
    let mut stranger = signed_in(&app, EVE).await;
    assert_eq!(stranger.follow("/", PAGE).await.status, StatusCode::NOT_FOUND);
    for form in [form.as_str(), "organization=nowhere&invitation=1", ""] {
        let refused = stranger.post("/dashboard", "/rpc/revoke_invitation", form).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.body);
        assert!(refused.location().starts_with("/dashboard?"), "{}", refused.location());
    }
    let eve = app.read("SELECT id AS text FROM users WHERE email = $1", EVE).await;
    app.join(&id, &eve, auth::organization::BuiltInRole::Viewer).await;
    let mut viewer = signed_in(&app, EVE).await;
    let page = viewer.follow("/", PAGE).await;
    assert!(page.status == StatusCode::FORBIDDEN && !page.body.contains(BOB), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_domain_is_added_on_a_page_that_is_there_when_it_is_on() {
    let (page, at) = ("/orgs/acme/domains", "/rpc/claim_domain");
    let (app, ..) = start("").await;
    assert_eq!(signed_in(&app, ADA).await.follow("/", page).await.status, StatusCode::NOT_FOUND);

    let (app, ..) = start("organization_domains = 'on'\ndns_server = '127.0.0.1:9'\n").await;
    let mut browser = signed_in(&app, ADA).await;
    let empty = browser.follow("/", page).await;
    assert!(empty.status == StatusCode::OK && empty.says("page.domains.empty"), "{}", empty.body);
    let refused = browser.post(page, at, "organization=acme&domain=gmail.com").await;
    let shown = browser.follow(page, refused.location()).await;
    assert!(shown.says("issue.public_domain") && shown.body.contains("value=\"gmail.com\""), "{}", shown.body);
    let claimed = browser.post(page, at, "organization=acme&domain=acme.example").await;
    assert_leads_to(&claimed, "/orgs/acme/domains?note=claimed");
    let shown = browser.follow(page, claimed.location()).await;
    assert!(shown.says("page.domains.state_claimed"), "{}", shown.body);
    assert!(shown.body.contains("keywright-verification="), "{}", shown.body);
    let (_, rest) = shown.body.split_once("name=\"domain\" value=\"").unwrap();
    let form = format!("organization=acme&domain={}", rest.split('"').next().unwrap());

    let changed = browser.post(page, "/rpc/change_domain", &format!("{form}&role=viewer")).await;
    assert_leads_to(&changed, "/orgs/acme/domains?note=changed");
    let shown = browser.follow(page, changed.location()).await;
    let chosen = shown.body.split("<option").find(|option| option.contains("value=\"viewer\""));
    assert!(chosen.is_some_and(|option| option.contains(" selected")), "{}", shown.body);
    let admin = browser.post(page, "/rpc/change_domain", &format!("{form}&role=admin")).await;
    assert!(browser.follow(page, admin.location()).await.says("issue.beyond_own"));
    let released = browser.post(page, "/rpc/release_domain", &form).await;
    assert_leads_to(&released, "/orgs/acme/domains?note=released");
    assert!(browser.follow(page, released.location()).await.says("page.domains.empty"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joined_by_a_domain_is_told_until_they_know() {
    let (app, id, ada) = start("organization_domains = 'on'\n").await;
    let claim = json!({"domain": "acme.example"}).to_string();
    let path = format!("/api/v1/organizations/{id}/domains");
    let claimed = app.bearer_body(Method::POST, &path, &ada, claim.into()).await;
    assert_eq!(claimed.status, StatusCode::CREATED, "{}", claimed.body);
    app.execute("UPDATE organization_domains SET verified_at = 1, seen_at = 4102444800000, join_role = 'viewer'").await;
    app.create_account("carol@acme.example").await;
    let mut browser = signed_in(&app, "carol@acme.example").await;
    let page = browser.follow("/", "/dashboard").await;
    assert!(page.body.contains("because your address is of acme.example"), "{}", page.body);
    assert_leads_to(&browser.post("/dashboard", "/rpc/forget_domain_joins", "").await, "/dashboard");
    assert!(!browser.follow("/", "/dashboard").await.body.contains("because your address is of"));
    assert_eq!(browser.follow("/", "/orgs/acme").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_demands_a_second_factor_on_its_page() {
    let (app, id, _) = start("second_factor = 'optional'\n").await;
    let page = "/orgs/acme/security";
    let mut browser = signed_in(&app, ADA).await;
    let shown = browser.follow("/", page).await;
    assert!(shown.status == StatusCode::OK && shown.says("page.factor_rule.switch_on"), "{}", shown.body);
    let set = browser.post(page, "/rpc/set_factor_rule", "organization=acme&required=on").await;
    assert_leads_to(&set, "/orgs/acme/security?note=required");
    let shown = browser.follow(page, set.location()).await;
    assert!(shown.says("page.factor_rule.now_on") && shown.says("page.factor_rule.switch_off"), "{}", shown.body);
    assert!(shown.body.contains("1 of 1"), "{}", shown.body);

    app.create_account(EVE).await;
    let eve = app.read("SELECT id AS text FROM users WHERE email = $1", EVE).await;
    app.join(&id, &eve, auth::organization::BuiltInRole::Member).await;
    let mut member = signed_in(&app, EVE).await;
    let seen = member.follow("/", page).await;
    assert!(seen.status == StatusCode::OK && !seen.says("page.factor_rule.switch_off"), "{}", seen.body);
    let refused = member.post(page, "/rpc/set_factor_rule", "organization=acme").await;
    assert!(member.follow(page, refused.location()).await.says("error.forbidden"));
    let off = browser.post(page, "/rpc/set_factor_rule", "organization=acme").await;
    assert_leads_to(&off, "/orgs/acme/security?note=optional");
    assert!(browser.follow(page, off.location()).await.says("page.factor_rule.switch_on"));
}
