"""Requests that are too large, and what port scanners and worms send to any open port."""

_HOST = b"Host: 127.0.0.1\r\n"
_MEGABYTE = 1 << 20


def _get(target=b"/", headers=b""):
    return b"GET " + target + b" HTTP/1.1\r\n" + _HOST + headers + b"\r\n"


def _post(target, body, headers=b""):
    length = b"Content-Length: %d\r\n" % len(body)
    return b"POST " + target + b" HTTP/1.1\r\n" + _HOST + length + headers + b"\r\n" + body


OVERSIZED = (
    ("a request line of 64 KB", _get(b"/" + b"a" * 65536)),
    ("a request line of 1 MB without an end", b"GET /" + b"a" * _MEGABYTE),
    ("a method of 64 KB", b"A" * 65536 + b" / HTTP/1.1\r\n\r\n"),
    ("a header line of 64 KB", _get(headers=b"X: " + b"b" * 65536 + b"\r\n")),
    ("a header name of 64 KB", _get(headers=b"b" * 65536 + b": 1\r\n")),
    ("10,000 headers", _get(headers=b"X: y\r\n" * 10000)),
    ("1 MB of empty lines", b"\r\n" * (_MEGABYTE // 2)),
    ("1 MB of cookies", _get(headers=(b"Cookie: session=" + b"0" * 1000 + b"\r\n") * 1000)),
    ("1 MB of query", _get(b"/api/history?since=" + b"1" * _MEGABYTE)),
    ("a login of 1 MB", _post(b"/api/login", b'{"password": "' + b"p" * _MEGABYTE + b'"}')),
    (
        "a body announced as 8 EB",
        b"POST /api/login HTTP/1.1\r\n" + _HOST + b"Content-Length: 9223372036854775807\r\n\r\n{}",
    ),
    (
        "a length of 5,000 digits",
        b"POST /api/login HTTP/1.1\r\n" + _HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    ),
    (
        "a chunk announced as 4 GB",
        b"POST /api/login HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
    ),
    (
        "a chunk size of 5,000 digits",
        b"POST /api/login HTTP/1.1\r\n"
        + _HOST
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"0" * 5000
        + b"\r\n",
    ),
    (
        "1 MB in chunks of one byte",
        b"POST /api/login HTTP/1.1\r\n"
        + _HOST
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"1\r\nx\r\n" * (_MEGABYTE // 6),
    ),
    ("JSON nested 5,000 deep", _post(b"/api/login", b"[" * 5000)),
    (
        "2,000 ranges",
        _get(b"/api/files/2026-11-24.csv", b"Range: bytes=" + b"0-1," * 300 + b"5-\r\n"),
    ),
    ("a password of 1,000 bytes", _get(headers=b"Authorization: Basic " + b"QUFB" * 333 + b"\r\n")),
)

# After nmap's service probes, and what web servers on the Internet find in their logs.
SCANNER = (
    ("nothing but line ends", b"\r\n\r\n"),
    ("a generic line", b"HELP\r\n"),
    ("HTTP/0.9", b"GET /\r\n"),
    ("HTTP options", b"OPTIONS / HTTP/1.0\r\n\r\n"),
    ("RTSP options", b"OPTIONS / RTSP/1.0\r\n\r\n"),
    ("SIP options", b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm\r\n\r\n"),
    ("four oh four", b"GET /nice%20ports%2C/Tri%6Eity.txt%2ebak HTTP/1.0\r\n\r\n"),
    ("TLS client hello", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + bytes(range(154))),
    ("SSL 2 client hello", b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + bytes(35)),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)),
    ("SSH", b"SSH-2.0-scan\r\n"),
    ("RDP", b"\x03\x00\x00\x0b\x06\xe0\x00\x00\x00\x00\x00"),
    ("RDP with a cookie", b"\x03\x00\x00*%\xe0\x00\x00\x00\x00\x00Cookie: mstshash=nmap\r\n\x01\0"),
    ("SMB negotiation", b"\x00\x00\x00\xa4\xffSMB\x72\x00\x00\x00\x00\x08\x01\x40" + bytes(150)),
    (
        "DNS over TCP",
        b"\x00\x1e\x00\x06\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07version\x04bind\0",
    ),
    ("RPC", b"\x80\x00\x00\x28\x72\xfe\x1d\x13" + bytes(36)),
    ("LDAP search", b"0\x0c\x02\x01\x01`\x07\x02\x01\x02\x04\x00\x80\x00"),
    ("Kerberos", b"\x00\x00\x00\x71\x6a\x81\x6e\x30\x81\x6b\xa1\x03\x02\x01\x05" + bytes(98)),
    ("X11", b"\x6c\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
    ("SOCKS 5", b"\x05\x04\x00\x01\x02\x80\x05\x01\x00\x03\x0agoogle.com\x00\x50"),
    ("MQTT", b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x1e\x00\x03abc"),
    ("Redis", b"*1\r\n$4\r\nINFO\r\n"),
    ("a proxy request", b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"),
    ("an open proxy", b"GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n"),
    ("TRACE", b"TRACE / HTTP/1.1\r\n" + _HOST + b"\r\n"),
    ("DEBUG", b"DEBUG / HTTP/1.1\r\n" + _HOST + b"Command: stop-debug\r\n\r\n"),
    ("PROPFIND", b"PROPFIND / HTTP/1.1\r\n" + _HOST + b"Depth: 0\r\n\r\n"),
    ("a path that climbs", _get(b"/../../../../etc/passwd")),
    ("one that climbs in disguise", _get(b"/..%2f..%2fsettings.toml")),
    ("with other slashes", _get(b"/..%5c..%5csettings.toml")),
    ("overlong UTF-8", _get(b"/%c0%ae%c0%ae/settings.toml")),
    ("a zero byte", _get(b"/settings.toml%00.html")),
    ("the settings", _get(b"/settings.toml")),
    ("a repository", _get(b"/.git/config")),
    ("an environment", _get(b"/.env")),
    ("PHP", _get(b"/index.php?s=/Index/\\think\\app/invokefunction")),
    ("WordPress", _get(b"/wp-login.php")),
    ("a router", _post(b"/cgi-bin/luci/;stok=/locale", b"operation=write&country=$(id)")),
    ("Log4j", _get(headers=b"User-Agent: ${jndi:ldap://127.0.0.1/a}\r\n")),
    ("Shellshock", _get(headers=b"User-Agent: () { :; }; /bin/id\r\n")),
    ("a foreign host", b"GET /api/status HTTP/1.1\r\nHost: example.org\r\n\r\n"),
    (
        "smuggling",
        _post(b"/", b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n", b"Transfer-Encoding: chunked\r\n"),
    ),
    ("random bytes", bytes((number * 167 + 13) & 255 for number in range(3000))),
    ("zero bytes", bytes(3000)),
)
