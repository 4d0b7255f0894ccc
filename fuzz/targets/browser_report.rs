//! Reports that a browser sends, or whoever likes: one, or a list of them. What is kept is a known rule, a site or a word, and a
//! path of plain letters.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use url::Url;

use crate::program::browser_reports::{Form, form_of, read};

const HERE: &str = "https://id.example.com";
/// Reports of one request that are read.
const MOST: usize = 20;
/// Characters of what is kept.
const LONGEST: usize = 120;

pub fn fuzz(data: &[u8]) {
    let Some((part, data)) = data.split_first() else { return };
    let (form, most) = match part % 3 {
        0 => (Form::One, 1),
        1 => (Form::Many, MOST),
        _ => {
            let Ok(kind) = HeaderValue::from_bytes(data) else { return };
            if form_of(&HeaderMap::from_iter([(CONTENT_TYPE, kind)])).is_some() {
                assert!(data.trim_ascii_start().starts_with(b"application/"));
            }
            return;
        }
    };
    let Some(reports) = read(form, data, HERE) else { return };
    assert!(reports.len() <= most);
    for report in reports {
        let (rule, blocked, path) = (report.directive(), report.blocked(), report.path());
        assert!(rule.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        assert!(path.starts_with('/') && path.chars().count() <= LONGEST, "{path}");
        let is_plain = |letter| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '.' | '/' | '…');
        assert!(path.chars().all(is_plain), "{path}");
        assert!(blocked.len() <= LONGEST && !blocked.contains(['?', '#', '@', ' ']), "{blocked}");
        if blocked.contains("//") {
            let site = Url::parse(blocked).expect("it was read before");
            assert_eq!((site.path(), site.username()), ("/", ""), "{blocked}");
        }
    }
}
