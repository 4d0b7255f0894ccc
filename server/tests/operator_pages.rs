//! The pages of operators: pictures, organizations, settings and health, as plain pages and forms.

use crate::support::{Answer, CHEAP, PASSWORD, TestApp};
use auth::Role;
use axum::http::StatusCode;

const ADMIN: &str = "ada@example.com";
const OWNER: &str = "alice@example.com";
const SECRET: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";
const ACME: &str = "/admin/organizations/01890a5d-ac96-774b-bcce-b302099a8001";

async fn start() -> (TestApp, String) {
    let app = TestApp::start_toml(&format!("{CHEAP}hs256_secret = '{SECRET}'\n")).await;
    app.create_account(ADMIN).await;
    app.make_admin(ADMIN).await;
    app.create_account(OWNER).await;
    for statement in [
        "INSERT INTO organizations (id, slug, name, created_at) \
         VALUES ('01890a5d-ac96-774b-bcce-b302099a8001', 'acme', 'Acme <& Sons', 1)",
        "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
         SELECT '01890a5d-ac96-774b-bcce-b302099a8001', id, 'owner', 1 FROM users WHERE email = 'alice@example.com'",
    ] {
        app.execute(statement).await;
    }
    let (cookie, _) = app.sign_in(ADMIN).await;
    (app, cookie)
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Answer {
    let answer = app.get(path, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.body.contains(" style=") && !answer.body.contains("<style"), "{path} has an inline style");
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_overview_draws_the_days_and_tells_them_in_a_table() {
    let (app, cookie) = start().await;
    app.sign_in(OWNER).await;
    app.application.auth.count_statistics(0).await.unwrap();
    let overview = page(&app, "/admin", &cookie).await;
    for part in ["id=\"sign-ins-title\"", "class=\"bar-full\"", "<details class=\"numbers\"", "class=\"share-part\""] {
        assert!(overview.body.contains(part), "{part}: {}", overview.body);
    }
    assert!(overview.says("page.admin_overview.by_password") && !overview.says("page.admin_overview.by_provider"));
    for (role, sees, not) in
        [(Role::Support, "/admin/health", "/admin/settings"), (Role::Auditor, "/admin/settings", "/admin/nothing")]
    {
        app.set_role(OWNER, role).await;
        let (hers, _) = app.sign_in(OWNER).await;
        let overview = page(&app, "/admin", &hers).await;
        assert!(overview.body.contains(&format!("href=\"{sees}\"")), "{role:?} {sees}");
        assert!(!overview.body.contains(&format!("href=\"{not}\"")), "{role:?} {not}");
        let is_auditor = role == Role::Auditor;
        for (card, is_there) in
            [("mails", true), ("organizations", true), ("audit", is_auditor), ("webhooks", is_auditor)]
        {
            assert_eq!(overview.says(&format!("page.admin_overview.to_{card}")), is_there, "{role:?} {card}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_is_found_closed_and_opened_again() {
    let (app, cookie) = start().await;
    let list = page(&app, "/admin/organizations?q=ACM", &cookie).await;
    assert!(
        list.body.contains(&format!("href=\"{ACME}\"")) && list.body.contains("Acme &lt;&amp; Sons"),
        "{}",
        list.body
    );
    let nothing = page(&app, "/admin/organizations?q=nothing", &cookie).await;
    assert!(nothing.says("page.admin_organizations.none"));
    let broken = app.get("/admin/organizations?after=x", &cookie).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert!(broken.says("ui.no_such_list"));
    let acme = page(&app, ACME, &cookie).await;
    assert!(acme.body.contains(OWNER) && acme.says("page.admin_organization.close_action"), "{}", acme.body);
    for nowhere in ["/admin/organizations/x", "/admin/organizations/01890a5d-ac96-774b-bcce-b302099a8057"] {
        assert_eq!(app.get(nowhere, &cookie).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }

    let id = ACME.rsplit('/').next().unwrap();
    let refused =
        app.form_of(ACME, "/rpc/admin_close_organization", &format!("organization={id}&reason="), &cookie).await;
    let shown = app.get(refused.location(), &cookie).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", shown.body);
    app.forget_proofs().await;
    let body = format!("organization={id}&reason=Unpaid+%3Cb%3E");
    let posted = app.form_of(ACME, "/rpc/admin_close_organization", &body, &cookie).await;
    let question = page(&app, posted.location(), &cookie).await;
    assert!(question.says("page.admin_organization.act_close"), "{}", question.body);
    let act = posted.location().strip_prefix("/account/confirm?act=").unwrap();
    let proof = format!("act={act}&current_password={}", PASSWORD.replace(' ', "+"));
    let done = app.form_of(posted.location(), "/rpc/confirm_identity", &proof, &cookie).await;
    assert_eq!(done.location(), format!("{ACME}?note=closed"), "{}", done.body);
    let closed = page(&app, done.location(), &cookie).await;
    assert!(closed.says("page.admin_organization.note_closed") && closed.body.contains("Unpaid &lt;b&gt;"));
    assert!(closed.says("page.admin_organization.reopen_text") && !closed.says("page.admin_organization.close_action"));
    let opened = app.form_of(ACME, "/rpc/admin_reopen_organization", &format!("organization={id}"), &cookie).await;
    assert_eq!(opened.location(), format!("{ACME}?note=reopened"), "{}", opened.body);
    assert!(page(&app, opened.location(), &cookie).await.says("page.admin_organizations.open"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_show_no_secret_and_the_health_shows_how_it_is() {
    let (app, cookie) = start().await;
    let settings = page(&app, "/admin/settings", &cookie).await;
    assert!(!settings.body.contains(SECRET), "{}", settings.body);
    assert!(settings.says("page.admin_settings.secret") && settings.body.contains("hs256_secret"));
    assert!(settings.body.contains("hash_queue"), "{}", settings.body);
    let health = page(&app, "/admin/health", &cookie).await;
    for part in ["SQLite", "id=\"latency-title\"", "class=\"line-stripes\""] {
        assert!(health.body.contains(part), "{part}: {}", health.body);
    }
    app.set_role(OWNER, Role::Support).await;
    let (support, _) = app.sign_in(OWNER).await;
    assert_eq!(app.get("/admin/settings", &support).await.status, StatusCode::NOT_FOUND);
    let read_only = page(&app, ACME, &support).await;
    assert!(!read_only.says("page.admin_organization.close_action"), "{}", read_only.body);
}
