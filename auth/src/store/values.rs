//! Rows of arguments for one statement that changes many rows: one visit to the database instead of one for each.

/// `(CAST($1 AS TEXT), CAST($2 AS BIGINT)), …`: so many rows with columns of these types. A place that is not needed is
/// bound to NULL and fits nothing.
pub(super) fn values(rows: usize, types: &[&str]) -> String {
    let mut text = String::new();
    let mut argument = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (column, kind) in types.iter().enumerate() {
            argument += 1;
            let comma = if column == 0 { "" } else { ", " };
            text.push_str(&format!("{comma}CAST(${argument} AS {kind})"));
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn each_place_has_its_number() {
        assert_eq!(
            values(2, &["TEXT", "BIGINT"]),
            "(CAST($1 AS TEXT), CAST($2 AS BIGINT)), (CAST($3 AS TEXT), CAST($4 AS BIGINT))"
        );
    }
}
