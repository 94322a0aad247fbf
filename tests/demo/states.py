"""Draws the states of a case as Mermaid for docs/case-states.md, from the table of its acts.

`uv run python -m tests.demo.states`
"""

from collections import defaultdict
from collections.abc import Mapping

from bot.rules.cases import ACTS, FIRST, STATES, SYSTEM, Act, State
from tests.demo.playing import ROOT

PAGE = ROOT / "docs" / "case-states.md"
EVERYWHERE = 5  # an act possible in more states than this is told in words, not drawn
HEAD = """# States of a case

Drawn by `uv run python -m tests.demo.states` from the table in `bot/rules/case_table.py`; a test
compares. While a case is open it has exactly one owner and one due date; once ended, neither. Where
nobody sits in the seat that a rule names, the next one holds the case: the office in place of the
member in charge; an answer that no follower can carry waits for the commune's word at once. An end
without a solution (unresolved, no sanction, recommended to the centre) is an answer like any other:
it is told to the commune first, and only its word or its silence ends the case. What was given back
twice between the same two goes up a level by itself (the clock, below).

"""


def drawn(states: Mapping[str, State], acts: Mapping[str, Act], first: Mapping[str, str]) -> str:
    """The whole drawing, with the states' Vietnamese names."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {token}: {state.label}" for token, state in states.items()]
    lines += [f"    [*] --> {state}: {outcome}" for outcome, state in first.items()]
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for act in acts.values():
        if act.to and len(act.frm) <= EVERYWHERE:
            for state in sorted(act.frm):
                ways[state, act.to].append(_name(act))
    lines += [f"    {a} --> {b}: {' / '.join(names)}" for (a, b), names in ways.items()]
    for act in acts.values():
        if act.ending:
            lines.append(f"    told --> {act.ending}: silence or no objection to *{act.label}*")
    lines += [f"    {token} --> [*]" for token, state in states.items() if not state.open]
    lines += ["```", "", "From (nearly) everywhere while it is open:", ""]
    lines += [_told(act, states) for act in acts.values() if len(act.frm) > EVERYWHERE]
    return "\n".join(lines)


def _name(act: Act) -> str:
    by = "clock" if SYSTEM in act.by else ", ".join(sorted(act.by))
    return f"{act.label or act.token} ({by})"


def _told(act: Act, states: Mapping[str, State]) -> str:
    to = f"to *{states[act.to].label}*" if act.to else "the state stays"
    return f"- {_name(act)}: {to}"


if __name__ == "__main__":
    PAGE.write_text(HEAD + drawn(STATES, ACTS, FIRST) + "\n", encoding="utf-8")
