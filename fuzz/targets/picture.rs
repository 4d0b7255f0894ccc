//! Files that somebody sends as a picture. What is kept is a small square of our own making, and none of what else was in
//! the file.

use std::panic;
use std::sync::Once;

use auth::avatar::Avatar;

/// Bytes of a square of 256 by 256 pixels without compression, and what belongs to the format.
const MOST_KEPT: usize = 4 * 256 * 256 + 4096;

/// A decoder may panic: its caller catches that. The fuzzer would end there; a panic that nobody catches ends it all the same.
static QUIET: Once = Once::new();

pub fn fuzz(data: &[u8]) {
    QUIET.call_once(|| panic::set_hook(Box::new(|_| {})));
    let Ok(avatar) = Avatar::from_upload(data) else { return };
    assert!(["image/png", "image/webp"].contains(&avatar.media_type()));
    assert!(avatar.bytes().len() <= MOST_KEPT);
    assert!(Avatar::from_upload(avatar.bytes()).is_ok(), "what we keep is a picture");
    // Behind its header, the next part of a file is what is shown.
    let beginning = &avatar.bytes()[..41];
    for part in [&b"Exif"[..], b"tEXt", b"iTXt", b"iCCP", b"eXIf", b"XMP "] {
        assert!(!beginning.windows(part.len()).any(|found| found == part));
    }
}
