-- What a person says about themselves besides the name.

-- By its name in the IANA database; none: UTC.
ALTER TABLE users ADD COLUMN time_zone TEXT;

-- Pictures, encoded anew from what was sent. A change gives another id: whoever keeps a picture under
-- its address keeps the right one.
CREATE TABLE avatars (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    id TEXT NOT NULL UNIQUE,
    media_type TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- base64url. The last column: whoever asks for the id alone need not pass it.
    image TEXT NOT NULL
);
