//! Every target of `bin/fuzz`, in one program that is linked once. The name by which it is called says which one runs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

mod authorization;
mod browser_report;
mod cookie;
mod form;
mod import;
mod passkey;
mod picture;
mod policy;
mod provider;
mod range_answer;
mod text;
mod token;
mod wire;

/// Parsers that pages and program keep for themselves, from their files: neither is compiled anew for them.
#[path = "../../server/src"]
#[expect(dead_code, reason = "of each file one part is tried")]
mod program {
    #[path = "layer/bearer.rs"]
    pub mod bearer;
    #[path = "browser_reports/read.rs"]
    pub mod browser_reports;
    #[path = "../../app/src/server/cookie_of.rs"]
    pub mod cookie_of;
    pub mod device;
    #[path = "layer/origin.rs"]
    pub mod origin;
    #[path = "command/user_import"]
    pub mod user_import {
        mod formats;
        mod lines;
        pub mod options;
        mod row;
        pub mod rows;
    }
}

type Target = fn(&[u8]);

static TARGETS: [(&str, Target); 13] = [
    ("authorization", authorization::fuzz),
    ("browser_report", browser_report::fuzz),
    ("cookie", cookie::fuzz),
    ("form", form::fuzz),
    ("import", import::fuzz),
    ("passkey", passkey::fuzz),
    ("picture", picture::fuzz),
    ("policy", policy::fuzz),
    ("provider", provider::fuzz),
    ("range_answer", range_answer::fuzz),
    ("text", text::fuzz),
    ("token", token::fuzz),
    ("wire", wire::fuzz),
];

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let called = std::env::args().next().unwrap_or_default();
    let name = called.rsplit('/').next().unwrap_or_default();
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("{called} is called like no target; bin/fuzz knows their names")).1
});

fuzz_target!(|data: &[u8]| {
    (*TARGET)(data);
});
