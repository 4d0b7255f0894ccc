//! Picture bombs: a file of a few kilobytes that unfolds to as many megabytes, in one long line or whole.

use auth::weakened::Defence;
use image::{GrayImage, ImageFormat};
use std::io::Cursor;

use super::{Attack, Control};
use crate::Outcome;
use crate::http;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "picture_bomb", settings: &[], control: Control::Without(Defence::PictureBounds) };

/// Each side is more than is accepted.
const SIDES: [(u32, u32); 2] = [(5000, 300), (300, 5000)];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let headers = format!("content-type: image/png\r\nauthorization: Bearer {}\r\n", alice.token);
    for (width, height) in SIDES {
        let mut file = Cursor::new(Vec::new());
        GrayImage::new(width, height).write_to(&mut file, ImageFormat::Png)?;
        let answer = http::send(target.port, "PUT", "/api/v1/me/avatar", &headers, file.get_ref()).await?;
        if answer.is_done() {
            return Ok(Outcome::Succeeded(format!("unfolded {width} by {height} pixels")));
        }
    }
    Ok(Outcome::Stopped)
}
