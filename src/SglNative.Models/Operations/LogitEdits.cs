using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

/// <summary>
/// A sparse list of changes to logits [R, V], each part a device tensor [E]: penalties, biases and masks in one form.
/// Entry e changes l = logits[Row[e], Token[e]] to (l &gt; 0 ? l / Repetition[e] : l · Repetition[e]) + Bias[e].
/// No (row, token) pair occurs twice.
/// </summary>
/// <param name="Row">int32, row of the logits.</param>
/// <param name="Token">int32, column of the logits.</param>
/// <param name="Repetition">float32, repetition penalty, 1 for none.</param>
/// <param name="Bias">float32, added last; −∞ forbids the token.</param>
public readonly record struct LogitEdits(Tensor Row, Tensor Token, Tensor Repetition, Tensor Bias);
