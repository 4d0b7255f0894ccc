//! Organizations as rows, for stories that are not about how one comes to be.

use super::World;
use sqlx::{AnyConnection, Connection};

/// The organization that [`found`] makes.
pub const ACME: &str = "01890a5d-ac96-774b-bcce-b302099a8001";
/// An id that nothing has.
pub const NOTHING: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Makes the organization Acme with these members, by address and role.
pub async fn found(world: &World, members: &[(&str, &str)]) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let now = world.auth.now().0;
    sqlx::query("INSERT INTO organizations (id, slug, name, created_at) VALUES ($1, 'acme', 'Acme & Sons', $2)")
        .bind(ACME)
        .bind(now)
        .execute(&mut connection)
        .await
        .unwrap();
    for (address, role) in members {
        sqlx::query(
            "INSERT INTO memberships (organization_id, user_id, role, joined_at) \
             SELECT $1, id, $2, $3 FROM users WHERE email = $4",
        )
        .bind(ACME)
        .bind((*role).to_owned())
        .bind(now)
        .bind((*address).to_owned())
        .execute(&mut connection)
        .await
        .unwrap();
    }
    connection.close().await.unwrap();
}
