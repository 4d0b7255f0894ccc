//! A first look into a WebP (RFC 9649). Its decoder takes as much memory as a chunk claims to need,
//! before it sees how little is there or what the canvas allows.

use super::picture::MAX_SIDE;

/// The bit of `VP8X` that announces frames in turn.
const ANIMATION: u8 = 0b10;
/// Name of the container, its length and its kind.
const HEAD: usize = 12;

/// Whether each chunk lies within the file, none holds a frame that is larger than a picture may be,
/// and nothing moves: frames in turn have sizes of their own.
pub(super) fn is_harmless(file: &[u8]) -> bool {
    let mut rest = file.get(HEAD..).unwrap_or_default();
    while let Some((kind, after)) = rest.split_first_chunk::<4>()
        && let Some((length, after)) = after.split_first_chunk::<4>()
    {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((body, after)) = after.split_at_checked(length) else { return false };
        let is_harmless = match kind {
            b"VP8X" => body.first().is_some_and(|flags| flags & ANIMATION == 0),
            b"VP8 " => frame_sides(body).is_some_and(|sides| sides.iter().all(|side| *side <= MAX_SIDE)),
            b"ANIM" | b"ANMF" => false,
            _ => true,
        };
        if !is_harmless {
            return false;
        }
        // An odd length is made even.
        rest = after.get(length % 2..).unwrap_or_default();
    }
    true
}

/// The sides in the header of a key frame (RFC 6386, 9.1): 14 bits each, after three bytes of tag and
/// three of a start code.
fn frame_sides(frame: &[u8]) -> Option<[u32; 2]> {
    let side = |at: usize| Some(u32::from(u16::from_le_bytes([*frame.get(at)?, *frame.get(at + 1)?]) & 0x3fff));
    Some([side(6)?, side(8)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldIssue;
    use crate::avatar::Avatar;
    use image::{DynamicImage, ImageFormat};
    use std::io::Cursor;

    fn chunk(kind: &[u8; 4], claimed: u32, body: &[u8]) -> Vec<u8> {
        let padding = vec![0; body.len() % 2];
        [&kind[..], &claimed.to_le_bytes(), body, &padding].concat()
    }

    fn whole(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        chunk(kind, u32::try_from(body.len()).unwrap(), body)
    }

    fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
        let chunks = chunks.concat();
        let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
        [&b"RIFF"[..], &length, b"WEBP", &chunks].concat()
    }

    /// Which chunks will come, and a canvas of 9 by 9.
    fn extended(flags: u8) -> Vec<u8> {
        whole(b"VP8X", &[flags, 0, 0, 0, 8, 0, 0, 8, 0, 0])
    }

    /// A picture of 9 by 9, as one chunk.
    fn pixels() -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(9, 9).write_to(&mut file, ImageFormat::WebP).unwrap();
        file.into_inner()[HEAD..].to_vec()
    }

    fn frame(side: u16) -> Vec<u8> {
        let side = side.to_le_bytes();
        whole(b"VP8 ", &[&b"\x10\0\0\x9d\x01\x2a"[..], &side, &side, &[0; 8]].concat())
    }

    #[test]
    fn an_ordinary_picture_passes_with_what_belongs_to_it() {
        for chunks in [vec![pixels()], vec![extended(0), pixels()], vec![extended(8), pixels(), whole(b"EXIF", b"odd")]]
        {
            let file = webp(&chunks);
            assert!(is_harmless(&file));
            assert!(Avatar::from_upload(&file).is_ok());
        }
    }

    #[test]
    fn what_claims_more_than_there_is_or_moves_is_refused() {
        for chunks in [
            vec![extended(8), pixels(), chunk(b"EXIF", u32::MAX, b"")],
            vec![extended(8), chunk(b"EXIF", 1000, b"short"), pixels()],
            vec![extended(0), frame(0x3fff)],
            vec![extended(ANIMATION), pixels()],
            vec![extended(0), pixels(), whole(b"ANMF", &[0; 32])],
            vec![extended(0), whole(b"VP8 ", &[0; 4])],
        ] {
            let file = webp(&chunks);
            assert!(!is_harmless(&file));
            assert_eq!(Avatar::from_upload(&file).err(), Some(FieldIssue::InvalidImage));
        }
    }
}
