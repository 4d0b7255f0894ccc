//! Reading a picture that anybody may have made, and keeping nothing of it but pixels.
//!
//! A file says what it unfolds to before it does: sides and memory are judged by its header, so that a
//! small file of gigabytes is refused unread. What is kept is drawn and encoded anew: no place, no
//! camera, no comment, and nothing that pretends to be a picture remains.

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::panic::catch_unwind;

use super::{issue_of_size, webp};
use crate::FieldIssue;
use crate::weakened::{self, Defence};

/// The longest side of a file's picture in pixels.
pub(super) const MAX_SIDE: u32 = 4096;
/// What a file may unfold to.
const MAX_MEMORY: u64 = 64 * 1024 * 1024;
/// The side of a kept picture: sharp on the densest screens at the size that pages show.
const SIDE: u32 = 256;
const PNG: &str = "image/png";
const WEBP: &str = "image/webp";

/// A square picture of 256 by 256 pixels, encoded without loss.
#[derive(Clone, PartialEq, Eq)]
pub struct Avatar {
    media_type: &'static str,
    bytes: Vec<u8>,
}

impl Avatar {
    /// Makes one of a file: a PNG, JPEG or WebP by what is in it, whatever it is called. The middle of
    /// the picture is kept, upright. Slow, and hungry: call it on a hash thread, one at a time.
    ///
    /// # Errors
    /// [`FieldIssue::ImageTooLarge`] for too many bytes or pixels, [`FieldIssue::InvalidImage`] for
    /// everything else that is not a picture, or moves.
    pub fn from_upload(file: &[u8]) -> Result<Self, FieldIssue> {
        if let Some(issue) = issue_of_size(file.len()) {
            return Err(issue);
        }
        // A decoder that panics has met a file that it cannot read.
        catch_unwind(|| encoded(&read(file)?)).unwrap_or(Err(FieldIssue::InvalidImage))
    }

    /// One that was kept; none when a newer version keeps another kind.
    pub(crate) fn stored(media_type: &str, bytes: Vec<u8>) -> Option<Self> {
        let media_type = [PNG, WEBP].into_iter().find(|known| *known == media_type)?;
        Some(Self { media_type, bytes })
    }

    /// Its kind, `image/png` or `image/webp`.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file alone.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The middle of a file's picture, small and upright.
fn read(file: &[u8]) -> Result<DynamicImage, FieldIssue> {
    let format = image::guess_format(file).map_err(|error| issue_of(&error))?;
    let is_accepted = match format {
        ImageFormat::Png | ImageFormat::Jpeg => true,
        ImageFormat::WebP => webp::is_harmless(file),
        _ => false,
    };
    if !is_accepted {
        return Err(FieldIssue::InvalidImage);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| issue_of(&error))?;
    limits().reserve(decoder.total_bytes()).map_err(|error| issue_of(&error))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| issue_of(&error))?;
    squared(image, orientation).ok_or(FieldIssue::InvalidImage)
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    if weakened::is_off(Defence::PictureBounds) {
        return limits;
    }
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

fn issue_of(error: &ImageError) -> FieldIssue {
    match error {
        ImageError::Limits(_) => FieldIssue::ImageTooLarge,
        _ => FieldIssue::InvalidImage,
    }
}

/// Cut before it is scaled: one line of 4096 pixels, scaled first, would be a wall of them.
fn squared(image: DynamicImage, orientation: Orientation) -> Option<DynamicImage> {
    /// Beyond this, a fast filter comes first; the good one reads each pixel many times.
    const NEAR: u32 = 4 * SIDE;
    let (width, height) = (image.width(), image.height());
    let side = width.min(height);
    if side == 0 {
        return None;
    }
    let square = image.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    drop(image);
    let near = if side > NEAR { square.thumbnail_exact(NEAR, NEAR) } else { square };
    let mut small = near.resize_exact(SIDE, SIDE, FilterType::Lanczos3);
    small.apply_orientation(orientation);
    Some(small)
}

/// Eight bits a colour, in the smaller of two lossless formats.
fn encoded(image: &DynamicImage) -> Result<Avatar, FieldIssue> {
    let plain = if image.has_alpha() {
        DynamicImage::ImageRgba8(image.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.to_rgb8())
    };
    let encode = |format, media_type| -> Result<Avatar, FieldIssue> {
        let mut file = Cursor::new(Vec::new());
        plain.write_to(&mut file, format).map_err(|error| issue_of(&error))?;
        Ok(Avatar { media_type, bytes: file.into_inner() })
    };
    let (png, webp) = (encode(ImageFormat::Png, PNG)?, encode(ImageFormat::WebP, WEBP)?);
    Ok(if webp.bytes.len() < png.bytes.len() { webp } else { png })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::avatar::MAX_BYTES;
    use image::{GenericImageView, Rgb, RgbImage};

    const RED: Rgb<u8> = Rgb([220, 20, 20]);
    const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

    /// Red on the left, blue on the right.
    fn picture(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE }).into()
    }

    fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        image.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    fn is(image: &DynamicImage, x: u32, y: u32, colour: Rgb<u8>) -> bool {
        let found = image.get_pixel(x, y).0;
        found.iter().zip(colour.0).all(|(found, wanted)| found.abs_diff(wanted) < 40)
    }

    fn kept(file: &[u8]) -> DynamicImage {
        let avatar = Avatar::from_upload(file).unwrap();
        let image = image::load_from_memory(avatar.bytes()).unwrap();
        assert_eq!((image.width(), image.height()), (SIDE, SIDE));
        let format = image::guess_format(avatar.bytes()).unwrap();
        assert_eq!(format.to_mime_type(), avatar.media_type());
        image
    }

    fn refused(file: &[u8]) -> Option<FieldIssue> {
        Avatar::from_upload(file).err()
    }

    fn contains(file: &[u8], part: &[u8]) -> bool {
        file.windows(part.len()).any(|window| window == part)
    }

    /// A chunk of a PNG (PNG, 5.3).
    fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut crc = u32::MAX;
        for byte in kind.iter().chain(data) {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
            }
        }
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], kind, data, &(!crc).to_be_bytes()].concat()
    }

    /// The beginning of a PNG that says how large it is.
    fn png_head(width: u32, height: u32, bits: u8) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, 6, 0, 0, 0]].concat();
        [&b"\x89PNG\r\n\x1a\n"[..], &png_chunk(b"IHDR", &header)].concat()
    }

    /// A JPEG that says that it lies on its side, and who took it where (Exif 2.32, 4.6).
    fn sideways(width: u32, height: u32) -> Vec<u8> {
        let jpeg = file(&picture(width, height), ImageFormat::Jpeg);
        let entry = b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00";
        let exif = [&b"Exif\0\0II*\0\x08\0\0\0\x01\0"[..], entry, b"\0\0\0\0taken at home"].concat();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn every_kind_and_shape_becomes_a_square() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            for (width, height) in [(40, 20), (20, 40), (300, 300), (1, 1), (2000, 3)] {
                kept(&file(&picture(width, height), format));
            }
            let image = kept(&file(&picture(60, 20), format));
            assert!(is(&image, 60, 128, RED) && is(&image, 196, 128, BLUE), "{format:?}: the middle is kept");
        }
    }

    #[test]
    fn a_large_picture_is_made_small_in_two_steps() {
        let image = kept(&file(&picture(1500, 1100), ImageFormat::WebP));
        assert!(is(&image, 60, 128, RED) && is(&image, 196, 128, BLUE));
    }

    #[test]
    fn a_picture_that_lies_on_its_side_is_put_upright() {
        let image = kept(&sideways(40, 20));
        assert!(is(&image, 128, 40, RED) && is(&image, 128, 216, BLUE), "left is up");
    }

    #[test]
    fn what_is_transparent_and_grey_and_deep_stays_readable() {
        let clear = DynamicImage::new_rgba8(30, 30);
        assert_eq!(kept(&file(&clear, ImageFormat::Png)).get_pixel(9, 9).0[3], 0);
        for image in
            [DynamicImage::new_luma8(30, 30), DynamicImage::new_luma_a16(30, 30), DynamicImage::new_rgb16(9, 9)]
        {
            kept(&file(&image, ImageFormat::Png));
        }
    }

    #[test]
    fn nothing_but_pixels_is_kept() {
        let png = file(&picture(30, 30), ImageFormat::Png);
        let told = [&png[..33], &png_chunk(b"tEXt", b"Comment\0taken at home"), &png[33..]].concat();
        for told in [told, sideways(30, 30)] {
            assert!(contains(&told, b"taken at home"));
            let avatar = Avatar::from_upload(&told).unwrap();
            for secret in [&b"taken at home"[..], b"Exif", b"EXIF", b"eXIf", b"tEXt", b"iTXt", b"iCCP", b"XMP"] {
                assert!(!contains(avatar.bytes(), secret), "{}", secret.escape_ascii());
            }
        }
    }

    #[test]
    fn what_would_unfold_to_too_much_is_refused_by_its_header() {
        let tall = file(&picture(2, MAX_SIDE + 1), ImageFormat::Png);
        // Within the sides, and twice the memory: 16 bits a colour.
        let deep = [png_head(MAX_SIDE, MAX_SIDE, 16), png_chunk(b"IDAT", &[0; 8])].concat();
        for bomb in [png_head(60_000, 60_000, 8), png_head(MAX_SIDE + 1, 1, 8), tall, deep, vec![0; MAX_BYTES + 1]] {
            assert_eq!(refused(&bomb), Some(FieldIssue::ImageTooLarge));
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = file(&picture(30, 30), ImageFormat::Png);
        for none in [
            &b""[..],
            b"not a picture",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
            b"BM\0\0\0\0",
            b"%PDF-1.7",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"RIFF\x04\0\0\0WEBP",
            &png[..png.len() / 2],
            &vec![0; MAX_BYTES],
        ] {
            assert_eq!(refused(none), Some(FieldIssue::InvalidImage), "{}", none[..none.len().min(12)].escape_ascii());
        }
    }
}
