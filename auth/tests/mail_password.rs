//! Stories of a password at the mail server that somebody rotates while the program runs (ASVS 5.0, 13.2.1).

use crate::support::World;
use crate::support::smtp_server::SmtpServer;
use auth::job::Worker;
use auth::mail::{SmtpSettings, Transport};

const USER: &str = "mail user";
const FIRST: &str = "first: p@ss/wörd?%41&x=1+1";
const SECOND: &str = "the second one";

on_both_databases! {
    async fn the_next_mail_leaves_with_the_password_that_its_file_says_now(world: World) {
        let server = SmtpServer::asking(USER, FIRST).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, format!("{FIRST}\n")).unwrap();
        let settings = SmtpSettings {
            url: format!("smtp://mail%20user@127.0.0.1:{}", server.port).into(),
            password_file: Some(path.clone()),
            from: "Keywright <no-reply@example.com>".into(),
            ca_pem: None,
        };
        let transport = Transport::new(Some(&settings), world.auth.store()).unwrap();
        let worker = Worker::new(world.auth.clone(), transport);
        world.sign_up("alice@example.com").await.unwrap();
        worker.deliver_due().await.unwrap();
        assert_eq!(server.arrived(), 1);

        server.will_ask(USER, SECOND);
        world.sign_up("bob@example.com").await.unwrap();
        worker.deliver_due().await.unwrap();
        assert_eq!(server.arrived(), 1, "the file says the password of before");
        assert!(settings.check().await.is_err());
        std::fs::write(&path, SECOND).unwrap();
        settings.check().await.unwrap();
        world.clock.advance_seconds(5);
        worker.deliver_due().await.unwrap();
        assert_eq!(server.arrived(), 2, "nothing was started anew, and no mail is lost");
    }
}
