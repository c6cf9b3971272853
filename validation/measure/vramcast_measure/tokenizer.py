"""A tokenizer of a few words: TRL asks for one, and splits texts of them."""

from __future__ import annotations

from typing import Any

END = "</s>"
WORDS = 256
"""Words besides those that mean something; a model has at least as many."""


def tiny_tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {"<pad>": 0, "<s>": 1, END: 2}
    words |= {f"w{number}": number for number in range(len(words), WORDS)}
    split = Tokenizer(models.WordLevel(words, unk_token=END))
    split.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(
        tokenizer_object=split, pad_token="<pad>", bos_token="<s>", eos_token=END
    )


def words(count: int, seed: int) -> str:
    """A text of so many tokens."""
    return " ".join(f"w{3 + (seed * 31 + place * 7) % (WORDS - 3)}" for place in range(count))


def answer(count: int, seed: int) -> str:
    """What follows a prompt: so many tokens, the last of them the end."""
    return f" {words(count - 1, seed)} {END}" if count > 1 else f" {END}"
