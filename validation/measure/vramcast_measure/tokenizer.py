"""A tokenizer for data that is tokenized already: TRL asks for one."""

from __future__ import annotations

from typing import Any


def tiny_tokenizer() -> Any:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    words = {"<pad>": 0, "<s>": 1, "</s>": 2}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(words, unk_token="</s>")),
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
    )
