//! Stories of the audit log of an organization: its own lines, for those of its members who may see them.

use crate::support::audit::filter;
use crate::support::{World, context, email, refusal};
use auth::flow;
use auth::form::{AuditForm, AuditFormat};
use auth::id::OrganizationId;
use auth::session::Caller;
use auth::view::AuditItem;
use auth::{ErrorCode, Role};
use sqlx::{AnyConnection, Connection};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

/// Two organizations with three lines each; Alice owns the first, and Bob only looks into it.
async fn start(world: &World) -> (Caller, Caller) {
    let mut callers = Vec::new();
    for address in [ALICE, BOB] {
        world.create_account(address).await;
        callers.push(world.caller(&world.sign_in(address).await));
    }
    let (bob, alice) = (callers.remove(1), callers.remove(0));
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    for (id, slug) in [(ACME, "acme"), (OTHER, "other")] {
        let made = "INSERT INTO organizations (id, slug, name, created_at) VALUES ($1, $2, $2, 1)";
        sqlx::query(made).bind(id).bind(slug).execute(&mut connection).await.unwrap();
        for (number, kind) in ["user.name_changed", "session.refused", "admin.session_ended"].into_iter().enumerate() {
            let line = "INSERT INTO audit_events (id, at, kind, topic, user_id, organization_id, address, device, request_id, \
                outcome) VALUES ($1, $2, $3, 'profile', $4, $5, '192.0.2.1', 'Firefox on Linux', 'request', $6)";
            sqlx::query(line)
                .bind(format!("01890a5d-ac96-774b-{}-00000000000{number}", &id[32..]))
                .bind(i64::try_from(number).unwrap() + 1)
                .bind(kind)
                .bind(alice.user_id.as_str())
                .bind(id)
                .bind(if kind == "session.refused" { "refused" } else { "done" })
                .execute(&mut connection)
                .await
                .unwrap();
        }
    }
    for (caller, role) in [(&alice, "owner"), (&bob, "viewer")] {
        let joined = "INSERT INTO memberships (organization_id, user_id, role, joined_at) VALUES ($1, $2, $3, 1)";
        let statement = sqlx::query(joined).bind(ACME).bind(caller.user_id.as_str()).bind(role);
        statement.execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    (alice, bob)
}

async fn seen(world: &World, caller: &Caller, change: impl FnOnce(&mut AuditForm)) -> Vec<AuditItem> {
    let acme = OrganizationId(ACME.into());
    let page = flow::search_organization_audit(&world.auth, caller, &acme, &filter(change), None, &context()).await;
    page.unwrap().items
}

on_both_databases! {
    async fn its_administrators_see_its_lines_and_no_others(world: World) {
        let (alice, bob) = start(&world).await;
        let lines = seen(&world, &alice, |_| {}).await;
        let kinds: Vec<_> = lines.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["admin.session_ended", "session.refused", "user.name_changed"]);
        assert!(lines.iter().all(|line| line.organization.as_ref().is_some_and(|at| at.id.as_str() == ACME)));
        assert_eq!(lines[0].address, "", "from where those of the platform work is nobody's business");
        assert_eq!(lines[1].address, "192.0.2.1");
        // Another organization, and what its people do elsewhere, cannot be asked for either.
        assert_eq!(seen(&world, &alice, |form| form.organization = OTHER.into()).await.len(), 3);
        assert_eq!(seen(&world, &alice, |form| form.kind = "user.created".into()).await, []);
        assert_eq!(seen(&world, &alice, |form| form.person = BOB.into()).await, []);
        assert_eq!(seen(&world, &alice, |form| form.outcome = "refused".into()).await.len(), 1);
        assert_eq!(seen(&world, &alice, |form| form.address = "198.51.100.7".into()).await.len(), 3, "no such filter");

        let (auth, all) = (&world.auth, filter(|_| {}));
        let acme = OrganizationId(ACME.into());
        let refused = flow::search_organization_audit(auth, &bob, &acme, &all, None, &context()).await;
        assert_eq!(refusal(refused), ErrorCode::Forbidden);
        for id in [OTHER, "01890a5d-ac96-774b-bcce-b302099a8059"] {
            let id = OrganizationId(id.into());
            let asked = [
                refusal(flow::search_organization_audit(auth, &alice, &id, &all, None, &context()).await),
                refusal(flow::organization_audit_days(auth, &alice, &id, &context()).await),
                refusal(flow::export_organization_audit(auth, &alice, &id, &all, AuditFormat::Csv, &context()).await),
            ];
            assert_eq!(asked, [ErrorCode::NotFound; 3], "{}", id.as_str());
        }
    }

    async fn what_somebody_does_elsewhere_does_not_show_in_where_a_list_goes_on(world: World) {
        let (alice, _) = start(&world).await;
        world.tamper(&["INSERT INTO audit_events (id, at, kind, topic, user_id, address, device, request_id) \
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100) \
            SELECT 'elsewhere-' || CAST(n.i AS TEXT), 1000 + n.i, 'session.started', 'sign_in', u.id, '', '', '' \
            FROM n CROSS JOIN users u WHERE u.email = 'bob@example.com'"]).await;
        let (acme, bob) = (OrganizationId(ACME.into()), filter(|form| form.person = BOB.into()));
        let page = flow::search_organization_audit(&world.auth, &alice, &acme, &bob, None, &context()).await.unwrap();
        assert!(page.items.is_empty() && page.next.is_none(), "{:?}", page.next);
    }

    async fn its_lines_are_handed_out_to_them_and_all_lines_to_auditors(world: World) {
        let (alice, _) = start(&world).await;
        let acme = OrganizationId(ACME.into());
        let all = filter(|_| {});
        let export = flow::export_organization_audit(&world.auth, &alice, &acme, &all, AuditFormat::Csv, &context()).await;
        let (mut export, mut lines) = (export.unwrap(), Vec::new());
        while let Some(more) = export.next().await.unwrap() {
            lines.extend(more);
        }
        assert!(lines.iter().all(|line| line.organization.as_ref().is_some_and(|at| at.id == acme)), "{lines:?}");
        let noted = seen(&world, &alice, |form| form.kind = "audit.exported".into()).await;
        assert_eq!(noted.len(), 1, "its other administrators see it");
        world.seal().await;
        let days = flow::organization_audit_days(&world.auth, &alice, &acme, &context()).await.unwrap();
        assert_eq!(days.last().map(|day| day.lines), Some(1));

        world.create_account(ADMIN).await;
        flow::set_role(&world.auth, &email(ADMIN), Role::Auditor, &context()).await.unwrap();
        let auditor = world.caller(&world.sign_in(ADMIN).await);
        for (sought, found) in [("acme", 4), (OTHER, 3)] {
            let page = filter(|form| form.organization = sought.into());
            let page = flow::search_audit(&world.auth, &auditor, &page, None).await.unwrap();
            assert_eq!(page.items.len(), found, "{sought}");
            assert_eq!(page.items[0].address, "192.0.2.1");
        }
    }
}
