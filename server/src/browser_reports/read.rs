//! The two forms of reports: one of a kind, `application/csp-report`, and a list of all kinds, `application/reports+json`.
//! Members that are not named here are passed over.

use auth::browser_report::BrowserReport;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;
use std::slice;

/// Reports of one request that are read; browsers send what they gathered within a minute.
const MOST: usize = 20;

/// How reports come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One report (`report-uri`).
    One,
    /// A list (`report-to`).
    Many,
}

/// The form that a request says it has.
pub fn form_of(headers: &HeaderMap) -> Option<Form> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    match kind.split(';').next()?.trim() {
        "application/csp-report" => Some(Form::One),
        "application/reports+json" => Some(Form::Many),
        _ => None,
    }
}

/// What is known of the reports about pages of ours; none when it is no report at all.
pub fn read(form: Form, bytes: &[u8], public_url: &str) -> Option<Vec<BrowserReport>> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    match form {
        Form::One => {
            let report = value.get("csp-report")?;
            report.as_object()?;
            let rule = text(report, "effective-directive").or_else(|| text(report, "violated-directive"));
            let parsed = BrowserReport::parse(
                rule.unwrap_or_default(),
                text(report, "blocked-uri").unwrap_or_default(),
                text(report, "document-uri").unwrap_or_default(),
                public_url,
            );
            Some(parsed.into_iter().collect())
        }
        Form::Many => {
            // One alone may come without its list.
            let reports = match &value {
                Value::Array(reports) => reports.as_slice(),
                Value::Object(_) => slice::from_ref(&value),
                _ => return None,
            };
            let about_rules = reports.iter().take(MOST).filter(|report| report["type"] == "csp-violation");
            Some(about_rules.filter_map(|report| listed(report, public_url)).collect())
        }
    }
}

fn listed(report: &Value, public_url: &str) -> Option<BrowserReport> {
    let body = &report["body"];
    BrowserReport::parse(
        text(body, "effectiveDirective")?,
        text(body, "blockedURL").unwrap_or_default(),
        text(body, "documentURL").or_else(|| text(report, "url"))?,
        public_url,
    )
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const HERE: &str = "https://id.example.com";

    fn found(form: Form, value: &Value) -> Option<Vec<String>> {
        let reports = read(form, value.to_string().as_bytes(), HERE)?;
        let words = reports.iter().map(|it| format!("{} {} {}", it.directive(), it.blocked(), it.path()));
        Some(words.collect())
    }

    #[test]
    fn both_forms_say_the_same() {
        let one = json!({"csp-report": {
            "document-uri": "https://id.example.com/account?x=1", "referrer": "", "violated-directive": "img-src",
            "effective-directive": "img-src", "original-policy": "…", "disposition": "enforce",
            "blocked-uri": "https://evil.example/x.png", "status-code": 200, "script-sample": "secret",
        }});
        let many = json!([
            {"type": "csp-violation", "age": 5, "url": "https://id.example.com/account?x=1", "user_agent": "…", "body": {
                "documentURL": "https://id.example.com/account?x=1", "effectiveDirective": "img-src",
                "blockedURL": "https://evil.example/x.png", "sample": "secret", "statusCode": 200,
            }},
            {"type": "deprecation", "url": "https://id.example.com/", "body": {"id": "x"}},
        ]);
        let told = Some(vec!["img-src https://evil.example /account".to_owned()]);
        assert_eq!(found(Form::One, &one), told);
        assert_eq!(found(Form::Many, &many), told);
        assert_eq!(found(Form::Many, &many[0]), told, "one without its list");
    }

    #[test]
    fn what_is_no_report_is_refused_and_what_is_not_ours_is_dropped() {
        for (form, value) in [
            (Form::One, json!([])),
            (Form::One, json!({})),
            (Form::One, json!({"csp-report": "x"})),
            (Form::Many, json!("x")),
            (Form::Many, json!(1)),
        ] {
            assert_eq!(found(form, &value), None, "{value}");
        }
        assert!(read(Form::One, b"{", HERE).is_none());
        assert!(read(Form::Many, "[".repeat(10_000).as_bytes(), HERE).is_none(), "deeper than it can be");
        for (form, value) in [
            (Form::One, json!({"csp-report": {}})),
            (Form::One, json!({"csp-report": {"document-uri": 1, "effective-directive": ["img-src"]}})),
            (Form::Many, json!([])),
            (Form::Many, json!([null, 1, {"type": "csp-violation"}, {"type": "csp-violation", "body": 1}])),
        ] {
            assert_eq!(found(form, &value), Some(Vec::new()), "{value}");
        }
    }

    #[test]
    fn a_list_is_read_to_so_many() {
        let report = json!({"type": "csp-violation", "body": {
            "documentURL": "https://id.example.com/", "effectiveDirective": "img-src", "blockedURL": "inline",
        }});
        let many = json!(vec![report; 50]);
        assert_eq!(found(Form::Many, &many).map(|found| found.len()), Some(MOST));
    }
}
