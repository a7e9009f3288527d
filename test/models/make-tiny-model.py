"""Writes a tiny Llama model with random weights as GGUF: python make-tiny-model.py FILE

One token per byte, so every prompt can be tokenised. The text it writes is random, but never ends by itself
(the caller's limit, stop sequence or grammar ends it) and stays in printable ASCII plus a few multi-byte letters.
"""

import sys

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, FEED_FORWARD, CONTEXT = 2, 64, 4, 128, 32768
CONTROL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
# Each one token: random text soon opens a tool call where the grammar allows one, and a closed one ends the answer.
OPEN, CLOSE = "<tool_call>", "</tool_call>"
WORDS = ["é", "ü", "你", "好", "🙂", "th"]
# From its <tool_call> markers llama.cpp derives the grammar that forces a tool call.
TEMPLATE = """
{%- if tools %}<|im_start|>system
Tools:
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
Call one as <tool_call>{"name": "its name", "arguments": {}}</tool_call><|im_end|>
{% endif %}
{%- for message in messages %}<|im_start|>{{ message.role }}
{{ message.content or '' }}
{%- for call in message.tool_calls or [] %}
<tool_call>{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}</tool_call>
{%- endfor %}<|im_end|>
{% endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""


def printable_name_of_each_byte():
    """The GPT-2 convention: a byte that is not printable is named by a letter from U+0100 on."""
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return {byte: chr(byte if byte in shown else next(hidden)) for byte in range(256)}


def main(path):
    names = printable_name_of_each_byte()
    spell = lambda text: "".join(names[byte] for byte in text.encode())
    tokens = [names[byte] for byte in range(256)] + [spell(word) for word in WORDS] + [OPEN, CLOSE] + CONTROL
    opening, closing, first_control, end = (tokens.index(name) for name in (OPEN, CLOSE, CONTROL[0], "<|im_end|>"))
    types = [gguf.TokenType.NORMAL] * opening + [gguf.TokenType.USER_DEFINED] * 2 + [gguf.TokenType.CONTROL] * len(CONTROL)

    out = gguf.GGUFWriter(path, "llama")
    out.add_name("tiny random model")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(FEED_FORWARD)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(len(tokens))
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("default")
    out.add_token_list(tokens)
    out.add_token_types(types)
    out.add_token_merges(["t h"])
    out.add_bos_token_id(len(tokens) - 1)
    out.add_eos_token_id(end)
    out.add_add_bos_token(False)
    out.add_chat_template(TEMPLATE)

    random = np.random.default_rng(7)
    weights = lambda rows, columns, spread=0.3: random.normal(0, spread, (rows, columns)).astype(np.float32)
    embedding, output = weights(len(tokens), WIDTH, 1), weights(len(tokens), WIDTH)
    # No layer changes columns 0 and 1. Column 0 is the same for every token, so it works as a bias of the output
    # layer: text is likely, the rest is not. Column 1 says that the token before closed a tool call.
    embedding[:, 0], embedding[:, 1], output[:, 1] = 4, 0, 0
    output[:, 0] = [1 if 32 <= index < 127 or 256 <= index < opening else -40 for index in range(len(tokens))]
    output[opening, 0], output[closing, 0] = 2, -20
    # Where the grammar leaves a choice, closing the call is likelier than spelling it out or adding another one.
    output[ord("<"), 0] = output[ord(","), 0] = -60
    embedding[closing, 1], output[end, 1] = 30, 20
    ones = np.ones(WIDTH, dtype=np.float32)
    out.add_tensor("token_embd.weight", embedding)
    out.add_tensor("output_norm.weight", ones)
    out.add_tensor("output.weight", output)
    for layer in range(LAYERS):
        out.add_tensor(f"blk.{layer}.attn_norm.weight", ones)
        out.add_tensor(f"blk.{layer}.ffn_norm.weight", ones)
        for name in ("attn_q", "attn_k", "attn_v"):
            out.add_tensor(f"blk.{layer}.{name}.weight", weights(WIDTH, WIDTH))
        attention, down = weights(WIDTH, WIDTH), weights(WIDTH, FEED_FORWARD)
        attention[:2] = down[:2] = 0
        out.add_tensor(f"blk.{layer}.attn_output.weight", attention)
        out.add_tensor(f"blk.{layer}.ffn_down.weight", down)
        out.add_tensor(f"blk.{layer}.ffn_gate.weight", weights(FEED_FORWARD, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_up.weight", weights(FEED_FORWARD, WIDTH))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


main(sys.argv[1])
