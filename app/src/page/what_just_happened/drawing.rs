//! The exchange as a sequence diagram: three lanes, time runs downwards. Made as text, because it is drawn
//! once and never changes; its looks are classes of `style/explain.css`.

use auth::explain::{Exchange, Step};
use std::fmt::Write as _;

use super::exchange::duration;
use crate::text::t;

/// Where the lanes stand, in the units of the drawing.
const BROWSER: i32 = 46;
const SERVER: i32 = 150;
const DATABASE: i32 = 254;
const WIDTH: i32 = 300;
/// Half a head of a lane.
const HALF: i32 = 44;
/// Where the first message stands.
const TOP: i32 = 62;

/// The drawing as SVG.
pub(super) fn drawing(exchange: &Exchange) -> String {
    let mut rows = String::new();
    let mut y = TOP;
    arrow(&mut rows, (BROWSER, SERVER), y, "sequence-message");
    label(&mut rows, (BROWSER + SERVER) / 2, y - 6, without_version(&exchange.request.line), "");
    y += 32;
    for timed in &exchange.steps {
        let (name, took) = (t(short(&timed.step)), duration(timed.micros));
        if timed.step.is_in_database() {
            label(&mut rows, (SERVER + DATABASE) / 2, y - 6, &name, "");
            arrow(&mut rows, (SERVER, DATABASE), y, "sequence-query");
            arrow(&mut rows, (DATABASE, SERVER), y + 9, "sequence-result");
            label(&mut rows, (SERVER + DATABASE) / 2, y + 21, &took, "sequence-time");
            y += 46;
        } else {
            check(&mut rows, y);
            beside(&mut rows, y, &name, "");
            beside(&mut rows, y + 13, &took, "sequence-time");
            y += 38;
        }
    }
    arrow(&mut rows, (SERVER, BROWSER), y, "sequence-message sequence-answer");
    label(&mut rows, (BROWSER + SERVER) / 2, y - 6, after_version(&exchange.answer.line), "");
    label(&mut rows, (BROWSER + SERVER) / 2, y + 14, "Set-Cookie", "sequence-time");
    let bottom = y + 26;
    let by_program = exchange.request.line.starts_with("POST /api/");
    let sender = if by_program { t("page.what_just_happened.program") } else { t("page.what_just_happened.browser") };
    let lanes =
        [(BROWSER, sender), (SERVER, "Keywright".to_owned()), (DATABASE, t("page.what_just_happened.database"))];
    let lanes: String = lanes.iter().map(|(x, name)| lane(*x, name, bottom)).collect();
    let (title, text) =
        (escaped(&t("page.what_just_happened.drawing")), escaped(&t("page.what_just_happened.drawing_text")));
    format!(
        "<svg class=\"sequence\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-labelledby=\"sequence-title\" \
         aria-describedby=\"sequence-text\"><title id=\"sequence-title\">{title}</title>\
         <desc id=\"sequence-text\">{text}</desc>{lanes}{rows}</svg>",
        bottom + 4
    )
}

/// What a step is called where there is room for two words.
fn short(step: &Step) -> &'static str {
    match step {
        Step::OriginAccepted(_) => "page.what_just_happened.drawn_origin",
        Step::BodyRead { .. } => "page.what_just_happened.drawn_body",
        Step::AccountRead => "page.what_just_happened.drawn_account_read",
        Step::PasswordVerified { .. } => "page.what_just_happened.drawn_password_verified",
        Step::SecondFactorAsked => "page.what_just_happened.drawn_second_factor_asked",
        Step::SecondFactorProved { .. } => "page.what_just_happened.drawn_second_factor_proved",
        Step::PasswordHashedAnew => "page.what_just_happened.drawn_password_hashed_anew",
        Step::AccountHeld { .. } => "page.what_just_happened.drawn_account_held",
        Step::SessionWritten { at_once: false, .. } => "page.what_just_happened.drawn_session_written",
        Step::SessionWritten { at_once: true, .. } => "page.what_just_happened.drawn_session_written_at_once",
        Step::Committed => "page.what_just_happened.drawn_committed",
        Step::AccessTokenSigned { .. } => "page.what_just_happened.drawn_access_token_signed",
        Step::PreviousSessionEnded => "page.what_just_happened.drawn_previous_session_ended",
    }
}

fn lane(x: i32, name: &str, bottom: i32) -> String {
    let (left, wide, name) = (x - HALF, HALF * 2, escaped(name));
    format!(
        "<line class=\"sequence-lane\" x1=\"{x}\" y1=\"28\" x2=\"{x}\" y2=\"{bottom}\"/>\
         <rect class=\"sequence-head\" x=\"{left}\" y=\"4\" width=\"{wide}\" height=\"24\" rx=\"6\"/>\
         <text class=\"sequence-name\" x=\"{x}\" y=\"20\" text-anchor=\"middle\">{name}</text>"
    )
}

fn arrow(rows: &mut String, (from, to): (i32, i32), y: i32, class: &str) {
    // The head points where the arrow goes.
    let back = if to > from { to - 6 } else { to + 6 };
    let (up, down) = (y - 4, y + 4);
    let _ = write!(
        rows,
        "<path class=\"{class}\" d=\"M{from} {y}H{to}\"/><path class=\"sequence-tip\" d=\"M{to} {y}L{back} {up}V{down}Z\"/>"
    );
}

/// Words in the middle between two lanes.
fn label(rows: &mut String, x: i32, y: i32, words: &str, class: &str) {
    let words = escaped(words);
    let _ = write!(rows, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{words}</text>");
}

/// Words to the right of the server's lane.
fn beside(rows: &mut String, y: i32, words: &str, class: &str) {
    let (x, words) = (SERVER + 14, escaped(words));
    let _ = write!(rows, "<text class=\"{class}\" x=\"{x}\" y=\"{}\">{words}</text>", y + 4);
}

/// A tick on the server's lane.
fn check(rows: &mut String, y: i32) {
    let _ = write!(
        rows,
        "<circle class=\"sequence-check\" cx=\"{SERVER}\" cy=\"{y}\" r=\"8\"/>\
         <path class=\"sequence-tick\" d=\"M{} {y}l2.5 2.5 4.5-5\"/>",
        SERVER - 4
    );
}

/// `POST /rpc/sign_in` of a request line.
fn without_version(line: &str) -> &str {
    line.rsplit_once(' ').map_or(line, |(before, _)| before)
}

/// `303 See Other` of a status line.
fn after_version(line: &str) -> &str {
    line.split_once(' ').map_or(line, |(_, after)| after)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
