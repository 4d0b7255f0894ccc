//! The recovery ladder as a picture: two rails, and a rung for each way in. A rung that bears is solid, one that goes
//! with the phone is broken off and crossed, one that is missing is dashed: never told apart by their colour alone.

use auth::factor::{Footing, LadderRung};
use leptos::prelude::*;

use super::ladder::{describe, rung_short};
use crate::text::t;

/// Units of the picture; its words have the size of those around it.
const WIDTH: i64 = 272;
const ROW: i64 = 44;
const TOP: i64 = 12;
const LEFT: i64 = 16;
const RIGHT: i64 = 96;
/// How far the rails stand out.
const OVER: i64 = 8;

/// The picture with a text alternative.
#[component]
pub(super) fn LadderPicture(rungs: Vec<LadderRung>) -> impl IntoView {
    let height = i64::try_from(rungs.len()).unwrap_or(1) * ROW + TOP;
    let foot = height - 2;
    let top = TOP - OVER;
    let description = describe(&rungs);
    let drawn = rungs.into_iter().zip(0_i64..).map(|(rung, row)| draw(rung, TOP + row * ROW + ROW / 2)).collect_view();
    let view_box = format!("0 0 {WIDTH} {height}");
    view! {
        <svg
            class="ladder-picture" role="img" aria-labelledby="ladder-title ladder-desc" width=WIDTH height=height
            viewBox=view_box
        >
            <title id="ladder-title">{t("page.ladder.picture")}</title>
            <desc id="ladder-desc">{description}</desc>
            <line class="ladder-rail" x1=LEFT y1=top x2=LEFT y2=foot></line>
            <line class="ladder-rail" x1=RIGHT y1=top x2=RIGHT y2=foot></line>
            {drawn}
        </svg>
    }
    .into_any()
}

/// A rung at a height, with its name beside it.
fn draw(rung: LadderRung, y: i64) -> AnyView {
    let (label_x, label_y) = (RIGHT + 14, y + 4);
    let wood = match rung.footing {
        Footing::Holds => view! { <line class="ladder-holds" x1=LEFT y1=y x2=RIGHT y2=y></line> }.into_any(),
        Footing::Missing => view! { <line class="ladder-missing" x1=LEFT y1=y x2=RIGHT y2=y></line> }.into_any(),
        Footing::Gone => gone(y),
    };
    let class = if rung.footing == Footing::Holds { "ladder-label" } else { "ladder-label ladder-label-weak" };
    view! {
        {wood}
        <text class=class x=label_x y=label_y>{rung_short(rung.rung)}</text>
    }
    .into_any()
}

/// Two stumps, and a cross between them.
fn gone(y: i64) -> AnyView {
    let middle = LEFT + (RIGHT - LEFT) / 2;
    let (left_end, right_end) = (middle - 16, middle + 16);
    let (west, east, north, south) = (middle - 6, middle + 6, y - 6, y + 6);
    let cross = format!("M{west} {north}L{east} {south}M{east} {north}L{west} {south}");
    view! {
        <line class="ladder-stump" x1=LEFT y1=y x2=left_end y2=y></line>
        <line class="ladder-stump" x1=right_end y1=y x2=RIGHT y2=y></line>
        <path class="ladder-cross" d=cross></path>
    }
    .into_any()
}
