//! The story of an hour without a mail server: what was promised meanwhile arrives when it is back, and once.

use crate::outbox::dead_server;
use crate::support::World;
use crate::support::smtp_server::SmtpServer;
use auth::job::Worker;
use auth::mail::{SmtpSettings, Transport};

const PEOPLE: usize = 6;
const MINUTE: i64 = 60;
/// The longest wait between two tries.
const LONGEST_WAIT: i64 = 60 * MINUTE;

on_both_databases! {
    async fn mails_of_an_hour_without_a_mail_server_arrive_later_and_once(world: World) {
        let away = dead_server(&world);
        for minute in 0..60 {
            if minute % 10 == 0 {
                world.sign_up(&format!("person{minute}@example.com")).await.unwrap();
            }
            while away.deliver_due().await.unwrap() > 0 {}
            world.clock.advance_seconds(MINUTE);
        }
        let server = SmtpServer::asking("mail", "password").await;
        let settings = SmtpSettings {
            url: format!("smtp://mail:password@127.0.0.1:{}", server.port).into(),
            password_file: None,
            from: "Keywright <no-reply@example.com>".into(),
            ca_pem: None,
        };
        let back = Worker::new(world.auth.clone(), Transport::new(Some(&settings), world.auth.store()).unwrap());
        let mut waited = 0;
        while server.arrived() < PEOPLE {
            assert!(waited <= LONGEST_WAIT, "{} of {PEOPLE} after {waited} s", server.arrived());
            while back.deliver_due().await.unwrap() > 0 {}
            world.clock.advance_seconds(MINUTE);
            waited += MINUTE;
        }
        for _ in 0..3 {
            world.clock.advance_seconds(LONGEST_WAIT);
            assert_eq!(back.deliver_due().await.unwrap(), 0);
        }
        assert_eq!(server.arrived(), PEOPLE, "each came once");
    }
}
