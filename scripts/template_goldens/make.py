"""Writes tests/SglNative.Tokenizers.Tests/Data/templates.json: templates of this project's own and what transformers renders of them:

    python3 scripts/template_goldens/make.py tests/SglNative.Tokenizers.Tests/Data
"""

import copy
import datetime
import json
import pathlib
import sys

import transformers
from transformers.utils import chat_template_utils

from templates import CHAT, EXPRESSIONS, MESSAGES, STATEMENTS, TOOLS, VARIABLES

NOW = datetime.datetime(2024, 7, 26, 12, 5, 9)


class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


chat_template_utils.datetime = Frozen


def render(template, **settings):
    case = {"template": template, **settings}
    arguments = {"messages": MESSAGES, **copy.deepcopy(settings)}
    messages = arguments.pop("messages")
    try:
        rendered, _ = chat_template_utils.render_jinja_template([copy.deepcopy(messages)], chat_template=template, **arguments, **copy.deepcopy(VARIABLES))
        return case | {"rendered": rendered[0]}
    except Exception as e:
        return case | {"error": type(e).__name__, "message": str(e)}


cases = [render(t) for t in STATEMENTS] + [render("{{ " + e + " }}") for e in EXPRESSIONS]
documents = [{"title": "One", "text": "first"}, {"title": "Two", "text": "second"}]
for template in CHAT:
    for add in (False, True):
        cases.append(render(template, add_generation_prompt=add))
    cases.append(render(template, tools=TOOLS, documents=documents))
    for messages in (MESSAGES, MESSAGES[:3], MESSAGES[:4], [{"role": "user", "content": "tail \n"}], [{"role": "assistant", "content": [{"type": "text", "text": "part one"}, {"type": "text", "text": "part two "}]}]):
        cases.append(render(template, messages=messages, continue_final_message=True))

path = pathlib.Path(sys.argv[1], "templates.json")
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
path.write_text('{"library":' + json.dumps(transformers.__version__) + ',"now":"' + NOW.isoformat() + '","messages":' + json.dumps(MESSAGES) + ',"variables":' + json.dumps(VARIABLES)
                + ',"cases":[\n' + lines + "\n]}\n")
print(len(cases), path.stat().st_size, sum("error" in c for c in cases))
