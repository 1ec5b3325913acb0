"""No god files, no god functions. A ratchet: there is no list of exceptions, so none can grow."""

from tests.tidy import source

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70


def test_no_file_is_too_long():
    found = []
    for path in source.files(".py", ".html", ".css", ".js"):
        lines = path.read_text().count("\n")
        if lines > FILE_LINES_MAX and "migrations" not in path.parts:
            found.append(f"{source.name(path)}: {lines} lines, at most {FILE_LINES_MAX}")
    assert not found, "\n" + "\n".join(found)


def test_no_function_is_too_long():
    found = []
    for path in (*source.python(), *source.python("tests")):
        for function in source.functions(path):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                found.append(f"{source.name(path)}:{function.lineno}: {function.name} has {lines} lines")
    assert not found, "\n" + "\n".join(found)
