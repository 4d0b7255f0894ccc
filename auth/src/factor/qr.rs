//! A text as a QR code (ISO/IEC 18004), to be drawn as one path of SVG.

use std::fmt::Write as _;

use qrcode::{Color, QrCode};

use crate::Result;

/// Light modules around the code, without which many readers find nothing (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

/// A QR code. No `Debug`: what it says may be a secret.
pub struct QrPicture {
    /// Modules of a side, with the quiet zone.
    pub side: usize,
    /// The dark modules as the `d` of a `path`, one unit a module: each run of a row is one rectangle.
    pub path: String,
}

impl QrPicture {
    /// Draws a text of at most about two thousand characters.
    ///
    /// # Errors
    /// When the text is too long for any code.
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::new(text).map_err(anyhow::Error::from)?;
        let width = code.width();
        let modules = code.to_colors();
        let mut path = String::with_capacity(width * width * 6);
        for (row, modules) in modules.chunks(width).enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|one, next| one == next) {
                if run[0] == Color::Dark {
                    // Writing to a text cannot fail.
                    let _ =
                        write!(path, "M{} {}h{length}v1h-{length}z", column + QUIET, row + QUIET, length = run.len());
                }
                column += run.len();
            }
        }
        Ok(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark modules that a path draws, by rows.
    fn drawn(picture: &QrPicture) -> Vec<Vec<bool>> {
        let mut dark = vec![vec![false; picture.side]; picture.side];
        for run in picture.path.split_terminator('z') {
            let (corner, rest) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let (length, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(length, back);
            let (x, y, length): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
            dark[y][x..x + length].fill(true);
        }
        dark
    }

    #[test]
    fn a_reader_of_another_hand_reads_the_same_text() {
        let text =
            "otpauth://totp/Keywright:alice%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Keywright";
        let picture = QrPicture::of(text).unwrap();
        let dark = drawn(&picture);
        // Four pixels a module, as a camera would see it.
        let side = picture.side * 4;
        let mut seen =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark[y / 4][x / 4] { 0 } else { 255 });
        let grids = seen.detect_grids();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].decode().unwrap().1, text);
    }

    #[test]
    fn the_quiet_zone_is_light_and_nothing_is_drawn_twice() {
        let picture = QrPicture::of("A").unwrap();
        assert_eq!(picture.side, 21 + 8);
        let dark = drawn(&picture);
        for (y, row) in dark.iter().enumerate() {
            for (x, module) in row.iter().enumerate() {
                let is_quiet = [x, y].iter().any(|at| !(4..25).contains(at));
                assert!(!(is_quiet && *module), "{x} {y}");
            }
        }
        assert!(QrPicture::of(&"A".repeat(10_000)).is_err());
    }
}
