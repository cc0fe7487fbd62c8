"""The environment, read once into one typed object. A bad value stops the start and names itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from presentations.errors import SettingsError
from presentations.settings.keys import HOW_TO_MAKE, SHORTEST, weakness
from presentations.settings.parsers import (
    Parser,
    address,
    choice,
    claim,
    database_url,
    files_url,
    flag,
    header_value,
    hosts,
    number,
    path,
    path_prefix,
    redis_url,
    seconds,
    web_url,
)


def _setting(
    variable: str, default: str | None, parse: Parser, about: str, *, secret: bool = False
) -> Any:  # dataclasses.field's own type is a white lie as well
    return field(
        repr=not secret,
        metadata={"variable": variable, "default": default, "parse": parse, "about": about, "secret": secret},
    )


def _read(metadata: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    variable, default = metadata["variable"], metadata["default"]
    text = environ.get(variable, "").strip() or default
    if text is None:
        return None
    try:
        return metadata["parse"](text)
    except ValueError as problem:
        is_secret = metadata["secret"] or "@" in text  # a URL may hold a password
        shown = "(not shown: it is a secret)" if is_secret else repr(text)
        raise SettingsError(f"{variable} is {shown}: {problem}") from None


@dataclass(frozen=True)
class Settings:
    """Every setting of Lectern. Times are in seconds.

    An empty variable counts as one that is not set. The tables in docs/settings.md are made of the texts here.
    """

    app_env: str = _setting(
        "APP_ENV",
        "development",
        choice("development", "production"),
        "`production` starts no server of its own: the URLs and `SECRET_KEY` must then be set",
    )
    var_dir: Path = _setting("VAR_DIR", "var", path, "folder that holds everything the embedded servers keep")
    host: str = _setting("HOST", "127.0.0.1", address, "address that the web listens on; `make run` stays on 127.0.0.1")
    port: int = _setting("PORT", "8000", number(int, 1, 65535), "port of the web pages")
    allowed_hosts: tuple[str, ...] = _setting(
        "ALLOWED_HOSTS",
        "",
        hosts,
        "names that the web answers to, besides 127.0.0.1 and localhost, with commas between; links name the first",
    )
    public_url: str | None = _setting(
        "PUBLIC_URL",
        None,
        web_url,
        "where browsers find Lectern, with its path if it has one: for links of agents and commands; when not set, "
        "`https://` and the first of `ALLOWED_HOSTS`",
    )
    script_name: str | None = _setting(
        "SCRIPT_NAME",
        None,
        path_prefix,
        "path that the web stands under, such as `/slides`, when the proxy passes it on; not needed with "
        "X-Forwarded-Prefix",
    )
    trusted_proxies: int = _setting(
        "TRUSTED_PROXIES",
        "0",
        number(int, 0, 10),
        "how many reverse proxies stand before the web; each must set X-Forwarded-For, -Proto and -Host, and the "
        "nearest X-Forwarded-Prefix, if only to nothing",
    )
    log_level: str = _setting("LOG_LEVEL", "info", choice("debug", "info", "warning", "error"), "how much is logged")
    log_format: str = _setting(
        "LOG_FORMAT",
        "auto",
        choice("auto", "text", "json"),
        "`json` logs an object a line, `text` a readable line; `auto` is text on a terminal",
    )
    web_processes: int = _setting(
        "WEB_PROCESSES", "1", number(int, 1, 64), "how many processes serve the web, of `WEB_THREADS` each"
    )
    metrics_token: str | None = _setting(
        "METRICS_TOKEN", None, header_value, "bearer token for `/metrics`, which admins may look at anyway", secret=True
    )
    metrics_host: str = _setting("METRICS_HOST", "127.0.0.1", address, "address of a worker's own metrics")
    metrics_port: int | None = _setting(
        "METRICS_PORT", None, number(int, 1, 65535), "port at which a worker shows its own metrics; none when not set"
    )
    secret_key: str | None = _setting(
        "SECRET_KEY",
        None,
        str,
        "signs sessions and forms; made and kept in `VAR_DIR` when not set. For production 32 characters or more that "
        "nobody can guess",
        secret=True,
    )
    database_url: str | None = _setting(
        "DATABASE_URL",
        None,
        database_url,
        "PostgreSQL (15 or newer); when not set, an embedded one under `VAR_DIR` is used",
        secret=True,
    )
    database_connections: int = _setting(
        "DATABASE_CONNECTIONS",
        "10",
        number(int, 1, 500),
        "how many connections to PostgreSQL each process may have: web, worker, agent",
    )
    database_wait: float = _setting(
        "DATABASE_WAIT", "30", seconds(0.1, 300), "how long a thread waits for one of them while all are in use"
    )
    redis_url: str | None = _setting(
        "REDIS_URL",
        None,
        redis_url,
        "Redis or Valkey (7 or newer); when not set, an embedded Valkey under `VAR_DIR` is used",
        secret=True,
    )
    files_url: str | None = _setting(
        "FILES_URL",
        None,
        files_url,
        "where the files of presentations are kept: a folder, or `s3://bucket/prefix`; when not set, `VAR_DIR/files`",
    )
    files_s3_endpoint: str | None = _setting(
        "FILES_S3_ENDPOINT",
        None,
        web_url,
        "the S3 store of that bucket, such as `https://minio.example:9000`; when not set, `AWS_ENDPOINT_URL`, or AWS",
    )
    aws_endpoint_url: str | None = _setting("AWS_ENDPOINT_URL", None, web_url, "the same, by AWS's own name")
    aws_region: str | None = _setting(
        "AWS_REGION", None, header_value, "region of the bucket; when not set, `AWS_DEFAULT_REGION`, or `us-east-1`"
    )
    aws_access_key_id: str | None = _setting(
        "AWS_ACCESS_KEY_ID",
        None,
        header_value,
        "who asks that store; when not set, what AWS says to its own machines, or to containers by its other variables",
    )
    aws_secret_access_key: str | None = _setting(
        "AWS_SECRET_ACCESS_KEY", None, header_value, "the secret that goes with it", secret=True
    )
    aws_session_token: str | None = _setting(
        "AWS_SESSION_TOKEN", None, header_value, "the token that goes with both when they are temporary", secret=True
    )
    files_link_seconds: int = _setting(
        "FILES_LINK_SECONDS",
        "0",
        number(int, 0, 86400),
        "how long the link works by which browsers fetch a file from S3 themselves; `0`: Lectern sends it",
    )
    max_file_mb: int = _setting("MAX_FILE_MB", "200", number(int, 1, 2000), "largest file that is kept, in MB")
    max_upload_mb: int = _setting(
        "MAX_UPLOAD_MB", "25", number(int, 1, 2000), "largest file that a teacher may give to make slides from, in MB"
    )
    upload_quota_mb: int = _setting(
        "UPLOAD_QUOTA_MB",
        "500",
        number(int, 1, 1_000_000),
        "how much of such files, and of decks that they upload, is kept of each teacher, in MB",
    )
    web_threads: int = _setting("WEB_THREADS", "8", number(int, 2, 64), "how many requests the web answers at once")
    downloads: int = _setting(
        "DOWNLOADS", "4", number(int, 1, 64), "how many files each web process sends at once, by threads beside those"
    )
    downloads_per_person: int = _setting(
        "DOWNLOADS_PER_PERSON", "2", number(int, 1, 64), "how many of them to one person"
    )
    download_timeout: float = _setting(
        "DOWNLOAD_TIMEOUT", "300", seconds(1, 86400), "longest that a file may take on its way; then it is cut off"
    )
    request_timeout: float = _setting(
        "REQUEST_TIMEOUT", "60", seconds(1, 600), "longest that any other request may take, with its answer"
    )
    header_timeout: float = _setting(
        "HEADER_TIMEOUT", "10", seconds(1, 60), "longest that a request's headers may take to arrive"
    )
    api_rate_limit: int = _setting(
        "API_RATE_LIMIT", "600", number(int, 1, 1_000_000), "how many requests to the API one token may send a minute"
    )
    presenton_url: str | None = _setting(
        "PRESENTON_URL", None, web_url, "the Presenton that workers call; `make run` starts a demo when not set"
    )
    presenton_public_url: str | None = _setting(
        "PRESENTON_PUBLIC_URL", None, web_url, "the Presenton that browsers open, if not the same as `PRESENTON_URL`"
    )
    presenton_mode: str = _setting(
        "PRESENTON_MODE",
        "auto",
        choice("auto", "async", "sync"),
        "`async` asks and polls, `sync` waits in one long request, `auto` takes async wherever the server can",
    )
    presenton_api_key: str | None = _setting(
        "PRESENTON_API_KEY",
        None,
        header_value,
        "API key (`sk-presenton-...`), for Presenton 0.9.3 and newer",
        secret=True,
    )
    presenton_username: str | None = _setting(
        "PRESENTON_USERNAME", None, str, "user name for HTTP Basic, for Presenton 0.8.5 to 0.9.1"
    )
    presenton_password: str | None = _setting("PRESENTON_PASSWORD", None, str, "password for HTTP Basic", secret=True)
    presenton_connect_timeout: float = _setting(
        "PRESENTON_CONNECT_TIMEOUT", "5", seconds(0.1, 60), "longest wait for a connection to Presenton"
    )
    presenton_read_timeout: float = _setting(
        "PRESENTON_READ_TIMEOUT", "30", seconds(0.1, 600), "longest wait for an answer to a short call"
    )
    presenton_delete: bool = _setting(
        "PRESENTON_DELETE",
        "0",
        flag,
        "`1` deletes the decks of purged presentations in Presenton as well; exported files stay there",
    )
    presenton_editor: bool = _setting(
        "PRESENTON_EDITOR", "1", flag, "`0` shows no way into Presenton's editor, which may ask for a login of its own"
    )
    worker_threads: int = _setting(
        "WORKER_THREADS", "4", number(int, 1, 1000), "how many presentations one worker makes at once"
    )
    picture_threads: int = _setting(
        "PICTURE_THREADS",
        "1",
        number(int, 0, 100),
        "how many decks one worker keeps current and draws at once; `0`: leaves that to other workers",
    )
    poll_interval: float = _setting(
        "POLL_INTERVAL",
        "2",
        seconds(0.05, 60),
        "pause between two looks at a running generation: a quarter of it when young or nearly done, up to 5 midway",
    )
    lease_seconds: float = _setting(
        "LEASE_SECONDS", "9", seconds(1, 600), "how long a dead worker keeps a presentation; renewed at a third of it"
    )
    dispatch_interval: float = _setting(
        "DISPATCH_INTERVAL", "1.5", seconds(0.1, 60), "pause between two looks for presentations that need a worker"
    )
    line_lost_after: float = _setting(
        "LINE_LOST_AFTER", "10", seconds(0.5, 3600), "a single place in line that was lost is given anew after this"
    )
    give_up_after: float = _setting(
        "GIVE_UP_AFTER", "1800", seconds(1, 86400), "a presentation fails when Presenton gave no answer for this long"
    )
    stall_after: float = _setting(
        "STALL_AFTER", "1200", seconds(1, 86400), "Presenton is asked anew when nothing changed for this long ..."
    )
    stall_after_per_slide: float = _setting(
        "STALL_AFTER_PER_SLIDE", "180", seconds(0, 3600), "... or for this long times the slides, if that is longer"
    )
    restart_wait: float = _setting(
        "RESTART_WAIT",
        "90",
        seconds(0, 3600),
        "Presenton is asked anew when it was down and nothing has changed for this long since",
    )
    generation_timeout: float = _setting(
        "GENERATION_TIMEOUT", "3600", seconds(1, 86400), "longest that one generation may take ..."
    )
    generation_timeout_per_slide: float = _setting(
        "GENERATION_TIMEOUT_PER_SLIDE", "360", seconds(0, 3600), "... or this times the slides, if that is longer"
    )
    lost_call_wait: float = _setting(
        "LOST_CALL_WAIT",
        "1500",
        seconds(0, 86400),
        "how long after a lost call the finished deck is looked for before Presenton is asked again",
    )
    max_attempts: int = _setting(
        "MAX_ATTEMPTS", "3", number(int, 1, 20), "how often Presenton is asked for the same presentation"
    )
    drain_timeout: float = _setting(
        "DRAIN_TIMEOUT", "1500", seconds(0, 86400), "how long a stopping worker waits for `sync` generations"
    )
    oidc_issuer: str | None = _setting(
        "OIDC_ISSUER", None, web_url, "issuer of an OpenID Connect provider whose accounts sign people in"
    )
    oidc_client_id: str | None = _setting("OIDC_CLIENT_ID", None, str, "what that provider knows Lectern by")
    oidc_client_secret: str | None = _setting(
        "OIDC_CLIENT_SECRET", None, str, "the secret that goes with it", secret=True
    )
    oidc_name: str = _setting("OIDC_NAME", "your school account", str, "what the button says after `Sign in with`")
    oidc_scope: str = _setting("OIDC_SCOPE", "openid email profile", str, "the scopes that the provider is asked for")
    oidc_user_id_claim: str = _setting(
        "OIDC_USER_ID_CLAIM", "sub", str, "the claim that becomes the `user_id` of an account that is added"
    )
    oidc_admins: tuple[str, str] | None = _setting(
        "OIDC_ADMINS",
        None,
        claim,
        "claim and value that make an admin, such as `groups=lectern-admins`; when set, nobody else is one",
    )
    oidc_trust_email: bool = _setting(
        "OIDC_TRUST_EMAIL", "0", flag, "`1` takes addresses as verified about which the provider does not say"
    )
    oidc_add_accounts: bool = _setting(
        "OIDC_ADD_ACCOUNTS", "0", flag, "`1` adds an account for whoever the provider knows; else one has to be there"
    )
    mcp_user: str | None = _setting(
        "MCP_USER",
        None,
        str,
        "the user as whom calls of the MCP server act that carry no token, when `--user` does not say",
    )
    mcp_token: str | None = _setting(
        "MCP_TOKEN", None, header_value, "bearer token that calls as `MCP_USER` over HTTP must carry", secret=True
    )
    webhook_threads: int = _setting(
        "WEBHOOK_THREADS", "2", number(int, 1, 100), "how many webhooks one worker sends at once"
    )
    webhook_allow_private: bool = _setting(
        "WEBHOOK_ALLOW_PRIVATE",
        "0",
        flag,
        "`1` lets webhooks go to private and loopback addresses: for a school's own network",
    )
    demo_seconds_per_slide: float = _setting(
        "DEMO_SECONDS_PER_SLIDE", "3", seconds(0, 600), "how slowly the demo writes"
    )

    def __post_init__(self) -> None:
        if bool(self.presenton_username) != bool(self.presenton_password):
            one = "PRESENTON_USERNAME" if self.presenton_username else "PRESENTON_PASSWORD"
            raise SettingsError(f"PRESENTON_USERNAME and PRESENTON_PASSWORD: expected both or neither, got only {one}")
        if self.files_s3_endpoint and self.files_folder:
            given = repr(self.files_url) if self.files_url else "not set"
            raise SettingsError(
                f"FILES_URL is {given}: expected a bucket such as s3://lectern/files, since FILES_S3_ENDPOINT is set"
            )
        if not self.files_folder and bool(self.aws_access_key_id) != bool(self.aws_secret_access_key):
            one = "AWS_ACCESS_KEY_ID" if self.aws_access_key_id else "AWS_SECRET_ACCESS_KEY"
            raise SettingsError(
                f"AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: expected both or neither, got only {one}"
            )
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise SettingsError("OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: expected both, since OIDC_ISSUER is set")
        if self.app_env == "production":
            needed = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "SECRET_KEY": self.secret_key}
            for variable, value in needed.items():
                if not value:
                    raise SettingsError(f"{variable} is not set: expected a value, since APP_ENV is 'production'")
            if weak := weakness(str(self.secret_key)):
                raise SettingsError(
                    f"SECRET_KEY {weak}: expected {SHORTEST} or more that nobody can guess, since APP_ENV is "
                    f"'production'. {HOW_TO_MAKE}"
                )
            if not self.allowed_hosts and not ip_address(self.host).is_loopback:
                raise SettingsError(
                    f"ALLOWED_HOSTS is not set: expected the names that the web answers to, since HOST is {self.host!r}"
                )

    @property
    def files_folder(self) -> Path | None:
        """Where files are kept; None when they are kept in S3."""
        if self.files_url and "://" in self.files_url:
            return None
        return Path(self.files_url) if self.files_url else self.var_dir / "files"

    @property
    def max_file_bytes(self) -> int:
        """The largest file that is kept."""
        return self.max_file_mb * 1_000_000

    @property
    def max_upload_bytes(self) -> int:
        """The largest file that a teacher may give to make slides from."""
        return self.max_upload_mb * 1_000_000

    @property
    def upload_quota_bytes(self) -> int:
        """How much of such files is kept of each teacher."""
        return self.upload_quota_mb * 1_000_000

    @property
    def presenton_browser_url(self) -> str:
        """Where browsers reach Presenton; empty when no Presenton is configured."""
        return self.presenton_public_url or self.presenton_url or ""

    @property
    def web_url(self) -> str:
        """Where browsers reach the pages. Names other than this machine's own only work with https."""
        host = f"https://{self.allowed_hosts[0]}" if self.allowed_hosts else f"http://127.0.0.1:{self.port}"
        return self.public_url or f"{host}{self.script_name or ''}"

    def stall_limit(self, n_slides: int) -> float:
        """Seconds without any change after which a generation counts as forgotten."""
        return max(self.stall_after, self.stall_after_per_slide * n_slides)

    def generation_limit(self, n_slides: int) -> float:
        """Seconds that one generation may take in all."""
        return max(self.generation_timeout, self.generation_timeout_per_slide * n_slides)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's own by default).

    Raises SettingsError, one line that names the variable, its value and what is expected.
    """
    source = os.environ if environ is None else environ
    return Settings(**{f.name: _read(f.metadata, source) for f in fields(Settings)})
