//! Stories of what browsers refused by the rules of our pages: counted, bounded, shown, forgotten.

use crate::support::{World, refusal};
use auth::browser_report::BrowserReport;
use auth::view::BrowserReportItem;
use auth::{ErrorCode, flow};

const ADMIN: &str = "ada@example.com";
const ALICE: &str = "alice@example.com";
const HERE: &str = "https://id.example.com";
const DAY: i64 = 24 * 60 * 60;

fn report(directive: &str, blocked: &str, path: &str) -> BrowserReport {
    BrowserReport::parse(directive, blocked, &format!("{HERE}{path}"), HERE).expect("a report about a page of ours")
}

async fn note(world: &World, reports: &[BrowserReport]) -> usize {
    flow::note_browser_reports(&world.auth, reports).await.unwrap()
}

/// What is kept, without asking who may see it.
async fn kept(world: &World) -> Vec<BrowserReportItem> {
    world.auth.store().browser_reports(1000).await.unwrap()
}

fn told(item: &BrowserReportItem) -> (&str, &str, &str, i64) {
    (&item.directive, &item.blocked, &item.path, item.reports)
}

on_both_databases! {
    async fn a_rule_a_site_and_a_page_are_one_line_however_often_they_are_told(world: World) {
        let admin = world.administrator(ADMIN).await;
        let nothing = flow::list_browser_reports(&world.auth, &admin).await.unwrap();
        assert_eq!((nothing.items.len(), nothing.kinds, nothing.reports), (0, 0, 0));

        let picture = report("img-src", "https://evil.example/x.png?secret=1", "/account?code=123456");
        let script = report("script-src-elem", "inline", "/sign-in");
        let begun = world.auth.now();
        assert_eq!(note(&world, &[picture.clone(), picture.clone(), script.clone()]).await, 3);
        world.clock.advance_seconds(60);
        note(&world, &[report("img-src", "https://evil.example/another", "/account")]).await;
        let list = flow::list_browser_reports(&world.auth, &admin).await.unwrap();
        assert_eq!((list.kinds, list.reports), (2, 4));
        assert_eq!(told(&list.items[0]), ("img-src", "https://evil.example", "/account", 3), "what was told last is first");
        assert_eq!((list.items[0].first_at, list.items[0].last_at), (begun, begun.plus_seconds(60)));
        assert_eq!(told(&list.items[1]), ("script-src-elem", "inline", "/sign-in", 1));

        world.clock.advance_seconds(DAY);
        note(&world, &[script]).await;
        let list = flow::list_browser_reports(&world.auth, &admin).await.unwrap();
        assert_eq!((list.kinds, list.reports), (2, 5), "another day is no other kind");
        assert_eq!(told(&list.items[0]), ("script-src-elem", "inline", "/sign-in", 2));
        assert_eq!(list.items[0].first_at, begun);
    }

    async fn of_parallel_reports_each_is_counted(world: World) {
        let node = world.another_node().await;
        let tasks: Vec<_> = (0..20).map(|number| {
            let auth = if number % 2 == 0 { world.auth.clone() } else { node.clone() };
            tokio::spawn(async move {
                flow::note_browser_reports(&auth, &[report("img-src", "inline", "/")]).await.unwrap()
            })
        }).collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), 1);
        }
        assert_eq!(kept(&world).await.iter().map(told).collect::<Vec<_>>(), [("img-src", "inline", "/", 20)]);
    }

    async fn strangers_fill_a_day_and_no_more(world: World) {
        let invented: Vec<_> = (0..250).map(|n| report("img-src", &format!("https://n{n}.example"), "/")).collect();
        assert_eq!(note(&world, &invented).await, 200, "room for so many of a day");
        assert_eq!(note(&world, &[report("font-src", "inline", "/")]).await, 0, "a new one does not fit");
        assert_eq!(note(&world, &invented[..10]).await, 10, "those that are there are counted on");
        assert_eq!(kept(&world).await.len(), 200);
        world.clock.advance_seconds(DAY);
        assert_eq!(note(&world, &[report("font-src", "inline", "/")]).await, 1, "tomorrow has room of its own");
    }

    async fn operators_see_the_newest_hundred_and_how_many_there_are(world: World) {
        let admin = world.administrator(ADMIN).await;
        for n in 0..120 {
            world.clock.advance_seconds(1);
            note(&world, &[report("img-src", &format!("https://n{n}.example"), "/")]).await;
        }
        let list = flow::list_browser_reports(&world.auth, &admin).await.unwrap();
        assert_eq!((list.items.len(), list.kinds, list.reports), (100, 120, 120));
        assert_eq!(list.items[0].blocked, "https://n119.example");
    }

    async fn after_thirty_days_it_is_forgotten(world: World) {
        note(&world, &[report("img-src", "inline", "/")]).await;
        world.clock.advance_seconds(29 * DAY);
        note(&world, &[report("font-src", "inline", "/")]).await;
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(kept(&world).await.len(), 2, "nothing is over yet");
        world.clock.advance_seconds(DAY + 1);
        world.auth.delete_what_is_over().await.unwrap();
        assert_eq!(kept(&world).await.iter().map(told).collect::<Vec<_>>(), [("font-src", "inline", "/", 1)]);
    }

    async fn to_everybody_else_there_is_nothing(world: World) {
        world.create_account(ALICE).await;
        let alice = world.caller(&world.sign_in(ALICE).await);
        assert_eq!(refusal(flow::list_browser_reports(&world.auth, &alice).await), ErrorCode::NotFound);
    }
}
