//! Rows that stories of policies need and that nobody makes by an act of theirs.

use super::World;
use auth::id::UserId;
use sqlx::{AnyConnection, Connection};

impl World {
    async fn do_to_rows(&self, statement: &'static str, arguments: &[&str]) {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let mut query = sqlx::query(statement);
        for argument in arguments {
            query = query.bind((*argument).to_owned());
        }
        query.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Puts a version in force without asking anybody.
    pub async fn put_in_force(&self, number: i64) {
        let statement = "UPDATE policy_state SET active_number = CAST($1 AS BIGINT), generation = generation + 1";
        self.do_to_rows(statement, &[&number.to_string()]).await;
    }

    /// An organization with nobody in it.
    pub async fn insert_organization_row(&self, id: &str, slug: &str) {
        let statement = "INSERT INTO organizations (id, slug, name, created_at) VALUES ($1, $2, $2, 0)";
        self.do_to_rows(statement, &[id, slug]).await;
    }

    pub async fn close_organization_row(&self, id: &str) {
        self.do_to_rows("UPDATE organizations SET closed_at = 1 WHERE id = $1", &[id]).await;
    }

    pub async fn insert_member_row(&self, organization: &str, user: &UserId, role: &str, department: Option<&str>) {
        let statement = "INSERT INTO memberships (organization_id, user_id, role, department, joined_at) \
                         VALUES ($1, $2, $3, $4, 0)";
        self.do_to_rows(statement, &[organization, user.as_str(), role, department.unwrap_or_default()]).await;
    }
}
