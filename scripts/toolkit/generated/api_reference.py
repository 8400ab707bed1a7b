"""docs/api.md, made from docs/openapi.yaml."""

import json
import re
from pathlib import Path

import yaml

SOURCE = "docs/openapi.yaml"

HEAD = """\
# The JSON API

This page is made from [openapi.yaml](openapi.yaml), which has all schemas too, by `python3 scripts/generate.py`.
"""

_METHODS = ("get", "post", "put", "delete")
_WIDTH = 118


def text(root: Path) -> str:
    """Return the text of docs/api.md for the project at `root`."""
    api = yaml.safe_load((root / SOURCE).read_text(encoding="utf-8"))
    parts = [HEAD, api["info"]["description"]]
    for tag in api["tags"]:
        parts.append(f"## {tag['name']}\n")
        for path, item in api["paths"].items():
            for method in _METHODS:
                operation = item.get(method)
                if operation and tag["name"] in operation["tags"]:
                    parts += _operation(api, path, method, item, operation)
    parts += ["## Refusals\n", *_refusals(api)]
    return "\n".join(parts)


def _operation(api, path, method, item, operation):
    shown = re.sub(r"{(\w+)}", lambda match: match[1].upper(), path)
    parts = [f"### {method.upper()} {shown}\n", operation["summary"] + "\n"]
    if "description" in operation:
        parts.append(operation["description"])
    parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
    explained = [_parameter(parameter) for parameter in parameters if "description" in parameter]
    if explained:
        parts.append("\n".join(explained) + "\n")
    for media in operation.get("requestBody", {}).get("content", {}).values():
        parts.append(f"Takes:\n\n{_block(api, media)}")
    for status, answer in operation["responses"].items():
        if status[0] == "2" and "$ref" not in answer:
            parts += _answer(api, status, answer)
        elif status[0] == "2":
            parts += _answer(api, status, _follow(api, answer))
    return parts


def _parameter(parameter):
    mark = "?" if parameter["in"] == "query" else ""
    return f"- `{mark}{parameter['name']}`: {parameter['description']}"


def _answer(api, status, answer):
    parts = []
    for kind, media in answer.get("content", {}).items():
        block = _block(api, media)
        if block:
            parts.append(f"Answers {status}:\n\n{block}")
        elif kind != "text/plain" or len(answer["content"]) == 1:
            parts.append(f"Answers {status}: `{kind}`. {answer['description']}\n")
    return parts


def _block(api, media):
    example = media.get("example", _follow(api, media["schema"]).get("example"))
    if example is None:
        return ""
    if isinstance(example, str):
        return f"```\n{example.rstrip()}\n```\n"
    return f"```json\n{_json(example)}\n```\n"


def _follow(api, value):
    while "$ref" in value:
        found = api
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        value = found
    return value


def _json(value, indent=" "):
    """JSON with as many entries on a line as fit."""
    text = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(text) <= _WIDTH or not isinstance(value, dict | list):
        return text
    deeper = indent + " "
    if isinstance(value, list):
        entries = [_json(entry, deeper) for entry in value]
    else:
        entries = [f"{json.dumps(key)}: {_json(entry, deeper)}" for key, entry in value.items()]
    lines = [entries[0]]
    for entry in entries[1:]:
        if "\n" in lines[-1] + entry or len(indent + lines[-1] + entry) + 3 > _WIDTH:
            lines[-1] += ","
            lines.append(entry)
        else:
            lines[-1] += ", " + entry
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return opening + f"\n{indent}".join(lines) + closing


def _refusals(api):
    found = {}
    for item in api["paths"].values():
        for operation in item.values():
            for status, answer in (
                operation.get("responses", {}).items() if isinstance(operation, dict) else ()
            ):
                if status[0] in "45" and "$ref" in answer:
                    found[status] = _follow(api, answer)["description"]
    return [f"- {status}: {found[status]}" for status in sorted(found)] + [""]
