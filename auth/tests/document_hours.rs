//! A story of a rule that an administrator adds: documents are written in working hours.

use crate::support::documents::{join, make, organization, retitle, show, try_make, wanted};
use crate::support::{World, context, refusal};
use auth::ErrorCode;
use auth::flow::{self, ActivatedPolicies, SavedPolicies};
use auth::form::PoliciesForm;
use auth::organization::BuiltInRole;
use auth::policy::WORKING_HOURS;

const HOUR: i64 = 60 * 60;

on_both_databases! {
    async fn documents_are_written_in_working_hours_and_read_at_any_time(world: World) {
        let acme = organization(&world, "acme").await;
        let owner = join(&world, &acme, "olga@example.com", BuiltInRole::Owner, None).await;
        let admin = world.administrator("ada@example.com").await;
        let policies = PoliciesForm { text: WORKING_HOURS.into(), note: "Working hours".into() }.parse().unwrap();
        let saved = flow::save_policies(&world.auth, &admin, policies, &context()).await.unwrap();
        let SavedPolicies::Saved(number) = saved else { panic!("it was not saved") };
        let active = flow::activate_policies(&world.auth, &admin, number, &context()).await.unwrap();
        assert_eq!(active, ActivatedPolicies::Done);

        // The world begins on a Friday at eight in the morning, in UTC.
        let id = make(&world, &owner, &acme, "Plan").await.item.id;
        // Friday at eight in the evening, Saturday at noon, Sunday at noon, Monday at six.
        for hours in [12, 16, 24, 18] {
            world.clock.advance_seconds(hours * HOUR);
            let made = try_make(&world.auth, &owner, &acme, wanted("Late", "", "")).await;
            assert_eq!(refusal(made), ErrorCode::Forbidden);
            assert_eq!(refusal(retitle(&world.auth, &owner, &acme, (&id, 1), "Late").await), ErrorCode::Forbidden);
            assert!(show(&world.auth, &owner, &acme, &id).await.unwrap().may.is_empty(), "and nothing is offered");
        }
        world.clock.advance_seconds(HOUR);
        retitle(&world.auth, &owner, &acme, (&id, 1), "On Monday").await.unwrap();
    }
}
