"""A style: who the model is told to be, the lines that are said when no model speaks, and a voice per language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from voyaltis_flow.script.models.base import NO_META, NO_TEXT, Id, Meta, NoBoolean, Node, Text, doc


class Voice(Node):
    """A text-to-speech voice in one language."""

    id: Annotated[str, doc("The vendor's id of the voice.", "XB0fDUnXU5powFXDhCwa")]
    settings: Annotated[
        Mapping[str, Any],
        doc("Settings of the voice, which go to the vendor as they are.", {"stability": 0.45, "speed": 1.05}),
    ] = {}


class Lines(Node):
    """What the style says where no model speaks. Templates; each may have variants, by language.

    Beside the variables of every template they see `items`, `mention`, `choices`, `product` and `question` (see
    `script.templates`), each where the engine has one to give.
    """

    acknowledge: Annotated[
        Text,
        doc(
            "Something was recorded: `{{ items }}` are said back.",
            {"fr": ["Ok, {{ items }}."], "en": ["Okay, {{ items }}."]},
        ),
    ]
    bridge: Annotated[
        Text, doc("Before the next question, where nothing was recorded.", {"fr": "D'accord.", "en": "Okay."})
    ] = NO_TEXT
    did_not_hear: Annotated[
        Text, doc("Nothing could be understood.", {"fr": "Tu peux répéter ?", "en": "Say that again?"})
    ]
    still_there: Annotated[Text, doc("Silence.", {"fr": "Tu es toujours là ?", "en": "Are you still there?"})]
    which: Annotated[
        Text,
        doc(
            "`{{ mention }}` fits several products, the `{{ choices }}`.",
            {"fr": "{{ mention }}, c'est lequel : {{ choices }} ?", "en": "{{ mention }}, which one: {{ choices }}?"},
        ),
    ]
    how_many: Annotated[
        Text,
        doc(
            "`{{ product }}` was named without a number.",
            {"fr": "{{ product }}, combien ?", "en": "{{ product }}, how many?"},
        ),
    ]
    confirm: Annotated[
        Text,
        doc(
            "`{{ product }}` or `{{ items }}` were probably understood, not certainly.",
            {"fr": "{{ product or items }}, c'est ça ?", "en": "{{ product or items }}, right?"},
        ),
    ]
    unknown_product: Annotated[
        Text,
        doc(
            "A product is not in the catalog.",
            {"fr": "Pas au catalogue, je le note à part.", "en": "Not in the catalog, I'll note it apart."},
        ),
    ] = NO_TEXT
    dont_know: Annotated[
        Text, doc("The rep doesn't know, or wants to skip it.", {"fr": "Pas de souci.", "en": "No worries."})
    ] = NO_TEXT
    off_topic: Annotated[
        Text,
        doc("The rep asks or tells something else.", {"fr": "Revenons à ta journée.", "en": "Back to your day."}),
    ]
    repeat: Annotated[
        Text,
        doc(
            "The rep did not hear the `{{ question }}`.",
            {"fr": "Je répète. {{ question }}", "en": "Again. {{ question }}"},
        ),
    ]
    recap: Annotated[
        Text,
        doc(
            "Before the closing, where the flow says `recap: spoken`: the `{{ items }}` that were noted.",
            {"fr": "Je relis : {{ items }}.", "en": "So: {{ items }}."},
        ),
    ]
    resumed: Annotated[
        Text, doc("After a cut.", {"fr": "On a été coupés, on reprend.", "en": "We got cut off, let's go on."})
    ]
    closing: Annotated[
        Text,
        doc("The end, where the flow has no closing.", {"fr": "Merci, c'est noté.", "en": "Thanks, noted."}),
    ]
    goodbye: Annotated[
        Text,
        doc(
            "The end in place of any closing, where the rep stopped or something stays open.",
            {"fr": "On s'arrête là, merci.", "en": "Let's leave it there, thanks."},
        ),
    ] = NO_TEXT


class Style(Node):
    """How the agent speaks: a prompt for the model, the lines used when no model speaks, and a voice per language."""

    version: Annotated[Literal[1], NoBoolean, doc("The format of this file.", 1)]
    style: Annotated[Id, doc("The style's id: letters, digits, `_`, `-` and `.`.", "friendly_colleague")]
    title: Annotated[Text | None, doc("A name for people.", {"fr": "Collègue sympa", "en": "Friendly colleague"})] = (
        None
    )
    prompt: Annotated[
        Text,
        doc(
            "Tells the model who it is, and how it talks.",
            {"fr": "Tu es un collègue sympa. Phrases courtes.", "en": "You are a friendly colleague. Short sentences."},
        ),
    ]
    lines: Annotated[
        Lines,
        doc(
            "What is said where no model speaks.",
            {"still_there": {"fr": "Tu es toujours là ?", "en": "Are you still there?"}},
        ),
    ]
    voice: Annotated[
        Mapping[str, Voice],
        doc("The voice, for each language.", {"fr": {"id": "XB0fDUnXU5powFXDhCwa"}}),
    ] = {}
    acknowledge: Annotated[
        Literal["instant", "model"],
        doc("`instant`: what was understood is said back at once; `model`: the model does it.", "instant"),
    ] = "instant"
    meta: Meta = NO_META
