//! Cells of CSV files that no spreadsheet computes (OWASP, "CSV Injection"): names and addresses are what strangers chose.
//!
//! A spreadsheet does not split a line as RFC 4180 says but as the country of its reader does: where the comma is for
//! decimals, at semicolons, whatever is quoted. So what looks like a formula is guarded behind either of them as well.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula, the wide letters of East Asia included.
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// Where one may begin another cell.
const SEPARATORS: [char; 2] = [',', ';'];

/// The text with an apostrophe before whatever looks like a formula.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let (mut harmless, mut copied, mut begins) = (String::new(), 0, true);
    for (at, letter) in text.char_indices() {
        if begins && FORMULAS.contains(&letter) {
            harmless.push_str(&text[copied..at]);
            harmless.push('\'');
            (copied, begins) = (at, false);
            continue;
        }
        // Blanks and quotation marks before it are taken off.
        let goes_on = begins && (letter == '"' || letter.is_whitespace());
        begins = goes_on || SEPARATORS.contains(&letter);
    }
    if harmless.is_empty() {
        return Cow::Borrowed(text);
    }
    harmless.push_str(&text[copied..]);
    Cow::Owned(harmless)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_a_formula() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\n=1", "'\n=1"),
            ("＝1+1", "'＝1+1"),
            (" =1", " '=1"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }

    #[test]
    fn nothing_begins_one_where_lines_are_split_elsewhere() {
        for (text, shown) in [
            ("Eve;=cmd|'calc'!A0;", "Eve;'=cmd|'calc'!A0;"),
            ("Eve; =1;\"+1", "Eve; '=1;\"'+1"),
            ("Eve,-1,@1", "Eve,'-1,'@1"),
            (";＝1", ";'＝1"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in
            ["", "Zoë =1", "Smith, Anne-Marie", "a+b@example.com", "[{\"field\":\"role\",\"new\":null}]", "; x=1"]
        {
            assert_eq!(harmless(text), text);
        }
    }
}
