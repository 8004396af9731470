"""The Llama architecture in PyTorch, as small as the demo model needs it: training, and generation with a cache."""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """The numbers of config.json, under its names."""

    vocab_size: int = 2048
    hidden_size: int = 192
    intermediate_size: int = 512
    num_hidden_layers: int = 6
    num_attention_heads: int = 6
    num_key_value_heads: int = 2
    head_dim: int = 32
    max_position_embeddings: int = 1024
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    def config(self) -> dict[str, object]:
        """config.json without the token ids."""
        return {"architectures": ["LlamaForCausalLM"], "model_type": "llama", **asdict(self), "hidden_act": "silu", "attention_bias": False,
                "mlp_bias": False, "tie_word_embeddings": True, "rope_scaling": None, "initializer_range": 0.02, "torch_dtype": "bfloat16", "use_cache": True}


class RmsNorm(nn.Module):
    def __init__(self, size: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)).to(x.dtype) * self.weight


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = s.num_attention_heads, s.num_key_value_heads, s.head_dim
        self.q_proj = nn.Linear(s.hidden_size, self.heads * s.head_dim, bias=False)
        self.k_proj = nn.Linear(s.hidden_size, self.kv_heads * s.head_dim, bias=False)
        self.v_proj = nn.Linear(s.hidden_size, self.kv_heads * s.head_dim, bias=False)
        self.o_proj = nn.Linear(self.heads * s.head_dim, s.hidden_size, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, cache: list[Tensor] | None, positions: Tensor | None) -> Tensor:
        rows, length, _ = x.shape
        q, k, v = (proj(x).view(rows, length, -1, self.head_dim).transpose(1, 2) for proj in (self.q_proj, self.k_proj, self.v_proj))
        q, k = _rotate(q, cos, sin).to(v.dtype), _rotate(k, cos, sin).to(v.dtype)
        if cache is None:
            out = F.scaled_dot_product_attention(q, *self._repeat(k, v), is_causal=True)
        else:
            at = positions[:, None, :, None].expand(-1, self.kv_heads, -1, self.head_dim)
            k, v = cache[0].scatter_(2, at, k), cache[1].scatter_(2, at, v)
            visible = torch.arange(k.shape[2], device=x.device) <= positions[:, None, :, None]
            out = F.scaled_dot_product_attention(q, *self._repeat(k, v), attn_mask=visible)
        return self.o_proj(out.transpose(1, 2).reshape(rows, length, -1))

    def _repeat(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        times = self.heads // self.kv_heads
        return k.repeat_interleave(times, dim=1), v.repeat_interleave(times, dim=1)


class Mlp(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.up_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.down_proj = nn.Linear(s.intermediate_size, s.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = RmsNorm(s.hidden_size, s.rms_norm_eps), RmsNorm(s.hidden_size, s.rms_norm_eps)
        self.self_attn, self.mlp = Attention(s), Mlp(s)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, cache: list[Tensor] | None, positions: Tensor | None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, cache, positions)
        return x + self.mlp(self.post_attention_layernorm(x))


class Llama(nn.Module):
    """Parameters carry the names of a published checkpoint when `model.` is put before them."""

    def __init__(self, s: Shape):
        super().__init__()
        self.shape = s
        self.embed_tokens = nn.Embedding(s.vocab_size, s.hidden_size)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.num_hidden_layers))
        self.norm = RmsNorm(s.hidden_size, s.rms_norm_eps)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                scale = 1 / math.sqrt(2 * s.num_hidden_layers) if name.endswith(("o_proj.weight", "down_proj.weight")) else 1.0
                nn.init.normal_(weight, std=0.04 * scale)
        angle = torch.outer(torch.arange(s.max_position_embeddings).float(), s.rope_theta ** (-torch.arange(0, s.head_dim, 2).float() / s.head_dim))
        self.register_buffer("cos", torch.cat((angle.cos(), angle.cos()), -1), persistent=False)
        self.register_buffer("sin", torch.cat((angle.sin(), angle.sin()), -1), persistent=False)

    def forward(self, ids: Tensor, caches: list[list[Tensor]] | None = None, positions: Tensor | None = None) -> Tensor:
        """Final hidden states [rows, length, hidden] of token ids [rows, length]."""
        x = self.embed_tokens(ids)
        if positions is None:
            cos, sin = self.cos[:ids.shape[1]], self.sin[:ids.shape[1]]
        else:
            cos, sin = self.cos[positions].unsqueeze(1), self.sin[positions].unsqueeze(1)
        for i, layer in enumerate(self.layers):
            x = layer(x, cos, sin, caches[i] if caches else None, positions)
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embed_tokens.weight).float()

    @torch.no_grad()
    def generate(self, prompts: list[list[int]], new_tokens: int, stops: set[int], temperature: float = 0.0, seed: int = 0) -> list[list[int]]:
        """Continues every prompt until a stop token (kept as the last one) or `new_tokens`; temperature 0 is greedy."""
        device = self.norm.weight.device
        generator = torch.Generator(device).manual_seed(seed)
        prompts = [p[1 - self.shape.max_position_embeddings:] for p in prompts]
        lengths = torch.tensor([len(p) for p in prompts], device=device)
        limit = min(int(lengths.max()) + new_tokens, self.shape.max_position_embeddings)
        rows, width = len(prompts), int(lengths.max())
        ids = torch.zeros(rows, width, dtype=torch.long, device=device)
        for i, prompt in enumerate(prompts):
            ids[i, :len(prompt)] = torch.tensor(prompt, device=device)
        s = self.shape
        caches = [[torch.zeros(rows, s.num_key_value_heads, limit, s.head_dim, device=device) for _ in range(2)] for _ in self.layers]
        # The keys that padding writes lie beyond each row's length and are overwritten before a later position can see them.
        positions = torch.arange(width, device=device).expand(rows, -1)
        hidden = self(ids, caches, positions)[torch.arange(rows, device=device), lengths - 1]
        out: list[list[int]] = [[] for _ in prompts]
        done = [False] * rows
        at = lengths.clone()
        for _ in range(new_tokens):
            logits = self.logits(hidden)
            if temperature > 0:
                token = torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=generator)[:, 0]
            else:
                token = logits.argmax(-1)
            for i, value in enumerate(token.tolist()):
                if not done[i]:
                    out[i].append(value)
                    done[i] = value in stops or int(at[i]) + 1 >= limit
            if all(done):
                break
            hidden = self(token[:, None], caches, at.clamp(max=limit - 1)[:, None])[:, 0]
            at += 1
        return out
