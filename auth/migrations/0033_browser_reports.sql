-- What browsers refused by the rules of our pages, and told: counted, never kept as it came.

CREATE TABLE browser_reports (
    -- Days since 1970, in UTC.
    day BIGINT NOT NULL,
    -- The rule, such as `img-src`: one of those that are known.
    directive TEXT NOT NULL,
    -- What it kept out: a site without path, or a word such as `inline`.
    blocked TEXT NOT NULL,
    -- The path of the page, without query and ids.
    path TEXT NOT NULL,
    -- How often it was told.
    reports BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (day, directive, blocked, path)
);
