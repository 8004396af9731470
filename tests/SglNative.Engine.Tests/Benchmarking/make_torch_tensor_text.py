#!/usr/bin/env python3
"""Makes torch-tensor-text.json: float32 matrices as bit patterns, and how PyTorch prints them.

    python3 tests/SglNative.Engine.Tests/Benchmarking/make_torch_tensor_text.py
"""

import json
import struct
from pathlib import Path

import torch

torch.manual_seed(0)
cases = []


def add(tensor: torch.Tensor, name: str) -> None:
    tensor = tensor.float()
    rows = [[struct.unpack("<I", struct.pack("<f", value))[0] for value in row] for row in tensor.tolist()]
    cases.append({"name": name, "rows": rows, "text": str(tensor)})


add(torch.randn(3,5)*10,"small")
add((torch.randn(3,400)*10),"wide")
add((torch.randn(3,400)*10).bfloat16(),"wide_bf16_ties")
add((torch.randn(3,400)).half(),"half")
add(torch.randn(1,1200)*3,"one_row")
add(torch.randn(1,7)*3,"one_short")
add(torch.randn(2,20),"wraps")
add(torch.randn(9,200)*1e-3,"many_rows_small")
add(torch.randn(3,400)*1e5,"large_sci")
add(torch.tensor([[1.,2.,3.],[4.,500.,-6.]]),"ints")
add(torch.tensor([[1.,2.,3.],[4.,50000.,-6.]]),"ints_sci")
add(torch.tensor([[1.,2.,3e9]]),"ints_large")
add(torch.tensor([[0.,0.,0.]]),"zeros")
add(torch.tensor([[0.,1.5,float('inf'),float('nan'),-float('inf')]]),"inf")
add(torch.tensor([[float('nan'),float('inf')]]),"only_inf")
add(torch.tensor([[1.,float('inf'),float('nan')]]),"int_inf")
add(torch.tensor([[1.03125, 1.09375e-5, 3.0]]),"sci_tie")
add(torch.tensor([[-0.00001, 2.5, 1e4, 99999.5, 0.]]),"sci_mixed")
add(torch.tensor([[0.03125,0.09375,-0.03125, -0.0]]),"ties")
add(torch.randn(3,334),"just_over")
add(torch.randn(2,500),"exactly_1000")
add(torch.randn(8,126)*100,"rows8")
add(torch.randn(4,13)*1000,"w13")
(Path(__file__).parent / "torch-tensor-text.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
