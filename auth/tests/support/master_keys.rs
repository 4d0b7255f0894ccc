//! Master keys in stories: nodes with a ring, what is sealed under which key, and a database as a version of before left it.

use super::World;
use crate::account_deletion::everything;
use auth::Auth;
use auth::crypto::{CodeMac, DataKey, DataKeyUse, MasterKey, MasterKeys, Sealer};
use auth::flow::{self, MasterKeyRotation};
use sqlx::{AnyConnection, Connection, Row};
use std::collections::BTreeSet;

/// That of the settings of every world.
pub fn old_key() -> MasterKey {
    MasterKey::from_bytes(*b"0123456789abcdefghijklmnopqrstuv")
}

pub fn new_key() -> MasterKey {
    MasterKey::from_bytes(*b"vutsrqponmlkjihgfedcba9876543210")
}

/// The ring of a node while keys are rotated.
pub fn ring() -> MasterKeys {
    MasterKeys::new(new_key(), vec![old_key()])
}

/// Seals everything anew as the command line does.
pub async fn rotate(node: &Auth) -> MasterKeyRotation {
    flow::rotate_master_key(node, &super::context(), |_, _, _| {}).await.unwrap()
}

impl World {
    /// A node with these master keys, that tells webhooks at private addresses, too.
    pub async fn node_of(&self, keys: impl Into<MasterKeys>) -> anyhow::Result<Auth> {
        let keys = keys.into();
        let set = |settings: &mut auth::settings::Settings| {
            settings.master_keys = keys;
            settings.webhooks.private_addresses = true;
        };
        self.another_node_with(&self.clock, set).await
    }

    /// Tables with values that are sealed under this key, one entry a value.
    pub async fn sealed_under(&self, key: &MasterKey) -> Vec<String> {
        let beginning = format!("v1.{}.", key.fingerprint());
        let found = everything(self).await.into_iter().filter(|(_, value)| value.starts_with(&beginning));
        found.map(|(table, _)| table).collect()
    }

    /// Columns of the database that are called as sealed ones are, as `table.column`.
    pub async fn sealed_columns(&self) -> BTreeSet<String> {
        let statement = if self.database.url.starts_with("sqlite:") {
            "SELECT m.name AS table_name, p.name AS column_name FROM sqlite_master m, pragma_table_info(m.name) p \
             WHERE m.type = 'table'"
        } else {
            "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name \
             FROM information_schema.columns WHERE table_schema = 'public'"
        };
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let rows = sqlx::query(statement).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let columns = rows.iter().map(|row| (row.get::<String, _>("table_name"), row.get::<String, _>("column_name")));
        columns
            .filter(|(_, column)| column.ends_with("_sealed"))
            .map(|(table, column)| format!("{table}.{column}"))
            .collect()
    }

    /// Leaves the database as a version without keys of digests did.
    pub async fn forget_data_keys(&self) {
        self.tamper(&["DELETE FROM data_keys", "DELETE FROM master_keys"]).await;
    }

    /// The digests of codes in this world: what somebody computes who has the database and a master key.
    pub async fn code_mac(&self) -> CodeMac {
        let keys = self.auth.store().data_keys().await.unwrap();
        let purpose = DataKeyUse::Codes;
        let (_, sealed) = keys.iter().find(|(id, _)| id == purpose.as_str()).unwrap();
        let plain = Sealer::new(&ring()).open(&purpose.place(), sealed).unwrap();
        CodeMac::new(DataKey::from_bytes(plain.as_slice().try_into().unwrap()))
    }
}
