//! Database, keys and mail server.

use auth::store::Store;
use std::time::Duration;

use super::report::Report;
use crate::settings::{Mode, Settings};
use crate::{engine, master_key};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the database answers and has all its tables; true when the rest can be asked.
pub(super) async fn database(settings: &Settings, report: &mut Report) -> bool {
    const CHECK: &str = "database";
    let url = &settings.database_url;
    // An address with % is not a path letter by letter.
    let file = settings.data_file().filter(|file| !url.contains('%') && !file.exists());
    if let Some(file) = file {
        let file = file.display();
        if url.contains("mode=rwc") {
            report.good(
                CHECK,
                format!("There is no {file} yet; the first start makes it, and so does `keywright migrate`."),
            );
        } else {
            report
                .fault(CHECK, format!("There is no {file}; set database_url to the file, with ?mode=rwc to make it."));
        }
        return false;
    }
    match tokio::time::timeout(PATIENCE, Store::waiting_migrations(&settings.database())).await {
        Err(_) => report.fault(CHECK, "It does not answer within 10 seconds; look at database_url and at the network."),
        Ok(Err(why)) => report.fault(CHECK, format!("It cannot be used; look at database_url: {why}.")),
        Ok(Ok(0)) => {
            report.good(CHECK, "It answers, and its tables are up to date.");
            return true;
        }
        Ok(Ok(waiting)) => {
            let who = if settings.migrate_at_start { ", and so does the next start" } else { ", and no start does" };
            report.fault(CHECK, format!("Its tables lack {waiting} changes; `keywright migrate` makes them{who}."));
        }
    }
    false
}

/// Whether the engine opens on the database: the master key must open its signing keys.
pub(super) async fn keys(settings: &Settings, report: &mut Report) {
    const CHECK: &str = "keys";
    let file = master_key::file(settings);
    if settings.mode == Mode::Development && settings.master_key.is_none() && !file.exists() {
        let file = file.display();
        return if has_keys(settings).await {
            report
                .fault(CHECK, format!("There is no {file}, and nothing else opens this database; put the file back."));
        } else {
            report.good(CHECK, format!("There is no {file} yet; the next start makes a master key in it."));
        };
    }
    match engine::open(settings).await {
        Ok(auth) => {
            auth.store().close().await;
            report.good(CHECK, "The master key opens the keys that sign access tokens.");
        }
        Err(why) => report.fault(CHECK, format!("{why:#}.")),
    }
}

/// Whether a database was used before, under some master key.
async fn has_keys(settings: &Settings) -> bool {
    let Ok(store) = Store::open(&settings.database()).await else { return false };
    let keys = store.signing_keys(1).await;
    store.close().await;
    keys.is_ok_and(|keys| !keys.is_empty())
}

/// Whether the mail server lets us in.
pub(super) async fn mail(settings: &Settings, report: &mut Report) {
    const CHECK: &str = "mail";
    let Some(smtp) = &settings.smtp else {
        return report.good(CHECK, "There is no smtp_url; every mail is at /dev/inbox.");
    };
    match smtp.check().await {
        Ok(()) => report.good(CHECK, "The mail server lets us in; no mail was sent."),
        Err(why) => report.fault(CHECK, format!("Look at smtp_url and smtp_ca: {why:#}.")),
    }
}
