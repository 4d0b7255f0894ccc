//! The checklist of a running server: it looks by itself, so that no request waits for a disk, a database or others.

use auth::view::Examination;
use auth::{Auth, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::facts::{KeysOpened, Outside, Reached, Rows};
use super::{Facts, examine};
use crate::settings::Settings;

/// Between two looks at this machine and the database.
const MINUTE: Duration = Duration::from_secs(60);
/// Looks after which others are asked: each hour, and for the first time when a server stays.
const FIRST_ASKED: u64 = 5;
const ASKED: u64 = 60;
/// How long the database may take for all its answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was found last; cheap to clone.
#[derive(Clone, Default)]
pub struct Examiner(Arc<Mutex<Option<Examination>>>);

impl Examiner {
    /// What was found last; none before the first look.
    pub fn last(&self) -> Option<Examination> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks for ever.
    pub async fn keep_looking(self, settings: Settings, auth: Auth) {
        let mut outside = None;
        for look in 0_u64.. {
            if look % ASKED == FIRST_ASKED {
                outside = Some(Outside::ask(&settings, auth.now()).await);
            }
            self.look(&settings, &auth, outside.clone()).await;
            tokio::time::sleep(MINUTE).await;
        }
    }

    /// Looks once, with what others said when they were asked last.
    pub async fn look(&self, settings: &Settings, auth: &Auth, outside: Option<Outside>) {
        let (now, of_this_machine) = (auth.now(), settings.clone());
        // A disk may take its time.
        let looked = tokio::task::spawn_blocking(move || Facts::of_this_machine(&of_this_machine, now)).await;
        let Ok(mut facts) = looked else { return };
        (facts.reached, facts.rows) = ask(auth, now).await;
        facts.outside = outside;
        let found = examine(&facts);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }
}

/// A running server holds the keys: they opened at its start.
async fn ask(auth: &Auth, now: Timestamp) -> (Reached, Option<Rows>) {
    match tokio::time::timeout(PATIENCE, Rows::ask(auth.store(), now, KeysOpened::Opened)).await {
        Err(_) => (Reached::Silent, None),
        Ok(Err(why)) => (Reached::Refused(why.to_string()), None),
        Ok(Ok(rows)) => {
            let (made, known) = rows.migrations;
            (Reached::Answers(usize::try_from(known - made).unwrap_or_default()), Some(rows))
        }
    }
}
