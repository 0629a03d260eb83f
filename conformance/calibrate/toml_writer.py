"""Writes the few TOML shapes that `models/` uses. Knows nothing of what the numbers mean."""


def number(value):
    """Four significant digits; whole from 1,000 up, so that a byte rate is not a riddle."""
    if value == 0:
        return "0.0"
    if abs(value) >= 1000:
        digits = len(str(int(abs(value)))) - 4
        return f"{round(value / 10**digits) * 10**digits:_}.0"
    text = f"{value:.4g}"
    if "e" in text:
        text = f"{value:.10f}".rstrip("0")
    return text if "." in text else text + ".0"


def value(item):
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int):
        return f"{item:_}" if abs(item) >= 10_000 else str(item)
    if isinstance(item, float):
        return number(item)
    if isinstance(item, str):
        escaped = item.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(item, list):
        return "[" + ", ".join(value(one) for one in item) + "]"
    return "{ " + ", ".join(f"{key(name)} = {value(one)}" for name, one in item.items()) + " }"


def key(name):
    return name if name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'


def document(comment, top, tables=(), arrays=()):
    """`tables`: [(name, dict)], `arrays`: [(name, [dicts])] for [[name]]."""
    lines = [f"# {line}" for line in comment] + pairs(top)
    for name, rows in arrays:
        for row in rows:
            lines += ["", f"[[{name}]]", *pairs(row)]
    for name, row in tables:
        lines += ["", f"[{name}]", *pairs(row)]
    return "\n".join(lines) + "\n"


def pairs(row):
    return [f"{key(name)} = {value(item)}" for name, item in row.items()]
