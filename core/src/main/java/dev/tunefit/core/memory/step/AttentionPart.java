package dev.tunefit.core.memory.step;

import dev.tunefit.core.architecture.Attention;
import dev.tunefit.core.architecture.Rotary;
import dev.tunefit.core.job.LigerKernel;
import dev.tunefit.core.memory.autograd.FusedOps;
import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Pointwise;
import dev.tunefit.core.memory.autograd.Tensor;
import java.util.List;

/**
 * Self-attention with separate or fused projections (transformers LlamaAttention, Phi3Attention and
 * their kin).
 *
 * @param projections query, key, value; or one for all three
 * @param queryNorm null when queries and keys are not normalised
 */
record AttentionPart(
    Attention attention,
    StepSettings settings,
    List<Projection> projections,
    Projection output,
    Norms queryNorm,
    Norms keyNorm)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor[] heads = project(g, x);
    boolean contiguousHeads = rotate(g, heads, shared);
    AttentionCore core = new AttentionCore(attention, settings);
    Tensor attended = core.forward(g, heads, shared, contiguousHeads);
    Tensor result = output.forward(g, attended);
    g.release(attended);
    for (Tensor head : heads) {
      g.release(head);
    }
    return result;
  }

  private Tensor[] project(Graph g, Tensor x) {
    Tensor[] heads;
    if (projections.size() == 1) {
      Tensor fused = projections.get(0).forward(g, x);
      long head = settings.tokens() * attention.headSize();
      heads =
          FusedOps.split(
              g,
              fused,
              head * attention.heads(),
              head * attention.kvHeads(),
              head * attention.kvHeads());
    } else {
      heads = new Tensor[3];
      for (int i = 0; i < 3; i++) {
        heads[i] = projections.get(i).forward(g, x);
      }
    }
    normalise(g, heads, 0, queryNorm);
    normalise(g, heads, 1, keyNorm);
    return heads;
  }

  private void normalise(Graph g, Tensor[] heads, int index, Norms norm) {
    if (norm != null) {
      Tensor normalised = norm.forward(g, heads[index]);
      g.release(heads[index]);
      heads[index] = normalised;
    }
  }

  /** Rotates query and key; true when they come out contiguous by heads instead of by tokens. */
  private boolean rotate(Graph g, Tensor[] heads, SharedInputs shared) {
    Rotary rotary = attention.rotary();
    if (rotary.style() == Rotary.Style.NONE) {
      return false;
    }
    if (settings.liger(LigerKernel.ROPE)) {
      heads[0] = FusedOps.inPlace(g, heads[0]);
      heads[1] = FusedOps.inPlace(g, heads[1]);
      return false;
    }
    Tensor query = rotated(g, heads[0], shared);
    Tensor key = rotated(g, heads[1], shared);
    g.release(heads[0], heads[1]);
    heads[0] = query;
    heads[1] = key;
    return concatenates();
  }

  /** {@code x * cos + rotate_half(x) * sin}. */
  private Tensor rotated(Graph g, Tensor x, SharedInputs shared) {
    Rotary rotary = attention.rotary();
    long passed =
        x.elements() / attention.headSize() * (attention.headSize() - rotary.dimensions());
    Tensor part = passed == 0 ? x.hold() : FusedOps.split(g, x.hold(), x.elements() - passed)[0];
    Tensor straight = Pointwise.mul(g, part, shared.cos(), "rotary products");
    Tensor half = FusedOps.rotateHalf(g, part, "rotated halves");
    Tensor crossed = Pointwise.mul(g, half, shared.sin(), "rotary products");
    g.release(half, part);
    Tensor sum = Pointwise.add(g, straight, crossed, "queries and keys");
    g.release(straight, crossed);
    if (!concatenates()) {
      return sum;
    }
    Tensor whole = FusedOps.concatenate(g, "queries and keys", sum, x, x.elements());
    g.release(sum);
    return whole;
  }

  /** Whether the rotated part is put into a new tensor, together with what is not rotated. */
  private boolean concatenates() {
    return attention.rotary().dimensions() < attention.headSize()
        || settings.code().concatenatesRotary()
        || settings.isLitGpt();
  }
}
