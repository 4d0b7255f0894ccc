-- What nodes found wrong with the proxies before them: `keywright doctor` is another process and asks here. A row for each
-- fault and address, written at most once a minute.
CREATE TABLE proxy_findings (
    -- Such as `unlisted_proxy`.
    fault TEXT NOT NULL,
    -- Whose address or network it is about; empty where it is about none.
    address TEXT NOT NULL,
    found BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (fault, address)
);
