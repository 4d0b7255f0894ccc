//! What pages may ask a browser for (W3C, Permissions Policy): to copy a text, to use a passkey, to ask a provider who somebody
//! is (`FedCM`). Everything else that is powerful is denied, to us as well: a script that somebody smuggled in gets no more
//! than ours.

/// Ours alone; then nobody's.
pub const PERMISSIONS: &str = "clipboard-write=(self), identity-credentials-get=(self), \
    publickey-credentials-create=(self), publickey-credentials-get=(self), \
    accelerometer=(), autoplay=(), bluetooth=(), camera=(), captured-surface-control=(), clipboard-read=(), \
    compute-pressure=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
    geolocation=(), gyroscope=(), hid=(), idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), \
    microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), \
    storage-access=(), sync-xhr=(), usb=(), web-share=(), window-management=(), xr-spatial-tracking=()";

#[cfg(test)]
mod tests {
    use super::PERMISSIONS;
    use std::collections::BTreeSet;

    /// What the list of the specification's registry calls powerful, and what else tells of people or their machines.
    const POWERFUL: [&str; 20] = [
        "accelerometer",
        "bluetooth",
        "camera",
        "clipboard-read",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "screen-wake-lock",
        "serial",
        "storage-access",
        "usb",
        "window-management",
        "xr-spatial-tracking",
    ];

    #[test]
    fn every_powerful_feature_is_denied_once() {
        let named: Vec<(&str, &str)> =
            PERMISSIONS.split(',').map(|part| part.trim().split_once('=').expect("a feature and who may")).collect();
        let names: BTreeSet<&str> = named.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), named.len(), "each stands once");
        for feature in POWERFUL {
            assert!(named.contains(&(feature, "()")), "{feature}");
        }
        assert!(named.iter().all(|(_, who)| matches!(*who, "()" | "(self)")), "{PERMISSIONS}");
        assert!(!PERMISSIONS.contains("  "), "one line");
    }
}
