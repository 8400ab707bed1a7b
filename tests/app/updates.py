"""Deploys to a simulated board as deploy.py --wifi does, a request at a time."""

import base64
import hashlib

from .client import PASSWORD, Client, basic


def digest(content):
    """The value of Content-Digest."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def fingerprint(files):
    """The fingerprint that POST /api/deploy expects of {path: content, None to delete it}."""
    found = bytes(32)
    for path, content in files.items():
        hashed = "-" if content is None else hashlib.sha256(content).hexdigest()
        line = hashlib.sha256(f"{hashed} /{path}".encode()).digest()
        found = bytes(a ^ b for a, b in zip(found, line, strict=True))
    return found.hex()


def put(board, path, content, **headers):
    fields = {"Authorization": basic(), "Content-Digest": digest(content), **headers}
    return Client(board)("PUT", "/api/deploy/" + path, content, headers=fields, timeout=60)


def delete(board, path):
    return Client(board, Authorization=basic())("DELETE", "/api/deploy/" + path)


def commit(board, files, password=PASSWORD):
    client = Client(board, Authorization=basic(password))
    return client("POST", "/api/deploy", {"fingerprint": fingerprint(files)}, timeout=60)


def stage(board, files):
    for path, content in files.items():
        answer = delete(board, path) if content is None else put(board, path, content)
        assert answer.status == 200, answer


def deploy(board, files):
    """Stages and commits {path: content, None to delete it}; returns the answer."""
    stage(board, files)
    answer = commit(board, files)
    assert answer.status == 202, answer
    return answer.json
