//! `keywright keys list`

use auth::view::{CivilDay, KeyState, KeyView};
use auth::{Auth, Timestamp, flow};
use serde_json::json;

use super::in_words;

/// Every key, the newest first: a table for people, or one JSON object with times in milliseconds.
pub(super) async fn list(auth: &Auth, is_json: bool) -> anyhow::Result<String> {
    let keys = flow::list_keys(auth).await.map_err(in_words)?;
    Ok(if is_json { json!({ "keys": keys }).to_string() } else { table(&keys) })
}

fn table(keys: &[KeyView]) -> String {
    let mut rows = vec![["KID", "ALGORITHM", "STATE", "SINCE", "UNTIL"].map(str::to_owned)];
    rows.extend(keys.iter().map(row));
    let widths = [0, 1, 2, 3].map(|column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0));
    let lines = rows.iter().map(|row| {
        let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  "));
        format!("{}{}", padded.collect::<Vec<_>>().concat(), row[4]).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Since when, and until when, a key is what it is. The next key is so until it signs.
fn row(key: &KeyView) -> [String; 5] {
    let (since, until) = match key.state {
        KeyState::Next => (Some(key.created_at), Some(key.signs_from)),
        KeyState::Signing => (Some(key.signs_from), None),
        KeyState::Verifying => (Some(key.signs_from), key.verifies_until),
        KeyState::Retired => (key.verifies_until, None),
        KeyState::Revoked => (key.revoked_at, None),
    };
    let moment = |at: Option<Timestamp>| at.map(|at| CivilDay::of(at).iso).unwrap_or_default();
    [key.id.clone(), key.algorithm.clone(), key.state.as_str().to_owned(), moment(since), moment(until)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_a_table() {
        let at = |seconds: i64| Timestamp((1_800_000_000 + seconds) * 1000);
        let key = |id: &str, state: KeyState| KeyView {
            id: id.to_owned(),
            algorithm: "EdDSA".to_owned(),
            state,
            created_at: at(0),
            signs_from: at(600),
            verifies_until: Some(at(3600)),
            revoked_at: (state == KeyState::Revoked).then_some(at(60)),
        };
        let keys = [
            key("third", KeyState::Next),
            key("second", KeyState::Signing),
            key("first", KeyState::Verifying),
            key("zeroth", KeyState::Retired),
            key("leaked", KeyState::Revoked),
        ];
        let expected = "\
KID     ALGORITHM  STATE      SINCE                 UNTIL
third   EdDSA      next       2027-01-15T08:00:00Z  2027-01-15T08:10:00Z
second  EdDSA      signing    2027-01-15T08:10:00Z
first   EdDSA      verifying  2027-01-15T08:10:00Z  2027-01-15T09:00:00Z
zeroth  EdDSA      retired    2027-01-15T09:00:00Z
leaked  EdDSA      revoked    2027-01-15T08:01:00Z";
        assert_eq!(table(&keys), expected);
    }
}
