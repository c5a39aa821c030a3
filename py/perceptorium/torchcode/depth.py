"""Finds text that is nested too deeply to be parsed in the browser.

CPython compiled to WebAssembly has a small stack, and overflowing it ends the whole page: `ast.parse` of two thousand
minus signs did. So depth is bounded by counting tokens, which needs no recursion, before anything is parsed.
"""

from __future__ import annotations

import io
import keyword
import tokenize

DEEPEST = 80  # a line of a generated program reaches about 25; the browser failed between 1,000 and 2,000
MOST_BRANCHES = 80  # each elif nests in the one before; the browser failed between 180 and 400


_CLOSING = (")", "]", "}")
_STATEMENTS = ("class", "def", "from", "import", "pass", "raise", "return", "try", "while", "with")


def too_deep(text: str) -> int | None:
    """The line (counted from 1) where nesting gets too deep, or None.

    Everything that nests, such as a sign, a bracket, an attribute or `not`, is a token, and what stands after a comma
    does not nest in what stands before it. So the tokens since the last comma, summed over the open brackets, are a
    bound of the depth. The same holds after two operands side by side, which is an error in Python; without this rule
    one bracket that was never closed would make all the rest a deep expression. Text that cannot be split into tokens
    is left for the parser, which stops at the same place.
    """
    open_brackets = [0]
    branches = 0
    operand_before = False
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE:
                open_brackets = [0]
            elif token.string == "," or (operand_before and _begins_operand(token)):
                open_brackets[-1] = 0
            elif token.string in _CLOSING and len(open_brackets) > 1:
                open_brackets.pop()
            else:
                open_brackets[-1] += 1
            if token.string in ("(", "[", "{"):
                open_brackets.append(0)
            branches += token.string == "elif"
            if sum(open_brackets) > DEEPEST or branches > MOST_BRANCHES:
                return token.start[0]
            if token.type not in (tokenize.NL, tokenize.COMMENT):
                operand_before = token.string in _CLOSING or _is_operand(token)
    except (tokenize.TokenError, SyntaxError):
        return None
    return None


def _is_operand(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.NUMBER or (token.type == tokenize.NAME and not keyword.iskeyword(token.string))


def _begins_operand(token: tokenize.TokenInfo) -> bool:
    return _is_operand(token) or token.string in _STATEMENTS
