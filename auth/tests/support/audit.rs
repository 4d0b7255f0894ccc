//! What stories do with the audit log, and what somebody does who has the database.

use super::World;
use auth::audit::AuditHead;
use auth::flow;
use auth::form::{AuditFilter, AuditForm};
use auth::view::{AuditFaultKind, AuditState};
use sqlx::{AnyConnection, Connection, Row};

pub type Found = Vec<(AuditFaultKind, Option<i64>)>;

/// What is looked for.
pub fn filter(change: impl FnOnce(&mut AuditForm)) -> AuditFilter {
    let mut form = AuditForm::default();
    change(&mut form);
    form.parse(None).ok().unwrap()
}

impl World {
    /// Runs statements of somebody who has the database.
    pub async fn tamper(&self, statements: &[&'static str]) {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        for statement in statements {
            sqlx::query(*statement).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    }

    /// Asks the database for one number, called `number`.
    pub async fn number(&self, statement: &'static str) -> i64 {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let row = sqlx::query(statement).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        row.try_get("number").unwrap()
    }

    /// From now on each write of a line is counted.
    pub async fn count_writes_of_lines(&self) {
        self.tamper(&["CREATE TABLE writes_of_lines (id TEXT NOT NULL)"]).await;
        if self.database.url.starts_with("sqlite:") {
            let added = "CREATE TRIGGER note_added AFTER INSERT ON audit_events BEGIN \
                         INSERT INTO writes_of_lines VALUES (NEW.id); END";
            let changed = "CREATE TRIGGER note_changed AFTER UPDATE ON audit_events BEGIN \
                           INSERT INTO writes_of_lines VALUES (NEW.id); END";
            self.tamper(&[added, changed]).await;
        } else {
            let note = "CREATE FUNCTION note_write() RETURNS trigger AS $$ BEGIN \
                        INSERT INTO writes_of_lines VALUES (NEW.id); RETURN NEW; END $$ LANGUAGE plpgsql";
            let each = "CREATE TRIGGER note_write AFTER INSERT OR UPDATE ON audit_events \
                        FOR EACH ROW EXECUTE FUNCTION note_write()";
            self.tamper(&[note, each]).await;
        }
    }

    /// How often a line was written since.
    pub async fn writes_of_lines(&self) -> i64 {
        self.number("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM writes_of_lines").await
    }

    /// Seals what waits, and says how many lines there were.
    pub async fn seal(&self) -> u64 {
        self.auth.seal_audit_log().await.unwrap()
    }

    /// Walks along all of it.
    pub async fn verified(&self) -> AuditState {
        flow::verify_audit(&self.auth, None).await.unwrap()
    }

    /// The faults, when an earlier end is known.
    pub async fn found_since(&self, head: Option<&AuditHead>) -> Found {
        let state = flow::verify_audit(&self.auth, head).await.unwrap();
        assert_eq!(state.is_whole, state.faults.is_empty());
        state.faults.into_iter().map(|fault| (fault.kind, fault.sequence)).collect()
    }

    /// Writes so many lines: a password that is wrong, each in another minute.
    pub async fn write_lines(&self, email: &str, lines: usize) {
        for _ in 0..lines {
            self.clock.advance_seconds(60);
            let _ = self.try_sign_in(email, "not the password").await;
        }
    }
}
